/* SPDX-License-Identifier: BSD-2-Clause */
/* count_sample.c - makes lines of rows: names and the beginnings of values, safe to show. */
#include "relay/count_sample.h"

#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "relay/count_message.h"

enum { HEAD = COUNT_MESSAGE_HEAD, COLUMNS = 2, BEHIND_NAME = 18 /* the column's table, number, type and format */ };

void count_sample_columns(struct count *c)
{
	const struct strbuf *m = &c->message;
	c->columns.len = 0;
	for (size_t at = HEAD + COLUMNS; at < m->len;) {
		const char *name = m->s + at, *end = memchr(name, '\0', m->len - at);
		if (!end)
			return;
		strbuf_put(&c->columns, name, (size_t)(end - name) + 1);
		at += (size_t)(end - name) + 1 + BEHIND_NAME;
	}
}

/* Would a person keep the values of such a column to themselves? */
static bool count_sample_is_secret(const char *column)
{
	static const char *const words[] = {"pass", "secret",  "token",   "hash",   "salt",
					    "cred", "private", "api_key", "apikey", "cookie"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(column, words[i]))
			return true;
	return false;
}

/* A value's beginning, cut between characters. */
static void count_sample_put_value(struct strbuf *out, const char *value, size_t n)
{
	size_t shown = n < COUNT_SAMPLE_VALUE ? n : COUNT_SAMPLE_VALUE;
	while (shown && shown < n && ((unsigned char)value[shown] & 0xc0) == 0x80)
		shown--;
	escape_put(out, value, shown);
	if (shown < n)
		strbuf_puts(out, "…");
}

void count_sample_row(struct count *c)
{
	cleanup_strbuf struct strbuf line = {0};
	const char *name = c->columns.s ? c->columns.s : "", *end = name + c->columns.len;
	for (unsigned k = 0; name < end; k++, name += strlen(name) + 1) {
		size_t n;
		const char *value = count_message_column(&c->message, k, &n);
		if (line.len >= COUNT_SAMPLE_LINE) {
			strbuf_puts(&line, " …");
			break;
		}
		strbuf_puts(&line, k ? " " : "");
		escape_put(&line, name, strlen(name));
		strbuf_putc(&line, '=');
		if (count_sample_is_secret(name))
			strbuf_puts(&line, "(hidden)");
		else
			count_sample_put_value(&line, value ? value : "", value ? n : 0);
	}
	if (line.err || !line.len || c->nsamples == COUNT_SAMPLES)
		return;
	c->nsamples++;
	strbuf_put(&c->samples, line.s, line.len);
	strbuf_putc(&c->samples, '\n');
}
