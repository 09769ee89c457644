/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_mysql.c - the protocol of MySQL and MariaDB ("Client/Server Protocol" of their manuals).  The server speaks first;
 * Gate takes two offers out of its greeting: compression, which would hide the statements, and query attributes, which
 * would come before the text.  TLS passes untouched.  Statements are the texts of COM_QUERY and COM_STMT_PREPARE. */
#include <stdio.h>
#include <string.h>

#include "relay/protocol.h"

enum {
	HEAD = 4, /* a length of three bytes, and a number that begins at 0 with each command */
	PACKET_MAX = 0xffffff,
	GREETING_MIN = 40,
	VERSION = 10,
	AFTER_VERSION = 4 + 8 + 1, /* the thread, the first part of the scramble, a filler */
	UPPER = 5,                 /* from the lower half of the capabilities to the upper half */
	SSL_REQUEST = 32,
	LOGIN_USER = 32, /* capabilities, packet size, character set and filler are before it */
};
enum { COM_INIT_DB = 2, COM_QUERY = 3, COM_CHANGE_USER = 0x11, COM_STMT_PREPARE = 0x16, COM_RESET_CONNECTION = 0x1f };
enum {
	CLIENT_CONNECT_WITH_DB = 1 << 3,
	CLIENT_COMPRESS = 1 << 5,
	CLIENT_SSL = 1 << 11,
	CLIENT_SECURE_CONNECTION = 1 << 15,
	CLIENT_PLUGIN_AUTH_LENENC = 1 << 21,
	CLIENT_ZSTD_COMPRESSION = 1 << 26,
	CLIENT_QUERY_ATTRIBUTES = 1 << 27,
};
enum { PHASE_LOGIN = 0, PHASE_COMMANDS };

static uint32_t mysql_length(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

int protocol_mysql_greets(const uint8_t *in, size_t len)
{
	size_t n = len >= HEAD - 1 ? mysql_length(in) : GREETING_MIN;
	if (n < GREETING_MIN || n > PROTOCOL_MYSQL_GREETING - HEAD || (len >= HEAD && in[HEAD - 1]) ||
	    (len > HEAD && in[HEAD] != VERSION))
		return 0;
	if (len <= HEAD)
		return -1;
	return len < n + HEAD ? -1 : memchr(in + HEAD + 1, '\0', n - AFTER_VERSION - UPPER - HEAD) ? 1 : 0;
}

static void mysql_clear(uint8_t *at, uint32_t bits)
{
	at[0] &= (uint8_t)~bits;
	at[1] &= (uint8_t) ~(bits >> 8);
	at[UPPER] &= (uint8_t) ~(bits >> 16);
	at[UPPER + 1] &= (uint8_t) ~(bits >> 24);
}

void protocol_mysql_plain(uint8_t *in, size_t len)
{
	uint8_t *version = in + HEAD + 1, *end = memchr(version, '\0', len - HEAD - 1);
	uint8_t *at = end ? end + 1 + AFTER_VERSION : NULL;
	if (at && at + UPPER + 2 <= in + len)
		mysql_clear(at, CLIENT_COMPRESS | CLIENT_ZSTD_COMPRESSION | CLIENT_QUERY_ATTRIBUTES);
}

/* Skip the proof of identity that follows the user's name.  Returns NULL if it is not complete. */
static const uint8_t *mysql_skip_proof(const uint8_t *at, const uint8_t *end, uint32_t caps)
{
	enum { ONE_BYTE_MAX = 250 }; /* of a length-encoded number */
	if (caps & (CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH_LENENC)) {
		if (at >= end || *at > ONE_BYTE_MAX || end - at <= *at)
			return NULL;
		return at + 1 + *at;
	}
	at = memchr(at, '\0', (size_t)(end - at));
	return at ? at + 1 : NULL;
}

static void mysql_set_database(struct protocol *p, const uint8_t *at, size_t n)
{
	if (n < sizeof p->database) {
		memcpy(p->database, at, n);
		p->database[n] = '\0';
	}
}

static void mysql_read_login(struct protocol *p, const uint8_t *in, size_t n, uint32_t caps)
{
	const uint8_t *at = in + HEAD + LOGIN_USER, *end = in + n;
	const uint8_t *stop = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
	if (!stop)
		return;
	if ((size_t)(stop - at) < sizeof p->user)
		memcpy(p->user, at, (size_t)(stop - at) + 1);
	at = mysql_skip_proof(stop + 1, end, caps);
	stop = at && at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
	if (caps & CLIENT_CONNECT_WITH_DB && stop)
		mysql_set_database(p, at, (size_t)(stop - at));
}

static enum protocol_step mysql_login(struct protocol *p, const uint8_t *in, size_t len, size_t n,
				      struct protocol_found *found)
{
	if (n < HEAD + 4)
		return protocol_foreign(p, found);
	if (len < n)
		return PROTOCOL_MORE;
	uint32_t caps = mysql_length(in + HEAD) | (uint32_t)in[HEAD + 3] << 24;
	if ((caps & CLIENT_SSL && n - HEAD == SSL_REQUEST) || caps & (CLIENT_COMPRESS | CLIENT_ZSTD_COMPRESSION))
		return protocol_foreign(p, found);
	mysql_read_login(p, in, n, caps);
	p->phase = PHASE_COMMANDS;
	return protocol_pass(found, n);
}

enum protocol_step protocol_mysql(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				  struct protocol_found *found)
{
	if (len < HEAD)
		return PROTOCOL_MORE;
	size_t n = HEAD + mysql_length(in);
	if (p->phase == PHASE_LOGIN)
		return mysql_login(p, in, len, n, found);
	if (n == HEAD || in[3]) /* a part of an exchange that a command began */
		return protocol_pass(found, n);
	if (len == HEAD)
		return PROTOCOL_MORE;
	bool judged = in[HEAD] == COM_QUERY || in[HEAD] == COM_STMT_PREPARE;
	p->resets += in[HEAD] == COM_CHANGE_USER || in[HEAD] == COM_RESET_CONNECTION;
	p->paths |= in[HEAD] == COM_CHANGE_USER;
	if (!judged && in[HEAD] != COM_INIT_DB)
		return protocol_pass(found, n);
	if (len < n && lack != PROTOCOL_FULL)
		return PROTOCOL_MORE;
	size_t have = len < n ? len : n;
	if (in[HEAD] == COM_INIT_DB)
		mysql_set_database(p, in + HEAD + 1, have - HEAD - 1);
	if (!judged)
		return protocol_pass(found, n);
	found->n = n;
	found->statement.whole = len >= n && n < HEAD + PACKET_MAX;
	found->statement.prepares = in[HEAD] == COM_STMT_PREPARE;
	found->statement.text = (struct protocol_text){(const char *)in + HEAD + 1, have - HEAD - 1};
	return PROTOCOL_JUDGE;
}

static void mysql_put_head(char *to, size_t n, unsigned number)
{
	to[0] = (char)n;
	to[1] = (char)(n >> 8);
	to[2] = (char)(n >> 16);
	to[3] = (char)number;
}

/* A statement that fails by itself: MESSAGE_TEXT holds 128 characters.  SIGNAL can't be prepared; a column that nobody has
 * is found while the statement is prepared. */
void protocol_mysql_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r)
{
	enum { WHY = 127, ACCESS_DENIED = 1227 };
	char text[WHY + 1];
	protocol_shorten(text, sizeof text, why);
	for (char *c = text; *c; c++)
		*c = (unsigned char)*c < ' ' ? ' ' : *c == '\'' || *c == '`' ? '"' : *c == '\\' ? '/' : *c;
	r->ends = !s->whole;
	if (r->ends) {
		r->nclient = HEAD + (size_t)snprintf(r->client + HEAD, sizeof r->client - HEAD, "\xff%c%c#42000%s",
						     ACCESS_DENIED & 0xff, ACCESS_DENIED >> 8, text);
		mysql_put_head(r->client, r->nclient - HEAD, 1);
		return;
	}
	r->nserver = HEAD + (size_t)snprintf(r->server + HEAD, sizeof r->server - HEAD,
					     s->prepares ? "%cSELECT `%s`" :
							   "%cSIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '%s'",
					     s->prepares ? COM_STMT_PREPARE : COM_QUERY, text);
	mysql_put_head(r->server, r->nserver - HEAD, 0);
}
