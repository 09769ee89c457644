/* SPDX-License-Identifier: BSD-2-Clause */
/* connection_up.c - from the client to the server: what may go, what is judged first, and what goes instead of a refused
 * statement. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "relay/connection.h"
#include "relay/connection_count.h"
#include "relay/own_server.h"

enum { LAST_MS = 500 }; /* for the server's last after a refusal that ends the connection */

/* The server takes no more.  It may still say why. */
static void connection_stop_up(struct connection *c)
{
	flow_close(&c->up);
	flow_free(&c->instead);
	c->cleared = 0;
	c->skip = UINT64_MAX;
	c->drops = c->up.passed = true;
}

/* Send what may go to the server. */
static void connection_flush(struct connection *c)
{
	long sent = flow_pipe_out(&c->up, c->server.source.fd);
	c->relay->moved += sent > 0 ? (uint64_t)sent : 0;
	if (sent >= 0 && !c->up.piped)
		sent = flow_send(&c->instead, c->server.source.fd, c->instead.n);
	if (sent >= 0 && !c->up.piped && !c->instead.n) {
		sent = flow_send(&c->up, c->server.source.fd, c->cleared);
		c->cleared -= sent > 0 ? (size_t)sent : 0;
		c->relay->moved += sent > 0 ? (uint64_t)sent : 0;
	}
	if (sent < 0)
		connection_stop_up(c);
}

static void connection_refuse(struct connection *c, const struct protocol_statement *s, uint64_t n, const char *why)
{
	struct protocol_refusal refusal;
	protocol_refuse(s, why, &refusal);
	size_t have = n < c->up.n ? (size_t)n : c->up.n;
	flow_drop(&c->up, have);
	c->skip = n == UINT64_MAX ? n : n - have;
	c->drops = c->skip > 0;
	connection_count_clear(c);
	if (!refusal.ends) {
		flow_put(&c->instead, refusal.server, refusal.nserver);
		return;
	}
	c->phase = CONNECTION_REFUSED;
	c->skip = UINT64_MAX;
	c->drops = true;
	c->last_words = malloc(refusal.nclient + 1);
	c->nlast_words = c->last_words ? refusal.nclient : 0;
	if (c->last_words)
		memcpy(c->last_words, refusal.client, refusal.nclient);
	shutdown(c->server.source.fd, SHUT_WR);
	c->up.passed = true;
	timer_set(&c->relay->loop, &c->timer, LAST_MS);
}

static void connection_clear(struct connection *c, uint64_t n)
{
	uint64_t rest = c->up.n - c->cleared, have = n < rest ? n : rest;
	c->cleared += (size_t)have;
	c->skip = n == UINT64_MAX ? n : n - have;
	c->drops = false;
}

/* A statement goes to the server. */
static void connection_say(struct connection *c, const struct protocol_found *found)
{
	if (!found->statement.binds)
		created_said(&c->created, &c->protocol, &found->statement);
	connection_count_said(c, &found->statement);
	connection_clear(c, found->n);
}

/* The statement is still at the front of `up`: nothing was received or sent meanwhile. */
static void connection_answered(void *data, bool yes, const char *why)
{
	struct connection *c = data;
	c->question = NULL;
	c->half = false;
	timer_clear(&c->relay->loop, &c->timer);
	struct protocol_found found = c->asked;
	if (yes)
		connection_say(c, &found);
	else
		connection_refuse(c, &found.statement, found.n, *why ? why : "gate: refused");
	connection_run(c);
}

/* Judge a statement at the front of what is not cleared.  Returns false if the connection has to wait: for an answer, or
 * until what is before the statement has gone (then the state is put back). */
static bool connection_judge(struct connection *c, const struct protocol_found *found, const struct protocol *before)
{
	struct said said;
	if (relay_judge_passes_as_before(c->relay, &c->passed, &c->protocol, &found->statement)) {
		connection_say(c, found);
		return true;
	}
	relay_judge_read(c->relay, c->actor, &c->protocol, &found->statement, &said);
	connection_count_put(c, &said.event);
	bool passes = relay_judge_passes(c->relay, &said), own = false;
	if (!passes) /* it is in the log, and a rule may still deny it */
		own = created_is_own(&c->created, &c->protocol, &found->statement) ||
		      own_server_is_all(c->server.source.fd, &c->relay->began, &said.event);
	bool counts = !own && connection_count_is_due(c, found, before, passes);
	if (passes && !counts) {
		relay_judge_note_passed(&c->passed, &c->protocol, &found->statement);
		connection_say(c, found);
		return true;
	}
	connection_flush(c);
	if (c->cleared || c->up.piped || c->instead.n || c->up.passed) {
		if (!c->up.passed)
			c->protocol = *before;
		return false;
	}
	if (counts && connection_count_begin(c, found))
		return false;
	said.event.text_flags |= own ? GATE_TEXT_OWN : 0u;
	c->asked = *found;
	if (c->relay->closing) { /* nobody can be asked any more */
		c->over = c->resets = true;
		return false;
	}
	c->question = relay_judge_ask(c->relay, c->actor, &said, connection_answered, c);
	if (!c->question)
		connection_refuse(c, &found->statement, found->n, "gate: refused: out of memory");
	return false;
}

/* A prepared statement was judged when it was prepared.  What is new are its values, and so its rows. */
static bool connection_bind(struct connection *c, struct protocol_found *found, const struct protocol *before)
{
	struct said said;
	if (prepared_find(&c->prepared, &found->statement)) {
		relay_judge_read(c->relay, c->actor, &c->protocol, &found->statement, &said);
		if (relay_judge_passes(c->relay, &said))
			return connection_judge(c, found, before);
	}
	connection_say(c, found);
	return true;
}

void connection_counted(struct connection *c)
{
	const struct protocol before = c->protocol;
	struct protocol_found found = c->asked;
	connection_judge(c, &found, &before);
}

/* A statement in SQL counts as a whole, as an INSERT of many rows does: unlike a body or a value, its end may matter most. */
static bool connection_may_grow(const struct connection *c)
{
	enum protocol_kind kind = c->protocol.kind;
	return (kind == PROTOCOL_POSTGRESQL || kind == PROTOCOL_MYSQL) && c->up.room < FLOW_GROWN;
}

/* Find out what may go.  Returns false if the rest has to wait. */
static bool connection_parse(struct connection *c)
{
	struct protocol before = c->protocol;
	struct protocol_found found;
	const char *at = flow_start(&c->up) + c->cleared;
	size_t n = c->up.n - c->cleared;
	bool full = c->up.ended || (n == c->up.room && !connection_may_grow(c));
	switch (protocol_parse(&c->protocol, at, n,
			       full      ? PROTOCOL_FULL :
			       c->silent ? PROTOCOL_SILENT :
					   PROTOCOL_EARLY,
			       &found)) {
	case PROTOCOL_PASS: connection_clear(c, found.n); return true;
	case PROTOCOL_JUDGE:
		return found.statement.binds ? connection_bind(c, &found, &before) :
					       connection_judge(c, &found, &before);
	case PROTOCOL_REPLY:
		connection_flush(c);
		if (c->cleared || c->up.piped)
			return false; /* it stays as it is until then */
		flow_put(&c->down, found.reply.at, found.reply.n);
		flow_drop(&c->up, (size_t)found.n);
		return true;
	default: break;
	}
	if (full) /* it will never be a message */
		connection_clear(c, UINT64_MAX);
	else if (n == c->up.room)
		flow_grow(&c->up); /* without memory, the connection stands still until there is some */
	return full;
}

/* Take what needs no look.  Returns false if there is nothing of it now. */
static bool connection_skip(struct connection *c)
{
	size_t rest = c->up.n - c->cleared, k = c->skip < rest ? (size_t)c->skip : rest;
	if (!k || (c->drops && c->cleared))
		return false;
	if (c->drops)
		flow_drop(&c->up, k);
	else
		c->cleared += k;
	c->skip -= c->skip == UINT64_MAX ? 0 : k;
	c->drops &= c->skip > 0;
	return true;
}

void connection_up(struct connection *c)
{
	bool more = true;
	while (more && !c->up.passed) {
		if (c->drops)
			connection_flush(c);
		more = connection_skip(c);
		if (!more && !c->skip && !c->question && !c->count && c->up.n > c->cleared)
			more = connection_parse(c);
	}
	if (c->up.passed) {
		flow_free(&c->up);
		return;
	}
	connection_flush(c);
	if (c->up.ended && !c->up.n && !c->up.piped && !c->instead.n && !c->question && !c->up.passed) {
		shutdown(c->server.source.fd, SHUT_WR);
		c->up.passed = true;
	}
}
