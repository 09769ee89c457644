/* SPDX-License-Identifier: BSD-2-Clause */
/* field_lines.c - splits a text into its `field: value` lines. */
#include "util/field_lines.h"

#include <ctype.h>
#include <string.h>

#include "base/strbuf.h"

struct field_reader {
	const struct source *src;
	struct diag *d;
	field_lines_fn *each;
	void *data;
};

/* One line without its newline; `text` is NUL-terminated and writable. */
static void field_lines_one(const struct field_reader *r, unsigned line, char *text, size_t len)
{
	const char *nul = memchr(text, '\0', len);
	if (nul) {
		diag_at(r->d, DIAG_ERROR, r->src, line, (unsigned)(nul - text) + 1, "a NUL byte");
		return;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	if (!len || text[0] == '#')
		return;
	size_t name = strcspn(text, ":");
	if (!text[name]) {
		diag_at(r->d, DIAG_ERROR, r->src, line, (unsigned)len + 1, "expected `field: value`");
		return;
	}
	size_t value = name + 1 + strspn(text + name + 1, " \t");
	text[name] = '\0';
	r->each(line, text, text + value, value + 1, r->data);
}

int field_lines_read(const struct source *src, struct diag *d, field_lines_fn *each, void *data)
{
	const struct field_reader r = {.src = src, .d = d, .each = each, .data = data};
	unsigned line = 0;
	for (size_t at = 0; at < src->len;) {
		const char *nl = memchr(src->text + at, '\n', src->len - at);
		size_t len = nl ? (size_t)(nl - src->text) - at : src->len - at;
		cleanup_strbuf struct strbuf text = {0};
		strbuf_put(&text, src->text + at, len);
		strbuf_putc(&text, '\0');
		if (text.err)
			return text.err;
		field_lines_one(&r, ++line, text.s, len);
		at += len + 1;
	}
	return 0;
}

void field_lines_unknown(const struct source *src, struct diag *d, unsigned line, const char *name,
			 const char *const *names)
{
	const char *near = diag_nearest(name, names);
	diag_at(d, DIAG_ERROR, src, line, 1, "unknown field '%s'%s%s%s", name, near ? "; did you mean '" : "",
		near ? near : "", near ? "'?" : "");
}
