/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_postgresql.c - PostgreSQL's protocol 3, the client's side: "Message Formats" and "Message Flow" of its manual.
 * Statements are the texts of Query and Parse.  TLS passes untouched; Gate refuses GSS encryption in the server's name, as
 * a server without it would. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "relay/protocol.h"

enum {
	STARTUP_MIN = 8,
	STARTUP_MAX = 10000, /* the server's own limit, MAX_STARTUP_PACKET_LENGTH */
	MESSAGE_MAX = 1 << 30,
	HEAD = 5, /* a type and a length, which counts itself */
	MAJOR = 3,
	CANCEL_REQUEST = 80877102,
	SSL_REQUEST = 80877103,
	GSS_REQUEST = 80877104,
	TLS_HANDSHAKE = 0x16,
};

enum { PHASE_STARTUP = 0, PHASE_MESSAGES };

static uint32_t postgresql_number(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool postgresql_is_request(uint32_t code)
{
	return code == CANCEL_REQUEST || code == SSL_REQUEST || code == GSS_REQUEST;
}

int protocol_postgresql_begins(const uint8_t *in, size_t len)
{
	if (in[0] || (len > 1 && in[1]))
		return 0;
	if (len < 4)
		return -1;
	uint32_t n = postgresql_number(in);
	if (n < STARTUP_MIN || n > STARTUP_MAX)
		return 0;
	if (len <= STARTUP_MIN && (len < STARTUP_MIN || n > STARTUP_MIN))
		return -1;
	uint32_t code = postgresql_number(in + 4);
	if (code >> 16 == MAJOR) /* a parameter's name follows; in Kafka's request for metadata, a number */
		return n == STARTUP_MIN || isalpha(in[STARTUP_MIN]) || in[STARTUP_MIN] == '_';
	return postgresql_is_request(code);
}

static void postgresql_copy(char to[PROTOCOL_NAME_MAX], const char *from)
{
	if (strlen(from) < PROTOCOL_NAME_MAX)
		strcpy(to, from);
}

/* The parameters of a startup message are names and values, each with its NUL; an empty name ends them. */
static void postgresql_read_startup(struct protocol *p, const char *at, const char *end)
{
	while (at < end && *at) {
		const char *value = memchr(at, '\0', (size_t)(end - at));
		const char *next = value ? memchr(value + 1, '\0', (size_t)(end - value - 1)) : NULL;
		if (!next)
			return;
		if (!strcmp(at, "user"))
			postgresql_copy(p->user, value + 1);
		else if (!strcmp(at, "database"))
			postgresql_copy(p->database, value + 1);
		p->paths |= strstr(at, "search_path") || strstr(value + 1, "search_path");
		at = next + 1;
	}
	if (!*p->database) /* the server's default */
		postgresql_copy(p->database, p->user);
}

/* A message without a type: it opens the connection, or asks for something else to be spoken on it. */
static enum protocol_step postgresql_startup(struct protocol *p, const uint8_t *in, size_t len,
					     struct protocol_found *found)
{
	if (in[0] == TLS_HANDSHAKE)
		return protocol_foreign(p, found);
	if (len < STARTUP_MIN)
		return PROTOCOL_MORE;
	uint32_t n = postgresql_number(in), code = postgresql_number(in + 4);
	if (n < STARTUP_MIN || n > STARTUP_MAX || (code >> 16 != MAJOR && !postgresql_is_request(code)))
		return protocol_foreign(p, found);
	if (len < n)
		return PROTOCOL_MORE;
	if (code == GSS_REQUEST) {
		found->n = n;
		found->reply = (struct protocol_text){"N", 1};
		return PROTOCOL_REPLY;
	}
	if (code == CANCEL_REQUEST)
		return protocol_foreign(p, found);
	if (code >> 16 == MAJOR) {
		postgresql_read_startup(p, (const char *)in + STARTUP_MIN, (const char *)in + n);
		p->phase = PHASE_MESSAGES;
		p->answers++;
	}
	return protocol_pass(found, n);
}

/* The text up to its NUL, which a message that is cut short may lack. */
static struct protocol_text postgresql_text(const uint8_t *from, const uint8_t *end)
{
	const uint8_t *stop = memchr(from, '\0', (size_t)(end - from));
	return (struct protocol_text){(const char *)from, (size_t)((stop ? stop : end) - from)};
}

/* A Query is a text; a Parse is the name of the prepared statement, and a text. */
static void postgresql_read_statement(const uint8_t *in, size_t n, struct protocol_statement *s)
{
	const uint8_t *at = in + HEAD, *end = in + n;
	s->prepares = in[0] == 'P';
	if (s->prepares) {
		s->name = postgresql_text(at, end);
		at += s->name.n + 1;
		at = at > end ? end : at;
	}
	s->text = postgresql_text(at, end);
	at += s->text.n + 1;
	if (s->prepares && at < end)
		s->types = (struct protocol_text){(const char *)at, (size_t)(end - at)};
}

/* --- a Bind ------------------------------------------------------------------------------------------------------- */

static uint32_t postgresql_short(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

/* The end of a Bind's formats and values, which begin at `at`; NULL if they do not fit. */
static const uint8_t *postgresql_values_end(const uint8_t *at, const uint8_t *end)
{
	enum { NUMBER = 2, LENGTH = 4 };
	if (end - at < NUMBER || (uint32_t)(end - at) < NUMBER * (postgresql_short(at) + 2))
		return NULL;
	at += NUMBER * (postgresql_short(at) + 1);
	uint32_t values = postgresql_short(at);
	for (at += NUMBER; values; values--) {
		if (end - at < LENGTH)
			return NULL;
		uint32_t n = postgresql_number(at);
		at += LENGTH;
		n = n == UINT32_MAX ? 0 : n; /* NULL */
		if (n > (size_t)(end - at))
			return NULL;
		at += n;
	}
	return at;
}

/* The prepared statement, formats and values in a Bind. */
static bool postgresql_read_bind(const uint8_t *in, size_t n, struct protocol_text *name, struct protocol_text *values)
{
	const uint8_t *end = in + n, *at = in + HEAD;
	at += postgresql_text(at, end).n + 1; /* the portal */
	if (at >= end)
		return false;
	*name = postgresql_text(at, end);
	at += name->n + 1;
	const uint8_t *stop = at < end ? postgresql_values_end(at, end) : NULL;
	if (!stop)
		return false;
	*values = (struct protocol_text){(const char *)at, (size_t)(stop - at)};
	return true;
}

static enum protocol_step postgresql_bind(struct protocol *p, const uint8_t *in, size_t len, uint64_t n,
					  struct protocol_found *found)
{
	struct protocol_statement *s = &found->statement;
	if (len < n)
		return PROTOCOL_MORE;
	p->unsynced = true;
	found->n = n;
	s->whole = s->binds = true;
	return postgresql_read_bind(in, (size_t)n, &s->name, &s->values) ? PROTOCOL_JUDGE : PROTOCOL_PASS;
}

enum protocol_step protocol_postgresql(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				       struct protocol_found *found)
{
	if (p->phase == PHASE_STARTUP)
		return postgresql_startup(p, in, len, found);
	if (len < HEAD)
		return PROTOCOL_MORE;
	uint64_t n = 1 + (uint64_t)postgresql_number(in + 1);
	if (n < HEAD || n > MESSAGE_MAX)
		return protocol_foreign(p, found);
	if (in[0] == 'B' && p->binds && n <= PROTOCOL_WINDOW / 2 && (len >= n || lack != PROTOCOL_FULL))
		return postgresql_bind(p, in, len, n, found);
	bool answered = in[0] == 'Q' || in[0] == 'S' || in[0] == 'F'; /* Query, Sync, FunctionCall */
	if (in[0] != 'Q' && in[0] != 'P') {
		p->answers += answered;
		p->unsynced = !answered && (p->unsynced || strchr("BCDEH", in[0]));
		return protocol_pass(found, n);
	}
	if (len < n && lack != PROTOCOL_FULL)
		return PROTOCOL_MORE;
	p->answers += answered;
	p->unsynced = !answered;
	found->n = n;
	found->statement.whole = len >= n;
	postgresql_read_statement(in, len < n ? len : n, &found->statement);
	return PROTOCOL_JUDGE;
}

bool protocol_postgresql_values(const struct protocol_statement *s, const void *behind, size_t n,
				struct protocol_text *values)
{
	struct protocol_text name;
	for (const uint8_t *in = behind; n >= HEAD;) {
		uint64_t len = 1 + (uint64_t)postgresql_number(in + 1);
		if (len < HEAD || len > n)
			return false;
		if (*in == 'B')
			return postgresql_read_bind(in, (size_t)len, &name, values) && name.n == s->name.n &&
			       (!name.n || !memcmp(name.at, s->name.at, name.n));
		if (*in != 'D' && *in != 'H') /* Describe, Flush */
			return false;
		in += len;
		n -= (size_t)len;
	}
	return false;
}

/* --- a refusal ---------------------------------------------------------------------------------------------------- */

/* Quote the reason for a literal, without what a server with other settings reads in another way. */
static void postgresql_quote(char *out, size_t size, const char *why)
{
	size_t n = 0;
	for (; *why && n + 3 < size; why++) {
		unsigned char c = (unsigned char)*why;
		out[n++] = (char)(c == '\\' || c == '$' ? '/' : c < ' ' ? ' ' : c);
		if (c == '\'')
			out[n++] = '\'';
	}
	out[n] = '\0';
}

static void postgresql_put_length(char *to, size_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(n >> (24 - 8 * i));
}

/* In place of a Query, a block that raises the reason; in place of a Bind, a Parse.  A Parse has to fail by itself, before Bind counts parameters: the
 * server finds the constant of the wrong type while it parses.  SQLSTATE 42501 is insufficient_privilege. */
void protocol_postgresql_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r)
{
	enum { WHY = PROTOCOL_REFUSAL_MAX / 2, NAME_MAX_LEN = 128 };
	char quoted[WHY], *at = r->server + HEAD, *end = r->server + sizeof r->server;
	postgresql_quote(quoted, sizeof quoted, why);
	struct protocol_text name = s->binds ? (struct protocol_text){"gate_refused", 12} : s->name;
	r->ends = name.n > NAME_MAX_LEN; /* the server cuts names at 63 bytes */
	if (r->ends)
		return;
	if (s->prepares || s->binds) {
		memcpy(at, name.at ? name.at : "", name.n);
		at[name.n] = '\0';
		at += name.n + 1;
		at += snprintf(at, (size_t)(end - at), "SELECT CAST('%s' AS pg_catalog.int4)", quoted) + 1;
		*at++ = 0; /* no types of parameters: a 16-bit number */
		*at++ = 0;
	} else {
		at += snprintf(at, (size_t)(end - at),
			       "DO $gate$BEGIN RAISE EXCEPTION USING MESSAGE = '%s', ERRCODE = '42501'; END$gate$",
			       quoted) +
		      1;
	}
	r->nserver = (size_t)(at - r->server);
	r->server[0] = s->prepares || s->binds ? 'P' : 'Q';
	postgresql_put_length(r->server + 1, r->nserver - 1);
}
