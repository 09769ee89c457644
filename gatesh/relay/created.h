/* SPDX-License-Identifier: BSD-2-Clause */
/* created.h - what the session itself created at a server: by the server's own answers, a thing whose name was free before.  Rules that
 * ask do not speak of it (GATE_TEXT_OWN).
 *
 * HTTP: what a 201 names, by Location or in its JSON, and the path of a PUT that it answers.  PostgreSQL and MySQL: tables and
 * the like, once CREATE has succeeded and is committed; on the connection itself also before that, and temporary tables.  Where an
 * answer could belong to another statement, or a name could mean another thing, the thing counts as somebody else's.
 * Nothing of Redis counts: a reply does not tell whether a key was there before.
 *
 * The relay's thread.  Nothing here fails: without memory, a thing is not known. */
#ifndef GATESH_RELAY_CREATED_H
#define GATESH_RELAY_CREATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "relay/created_list.h"
#include "relay/protocol.h"

enum {
	CREATED_REPLY_MAX = 16 << 10, /* bytes of an HTTP answer that are looked at */
	CREATED_PLACE_MAX = 64,       /* "[ADDRESS]:PORT" */
	CREATED_HEAD_MAX = 24,        /* of a server's message: its head, and the tag of a statement */
};

/* What the server's next answer decides. */
enum created_wait { CREATED_NOTHING = 0, CREATED_ADDS, CREATED_FORGETS };

/* A message of a database server, as far as it has come. */
struct created_message {
	uint8_t head[CREATED_HEAD_MAX];
	size_t n;      /* bytes of it that are there */
	uint64_t left; /* bytes of the message that are to come, once its head is there */
};

/* One connection's part. */
struct created {
	struct created_list *session; /* what all connections know; borrowed */
	struct created_list here;     /* what this connection alone can use so far */
	char place[CREATED_PLACE_MAX];
	bool spoke, heard; /* the client has said something; the server has, since then */
	bool hasty;        /* the client does not wait for answers: which belongs to what is not known */
	bool moved;        /* names without a schema or database may mean other things than on other connections */
	bool lost;         /* the server's messages are not understood */
	enum created_wait wait;
	char name[CREATED_NAME_MAX]; /* of what it is about */
	bool temporary, succeeded;
	unsigned texts;    /* PostgreSQL: statements since the last ReadyForQuery */
	uint32_t answered; /* ... and how many of these have come */
	char state;      /* what the last said: 'I', outside a transaction; 'T', in one; 'E', in one that has failed */
	unsigned resets; /* as the protocol's */
	struct created_message message;
	char *reply; /* HTTP; owned */
	size_t nreply;
	char method[8];
	char base[CREATED_NAME_MAX]; /* "http PLACE HOST" */
};

/* Begin.  Zero-initialised before. */
void created_open(struct created *k, struct created_list *session, const struct sockaddr *server);
void created_close(struct created *k);

/* This statement goes to the server. */
void created_said(struct created *k, const struct protocol *p, const struct protocol_statement *s);

/* The server has said this. */
void created_heard(struct created *k, const struct protocol *p, const void *bytes, size_t n);

/* Does created_heard() have to see what the server says next? */
bool created_listens(const struct created *k, const struct protocol *p);

/* Is all that the statement would do about things that the session created? */
bool created_is_own(struct created *k, const struct protocol *p, const struct protocol_statement *s);

/* --- a file each -------------------------------------------------------------------------------------------------- */

void created_http_said(struct created *k, const struct protocol_statement *s);
void created_http_heard(struct created *k, const char *bytes, size_t n);
bool created_http_is_own(const struct created *k, const struct protocol_statement *s);

void created_sql_said(struct created *k, const struct protocol *p, const struct protocol_statement *s);
bool created_sql_is_own(struct created *k, const struct protocol *p, const struct protocol_statement *s);

void created_reply_postgresql(struct created *k, const uint8_t *bytes, size_t n);
void created_reply_mysql(struct created *k, const uint8_t *bytes, size_t n);

#endif
