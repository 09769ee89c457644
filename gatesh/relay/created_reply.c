/* SPDX-License-Identifier: BSD-2-Clause */
/* created_reply.c - what PostgreSQL's and MySQL's servers say about a CREATE: whether it has succeeded, and whether it is
 * committed. */
#include <string.h>

#include "relay/created.h"

enum { PG_HEAD = 5, PG_MESSAGE_MAX = 1 << 30, MYSQL_HEAD = 4, MYSQL_OK = 0 };

static bool created_reply_begins(const struct created_message *m, const char *tag)
{
	return m->n > PG_HEAD + strlen(tag) && !memcmp(m->head + PG_HEAD, tag, strlen(tag));
}

/* A statement has succeeded. */
static void created_reply_complete(struct created *k)
{
	static const char *const undone[] = {"ROLLBACK", "PREPARE TRANSACTION", "DISCARD ALL", "DISCARD TEMP"};
	const struct created_message *m = &k->message;
	k->succeeded |= created_reply_begins(m, "CREATE ") || created_reply_begins(m, "SELECT ");
	for (size_t i = 0; i < sizeof undone / sizeof *undone; i++)
		if (created_reply_begins(m, undone[i]))
			created_list_forget_all(&k->here, "");
}

/* The server waits for the next query: outside a transaction, in one, or in one that has failed. */
static void created_reply_ready(struct created *k, char state)
{
	if (k->wait == CREATED_ADDS && k->succeeded && state != 'E')
		created_list_add(&k->here, k->name, k->temporary);
	k->wait = CREATED_NOTHING;
	k->texts = 0;
	k->state = state;
	k->answered++;
	if (state == 'I')
		created_list_move(&k->here, k->session);
	else if (state == 'E')
		created_list_forget_all(&k->here, "");
}

static void created_reply_message(struct created *k)
{
	const struct created_message *m = &k->message;
	if (m->head[0] == 'C')
		created_reply_complete(k);
	else if (m->head[0] == 'E')
		k->wait = CREATED_NOTHING;
	else if (m->head[0] == 'Z' && m->n > PG_HEAD)
		created_reply_ready(k, (char)m->head[PG_HEAD]);
}

/* Take bytes of the message.  Returns their number. */
static size_t created_reply_take(struct created_message *m, const uint8_t *bytes, size_t n, size_t head)
{
	size_t want = m->n < head ? head - m->n : (size_t)(m->left < n ? m->left : n), room = sizeof m->head - m->n;
	n = n < want ? n : want;
	if (m->n >= head)
		m->left -= n;
	memcpy(m->head + m->n, bytes, n < room ? n : room);
	m->n += n < room ? n : room;
	return n;
}

void created_reply_postgresql(struct created *k, const uint8_t *bytes, size_t n)
{
	struct created_message *m = &k->message;
	while (n && !k->lost) {
		bool head = m->n < PG_HEAD;
		size_t took = created_reply_take(m, bytes, n, PG_HEAD);
		bytes += took;
		n -= took;
		if (head && m->n == PG_HEAD) {
			m->left = (uint64_t)m->head[1] << 24 | (uint64_t)m->head[2] << 16 | (uint64_t)m->head[3] << 8 |
				  m->head[4];
			k->lost = m->left < PG_HEAD - 1 || m->left > PG_MESSAGE_MAX;
			m->left -= PG_HEAD - 1;
		}
		if (m->n >= PG_HEAD && !m->left) {
			created_reply_message(k);
			m->n = 0;
		}
	}
	if (k->lost)
		created_list_forget_all(&k->here, "");
}

/* The first packet of the answer: its number is 1, and it says OK. */
void created_reply_mysql(struct created *k, const uint8_t *bytes, size_t n)
{
	struct created_message *m = &k->message;
	while (n && m->n <= MYSQL_HEAD) {
		m->head[m->n++] = *bytes++;
		n--;
	}
	if (m->n <= MYSQL_HEAD)
		return;
	bool done = m->head[MYSQL_HEAD - 1] == 1 && m->head[MYSQL_HEAD] == MYSQL_OK;
	if (done)
		created_list_add(k->temporary ? &k->here : k->session, k->name, k->temporary);
	k->wait = CREATED_NOTHING;
}
