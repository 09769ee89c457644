/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_mongodb.c - MongoDB's wire protocol, as far as OP_MSG ("MongoDB Wire Protocol" of its manual): a head of four numbers, flags,
 * then sections, of which one is the command and others are lists that belong to it.  mongodb_json.c writes them as JSON.  The messages
 * before OP_MSG pass; of these, servers since 5.1 take the greeting alone.  A client that compresses is not judged. */
#include <stdio.h>
#include <string.h>

#include "relay/protocol.h"
#include "relay/protocol_mongodb.h"

enum { OP_QUERY = 2004, OP_COMPRESSED = 2012, OP_MSG = 2013 };
enum { ID_AT = 4, TO_AT = 8, CODE_AT = 12, MESSAGE_MAX = 64 << 20 };
enum { FIRST_MAX = (8 << 10) - 1 }; /* bytes of a greeting; text has more in its second byte */
enum { CHECKSUM = 1, MORE_TO_COME = 2, CHECKSUM_LENGTH = 4 };
enum { DOUBLE = 1, STRING = 2, INT32 = 16 }; /* BSON's types */

uint32_t mongodb_number(const void *at)
{
	const uint8_t *p = at;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int protocol_mongodb_begins(const uint8_t *in, size_t len)
{
	if ((len > 1 && in[1] > FIRST_MAX >> 8) ||
	    (len >= 4 && (mongodb_number(in) <= MONGODB_HEAD || mongodb_number(in) > FIRST_MAX)))
		return 0;
	for (size_t i = TO_AT; i < CODE_AT && i < len; i++)
		if (in[i]) /* nobody is answered */
			return 0;
	if (len < MONGODB_HEAD)
		return -1;
	uint32_t code = mongodb_number(in + CODE_AT);
	return code == OP_MSG || code == OP_QUERY;
}

bool mongodb_section(struct protocol_text message, size_t *at, struct mongodb_section *s)
{
	uint32_t n;
	*s = (struct mongodb_section){.kind = *at < message.n ? (unsigned char)message.at[*at] : UINT8_MAX};
	if (s->kind > 1 || message.n - ++*at < sizeof n)
		return false;
	n = mongodb_number(message.at + *at);
	size_t have = message.n - *at;
	s->whole = n <= have;
	s->content = (struct protocol_text){message.at + *at, s->whole ? n : have};
	if (n < sizeof n + 1)
		return false;
	*at += s->content.n;
	if (!s->kind)
		return true;
	size_t rest = s->content.n - sizeof n;
	const char *name = s->content.at + sizeof n, *end = memchr(name, '\0', rest);
	if (!end)
		return false;
	s->name = (struct protocol_text){name, (size_t)(end - name)};
	s->content = (struct protocol_text){end + 1, rest - s->name.n - 1};
	return true;
}

/* The message without its checksum. */
static struct protocol_text mongodb_message(const uint8_t *in, size_t have, size_t n)
{
	bool sum = mongodb_number(in + MONGODB_HEAD) & CHECKSUM && n >= MONGODB_BODY + CHECKSUM_LENGTH;
	size_t most = sum ? n - CHECKSUM_LENGTH : n;
	return (struct protocol_text){(const char *)in, have < most ? have : most};
}

/* The name of the command is that of its first member. */
static struct protocol_text mongodb_name(struct protocol_text message)
{
	struct mongodb_section s;
	size_t at = MONGODB_BODY, before = sizeof(uint32_t) + 1;
	while (mongodb_section(message, &at, &s))
		if (!s.kind && s.content.n > before) {
			const char *name = s.content.at + before, *end = memchr(name, '\0', s.content.n - before);
			return (struct protocol_text){name, end ? (size_t)(end - name) : 0};
		}
	return (struct protocol_text){0};
}

static void mongodb_note_database(struct protocol *p, struct protocol_text message)
{
	static const char key[] = "\2$db";
	enum { LENGTH = 4 };
	struct mongodb_section s;
	size_t next = MONGODB_BODY, rest = 0;
	const char *at = NULL;
	while (mongodb_section(message, &next, &s))
		for (const char *k = s.kind ? NULL : memmem(s.content.at, s.content.n, key, sizeof key);
		     k; /* the last */
		     k = memmem(at, rest, key, sizeof key)) {
			at = k + sizeof key;
			rest = s.content.n - (size_t)(at - s.content.at);
		}
	uint32_t n = rest > LENGTH ? mongodb_number(at) : 0;
	*p->database = '\0';
	if (n && n <= rest - LENGTH && n <= sizeof p->database && !at[LENGTH + n - 1])
		memcpy(p->database, at + LENGTH, n);
}

enum protocol_step protocol_mongodb(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				    struct protocol_found *found)
{
	if (len < MONGODB_HEAD)
		return PROTOCOL_MORE;
	size_t n = mongodb_number(in);
	uint32_t code = mongodb_number(in + CODE_AT);
	if (n < MONGODB_HEAD || n > MESSAGE_MAX || code == OP_COMPRESSED)
		return protocol_foreign(p, found);
	if (code != OP_MSG || n < MONGODB_BODY)
		return protocol_pass(found, n);
	if (len < n && lack != PROTOCOL_FULL)
		return PROTOCOL_MORE;
	if (len < MONGODB_BODY)
		return protocol_foreign(p, found);
	struct protocol_statement *s = &found->statement;
	found->n = n;
	s->whole = len >= n;
	s->text = mongodb_message(in, s->whole ? n : len, n);
	s->name = mongodb_name(s->text);
	mongodb_note_database(p, s->text);
	return PROTOCOL_JUDGE;
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

static void mongodb_put(char *out, size_t *n, const void *bytes, size_t len)
{
	memcpy(out + *n, bytes, len);
	*n += len;
}

static void mongodb_put_number(char *out, size_t *n, uint32_t v)
{
	const uint8_t bytes[] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
	mongodb_put(out, n, bytes, sizeof bytes);
}

static void mongodb_put_key(char *out, size_t *n, uint8_t type, const char *key)
{
	mongodb_put(out, n, &type, 1);
	mongodb_put(out, n, key, strlen(key) + 1);
}

static void mongodb_put_string(char *out, size_t *n, const char *key, const char *text)
{
	mongodb_put_key(out, n, STRING, key);
	mongodb_put_number(out, n, (uint32_t)strlen(text) + 1);
	mongodb_put(out, n, text, strlen(text) + 1);
}

/* Begin a message; its lengths are filled in by mongodb_end(). */
static size_t mongodb_begin(char *out, uint32_t id, uint32_t to, uint32_t flags)
{
	size_t n = 0;
	mongodb_put_number(out, &n, 0);
	mongodb_put_number(out, &n, id);
	mongodb_put_number(out, &n, to);
	mongodb_put_number(out, &n, OP_MSG);
	mongodb_put_number(out, &n, flags);
	mongodb_put(out, &n, "", 1);
	mongodb_put_number(out, &n, 0);
	return n;
}

static size_t mongodb_end(char *out, size_t n)
{
	size_t at = 0;
	mongodb_put(out, &n, "", 1);
	mongodb_put_number(out, &at, (uint32_t)n);
	at = MONGODB_BODY + 1;
	mongodb_put_number(out, &at, (uint32_t)(n - at));
	return n;
}

/* A command that no server has, so that the driver reports the server's own error: no such command: 'gate: refused: ...'. */
void protocol_mongodb_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r)
{
	enum { WHY = 400, UNAUTHORIZED = 13 };
	char text[WHY];
	size_t n;
	uint32_t id = mongodb_number(s->text.at + ID_AT), flags = mongodb_number(s->text.at + MONGODB_HEAD);
	protocol_shorten(text, sizeof text, why);
	for (char *c = text; *c; c++)
		*c = (unsigned char)*c < ' ' || *c == '\'' ? ' ' : *c;
	r->ends = !s->whole;
	if (!r->ends) {
		n = mongodb_begin(r->server, id, 0, flags & MORE_TO_COME);
		mongodb_put_key(r->server, &n, INT32, text);
		mongodb_put_number(r->server, &n, 1);
		mongodb_put_string(r->server, &n, "$db", "admin");
		r->nserver = mongodb_end(r->server, n);
		return;
	}
	n = mongodb_begin(r->client, id, id, 0);
	mongodb_put_key(r->client, &n, DOUBLE, "ok");
	mongodb_put(r->client, &n, "\0\0\0\0\0\0\0\0", sizeof(double));
	mongodb_put_string(r->client, &n, "errmsg", text);
	mongodb_put_key(r->client, &n, INT32, "code");
	mongodb_put_number(r->client, &n, UNAUTHORIZED);
	mongodb_put_string(r->client, &n, "codeName", "Unauthorized");
	r->nclient = mongodb_end(r->client, n);
}
