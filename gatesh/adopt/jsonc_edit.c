/* SPDX-License-Identifier: BSD-2-Clause */
/* jsonc_edit.c - edits JSON with comments as text.  See jsonc_edit.h. */
#include "adopt/jsonc_edit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How the text is laid out. */
struct layout_style {
	const char *newline;
	char unit[9];  /* one step of indentation */
	size_t unit_n; /* its length */
	bool spaced;   /* a space behind colons and commas */
};

static struct layout_style jsonc_edit_style(struct jsonc t)
{
	struct layout_style st = {.newline = memchr(t.s, '\r', t.len) ? "\r\n" : "\n", .spaced = true};
	char c = ' ';
	for (size_t i = 0; i + 1 < t.len && !st.unit_n; i++) {
		if (t.s[i] != '\n')
			continue;
		c = t.s[i + 1] == '\t' ? '\t' : ' ';
		while (i + 1 + st.unit_n < t.len && st.unit_n + 1 < sizeof st.unit && t.s[i + 1 + st.unit_n] == c)
			st.unit_n++;
	}
	if (!st.unit_n) {
		st.spaced = !memchr(t.s, ':', t.len) || memmem(t.s, t.len, "\": ", 3);
		st.unit_n = 2;
	}
	if (c == '\t')
		st.unit_n = 1;
	memset(st.unit, c, st.unit_n);
	return st;
}

/* Append the white space that the line of `at` begins with. */
static void jsonc_edit_put_indent(struct jsonc t, size_t at, struct strbuf *b)
{
	size_t from = at, n = 0;
	while (from && t.s[from - 1] != '\n')
		from--;
	while (from + n < at && (t.s[from + n] == ' ' || t.s[from + n] == '\t'))
		n++;
	strbuf_put(b, t.s + from, n);
}

/* Append "key": value, on lines of its own behind `indent` (NULL: on one line). */
static void jsonc_edit_put_value(const struct layout_style *st, const char *key, const json_t *value,
				 const char *indent, struct strbuf *b)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | (indent ? JSON_INDENT(1) : st->spaced ? 0 : JSON_COMPACT));
	if (!text)
		b->err = -ENOMEM;
	if (key)
		strbuf_printf(b, "\"%s\":%s", key, st->spaced ? " " : "");
	for (const char *s = text; s && *s;) {
		size_t n = strcspn(s, "\n");
		strbuf_put(b, s, n);
		s += n + (s[n] == '\n');
		if (!*s)
			break;
		strbuf_puts(b, st->newline);
		strbuf_puts(b, indent ? indent : "");
		for (; *s == ' '; s++)
			strbuf_puts(b, st->unit);
	}
	free(text);
}

/* The container at `value`: its last item, if any, and its bracket. */
static int jsonc_edit_last(struct jsonc t, size_t value, struct jsonc_item *last, bool *empty, size_t *close)
{
	struct jsonc_walk w;
	struct jsonc_item item;
	int got = jsonc_enter(&w, t, value);
	*empty = true;
	while (!got && (got = jsonc_next(&w, &item)) > 0) {
		*last = item;
		*empty = false;
		got = 0;
	}
	*close = w.close;
	return got;
}

/* Put an item at the end of the container at `value`. */
static int jsonc_edit_insert(struct jsonc t, size_t value, const char *key, const json_t *v, struct strbuf *out)
{
	struct layout_style st = jsonc_edit_style(t);
	struct jsonc_item last = {0};
	cleanup_strbuf struct strbuf indent = {0};
	size_t close;
	bool empty;
	int err = jsonc_edit_last(t, value, &last, &empty, &close);
	if (err)
		return err;
	bool lines = empty || memchr(t.s + value, '\n', close - value);
	if (lines && !empty && memchr(t.s + value, '\n', last.key - value)) {
		jsonc_edit_put_indent(t, last.key, &indent);
	} else {
		jsonc_edit_put_indent(t, close, &indent);
		strbuf_puts(&indent, st.unit);
	}
	size_t end = empty ? value + 1 : last.comma ? last.comma + 1 : last.value_end;
	size_t tail = jsonc_line_tail(t, end);
	strbuf_put(out, t.s, end);
	if (!empty && !last.comma)
		strbuf_putc(out, ',');
	strbuf_put(out, t.s + end, tail - end);
	strbuf_puts(out, lines ? st.newline : st.spaced ? " " : "");
	strbuf_puts(out, lines && indent.s ? indent.s : "");
	jsonc_edit_put_value(&st, key, v, lines ? indent.s ? indent.s : "" : NULL, out);
	if (last.comma)
		strbuf_putc(out, ',');
	if (empty && !memchr(t.s + tail, '\n', close - tail)) {
		strbuf_puts(out, st.newline);
		jsonc_edit_put_indent(t, close, out);
		tail = jsonc_skip(t, tail) == close ? close : tail;
	}
	strbuf_put(out, t.s + tail, t.len - tail);
	return out->err || indent.err ? -ENOMEM : 0;
}

/* `value` in the objects that are to stand around it: path[0] is the key of the outermost; NULL: none. */
static json_t *jsonc_edit_wrap(const char *const *path, json_t *value)
{
	size_t n = 0;
	while (path[n])
		n++;
	for (; n; n--)
		value = json_pack("{s:o}", path[n - 1], value);
	return value;
}

/* Follow `path` as far as it exists.  *value is the container where it ends; returns how many keys were found, or a
 * negative errno. */
static int jsonc_edit_follow(struct jsonc t, const char *const *path, size_t *value)
{
	struct jsonc_item item;
	size_t bad;
	int n = 0, err = jsonc_root(t, &item, &bad);
	*value = item.value;
	while (!err && path[n]) {
		err = jsonc_member(t, *value, path[n], &item);
		if (err == -ENOENT)
			return n;
		if (!err) {
			*value = item.value;
			n++;
		}
	}
	return err ? err : n;
}

int jsonc_append(struct jsonc t, const char *const *path, json_t *value, struct strbuf *out)
{
	size_t at;
	int n = jsonc_edit_follow(t, path, &at);
	if (n < 0)
		return n;
	if (!path[n])
		return t.s[at] == '[' ? jsonc_edit_insert(t, at, NULL, value, out) : -EINVAL;
	json_t *whole = jsonc_edit_wrap(path + n + 1, json_pack("[O]", value));
	int err = whole ? jsonc_edit_insert(t, at, path[n], whole, out) : -ENOMEM;
	json_decref(whole);
	return err;
}

int jsonc_put(struct jsonc t, const char *const *path, json_t *value, struct strbuf *out)
{
	size_t at;
	int n = jsonc_edit_follow(t, path, &at);
	if (n < 0 || !path[n])
		return n < 0 ? n : -EEXIST;
	json_t *whole = jsonc_edit_wrap(path + n + 1, json_incref(value));
	int err = whole ? jsonc_edit_insert(t, at, path[n], whole, out) : -ENOMEM;
	json_decref(whole);
	return err;
}

/* Is there nothing but white space? */
static bool jsonc_edit_is_blank(struct jsonc t, size_t from, size_t to)
{
	while (from < to && memchr(" \t\r\n", t.s[from], 4))
		from++;
	return from == to;
}

/* Is the rest of the line blank? */
static bool jsonc_edit_ends_line(struct jsonc t, size_t at)
{
	while (at < t.len && (t.s[at] == ' ' || t.s[at] == '\t' || t.s[at] == '\r'))
		at++;
	return at == t.len || t.s[at] == '\n';
}

/* Put the text without the ranges [a, a_end) and [b, b_end). */
static int jsonc_edit_without(struct jsonc t, size_t a, size_t a_end, size_t b, size_t b_end, struct strbuf *out)
{
	strbuf_put(out, t.s, a);
	strbuf_put(out, t.s + a_end, b - a_end);
	strbuf_put(out, t.s + b_end, t.len - b_end);
	return out->err;
}

int jsonc_cut(struct jsonc t, size_t value, size_t index, struct strbuf *out)
{
	struct jsonc_walk w;
	struct jsonc_item item, one = {0}, prev = {0}, next = {0};
	size_t n = 0;
	int got = jsonc_enter(&w, t, value);
	for (; !got && (got = jsonc_next(&w, &item)) > 0; got = 0, n++) {
		if (n == index)
			one = item;
		else if (n == index + 1)
			next = item;
		else if (n + 1 == index)
			prev = item;
	}
	if (got || index >= n)
		return got ? got : -ENOENT;
	size_t end = one.comma ? one.comma + 1 : one.value_end;
	if (n == 1 && jsonc_edit_is_blank(t, value + 1, one.key) && jsonc_edit_is_blank(t, end, w.close))
		return jsonc_edit_without(t, value + 1, w.close, w.close, w.close, out);
	if (!index)
		return jsonc_edit_without(t, one.key, n > 1 ? next.key : end, t.len, t.len, out);
	size_t from = jsonc_line_tail(t, prev.comma + 1);
	bool own_line = memchr(t.s + prev.comma, '\n', one.key - prev.comma);
	if (own_line && !jsonc_edit_ends_line(t, end)) /* what follows may not become part of a comment before it */
		from = one.key;
	if (one.comma)
		return jsonc_edit_without(t, from, end, t.len, t.len, out);
	return jsonc_edit_without(t, prev.comma, prev.comma + 1, from, end, out);
}
