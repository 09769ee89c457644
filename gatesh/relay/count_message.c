/* SPDX-License-Identifier: BSD-2-Clause */
/* count_message.c - takes the server's messages apart, and finds the numbers in them. */
#include "relay/count_message.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "relay/count_sample.h"

enum { HEAD = COUNT_MESSAGE_HEAD, MESSAGE_MAX = 1 << 30, COLUMNS = 2, LENGTH = 4, PLAN_LINE_MAX = 512 };

size_t count_message_begin(struct strbuf *out, char type)
{
	size_t at = out->len;
	strbuf_putc(out, type);
	strbuf_put(out, "\0\0\0", LENGTH);
	return at;
}

void count_message_end(struct strbuf *out, size_t at)
{
	size_t n = out->len - at - 1;
	for (int i = 0; !out->err && i < LENGTH; i++)
		out->s[at + 1 + (size_t)i] = (char)(n >> (24 - 8 * i));
}

uint32_t count_message_number(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

const char *count_message_column(const struct strbuf *m, unsigned k, size_t *n)
{
	size_t at = HEAD + COLUMNS;
	for (; at + LENGTH <= m->len; k--) {
		uint32_t len = count_message_number(m->s + at);
		at += LENGTH;
		if (len == UINT32_MAX)
			len = 0;
		*n = len < m->len - at ? len : m->len - at;
		if (!k)
			return len ? m->s + at : NULL;
		at += *n;
	}
	return NULL;
}

static void count_message_facts(struct count *c)
{
	size_t n;
	const char *text = count_message_column(&c->message, 0, &n);
	c->plain = text && *text == 't';
	text = count_message_column(&c->message, 1, &n);
	if (text && n + 1 < sizeof c->keys) {
		memcpy(c->keys, text, n);
		strcpy(c->keys + n, "\n");
	}
	text = count_message_column(&c->message, 2, &n);
	c->readable = text && *text == 't';
}

/* A line of a plan.  Two columns further in than "Delete on users  (cost=0.00..1.00 rows=0 width=0)" stands what finds the rows:
 * "->  Seq Scan on users  (cost=0.00..1.00 rows=1000 width=6)", one or, before PostgreSQL 14, one for each partition. */
static void count_message_plan(struct count *c)
{
	char line[PLAN_LINE_MAX];
	size_t n;
	const char *text = count_message_column(&c->message, 0, &n);
	if (!text)
		return;
	n = n < sizeof line ? n : sizeof line - 1;
	memcpy(line, text, n);
	line[n] = '\0';
	const char *modify = strstr(line, "Delete on "), *arrow = strstr(line, "->"), *rows = strstr(line, " rows=");
	modify = modify ? modify : strstr(line, "Update on ");
	if (c->subject.way == EFFECT_COUNT_NONE ? c->has_plan : !c->modifies || !arrow || arrow - line != c->child) {
		c->child = modify && !c->modifies ? modify - line + 2 : c->child;
		c->modifies |= modify != NULL;
		return;
	}
	c->has_plan |= rows != NULL;
	c->planned += rows ? strtoull(rows + strlen(" rows="), NULL, 10) : 0;
}

/* "DELETE 52311"; "MOVE 52306" behind the samples; none where the samples are all that has come. */
static void count_message_tag(struct count *c)
{
	char tag[64] = "";
	size_t n = c->message.len - HEAD;
	memcpy(tag, c->message.s + HEAD, n < sizeof tag ? n : sizeof tag - 1);
	char *number = strchr(tag, ' ');
	bool rest = c->phase == COUNT_RESTS && !strncmp(tag, "MOVE ", 5);
	bool all = c->phase == COUNT_TRIES && (!strncmp(tag, "DELETE ", 7) || !strncmp(tag, "UPDATE ", 7));
	if ((!rest && !all) || !isdigit((unsigned char)number[1]))
		return;
	c->rows = strtoull(number, NULL, 10) + (rest ? COUNT_SAMPLES : 0);
	c->has_rows = true;
}

/* A message is there. */
static void count_message_take(struct count *c, struct strbuf *client)
{
	const struct strbuf *m = &c->message;
	char type = m->s[0];
	if (type == 'A' || type == 'S')
		strbuf_put(client, m->s, m->len);
	else if (type == 'E')
		c->failed = true;
	else if (type == 'D' && c->phase == COUNT_OPENS)
		count_message_facts(c);
	else if (type == 'D' && c->phase == COUNT_PLANS)
		count_message_plan(c);
	else if (type == 'T' && c->phase == COUNT_TRIES)
		count_sample_columns(c);
	else if (type == 'D' && c->phase == COUNT_TRIES)
		count_sample_row(c);
	else if (type == 's' && c->phase == COUNT_TRIES)
		c->suspended = true;
	else if (type == 'C')
		count_message_tag(c);
	else if (type == 'Z' && m->len > HEAD) {
		c->state = m->s[HEAD];
		c->awaits--;
	}
}

/* Keep bytes of the message, as far as there is room, and drop the others.  Returns how many of the `n` belong to it. */
static size_t count_message_keep(struct count *c, const char *bytes, size_t n)
{
	size_t want = c->message.len < HEAD ? HEAD - c->message.len : (size_t)(c->left < n ? c->left : n);
	n = n < want ? n : want;
	if (c->message.len >= HEAD)
		c->left -= n;
	size_t room = COUNT_MESSAGE_MAX - c->message.len;
	strbuf_put(&c->message, bytes, n < room ? n : room);
	return n;
}

long count_heard(struct count *c, const char *bytes, size_t n, struct strbuf *client)
{
	size_t used = 0;
	while (used < n && c->awaits) {
		bool head = c->message.len < HEAD;
		used += count_message_keep(c, bytes + used, n - used);
		if (c->message.err)
			return c->message.err;
		if (head && c->message.len == HEAD) {
			c->left = count_message_number(c->message.s + 1);
			if (c->left < LENGTH || c->left > MESSAGE_MAX)
				return -EPROTO;
			c->left -= LENGTH;
		}
		if (c->message.len >= HEAD && !c->left) {
			count_message_take(c, client);
			c->message.len = 0;
		}
	}
	return (long)used;
}
