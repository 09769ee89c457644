/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol.h - finds the statements and requests in what a client sends to a server.  A protocol is known by its bytes, not
 * by its port.
 *
 * The parsers are pure: they keep a few words of state per connection, allocate nothing and do no I/O.  The caller keeps
 * the bytes that are not yet forwarded, PROTOCOL_WINDOW of them or more, and calls protocol_parse() with all of them until
 * it says PROTOCOL_MORE.  Nothing behind a statement that is being judged is looked at.  Any thread; one connection's
 * state belongs to one thread at a time. */
#ifndef GATESH_RELAY_PROTOCOL_H
#define GATESH_RELAY_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PROTOCOL_WINDOW = 64 << 10, /* of a longer message, Gate judges the beginning */
	PROTOCOL_NAME_MAX = 128,    /* bytes of a database's name, with its NUL; a longer one counts as unknown */
	PROTOCOL_REFUSAL_MAX = 1024,
};

enum protocol_kind {
	PROTOCOL_UNKNOWN = 0, /* nobody has said anything yet */
	PROTOCOL_POSTGRESQL,
	PROTOCOL_MYSQL,
	PROTOCOL_RESP,
	PROTOCOL_HTTP,
	PROTOCOL_MONGODB,
	PROTOCOL_FOREIGN, /* another protocol, or TLS: everything passes untouched from here on */
};

enum protocol_step {
	PROTOCOL_MORE = 0, /* the bytes begin a message: call again with more of them */
	PROTOCOL_PASS,     /* found.n bytes need no judgement; that may be more than there are */
	PROTOCOL_JUDGE,    /* found.n bytes say found.statement; that may be more than there are */
	PROTOCOL_REPLY,    /* found.n bytes do not go to the server: the client gets found.reply for them */
};

/* Why the caller has no more bytes for now. */
enum protocol_lack {
	PROTOCOL_EARLY = 0, /* more may come at once */
	PROTOCOL_SILENT,    /* nothing has come for PROTOCOL_SILENCE_MS: the client may wait for the server */
	PROTOCOL_FULL,      /* the window is full, or the client has ended */
};
enum { PROTOCOL_SILENCE_MS = 200 };

/* A range of the caller's bytes. */
struct protocol_text {
	const char *at; /* not terminated; NULL: there is none */
	size_t n;
};

struct protocol_statement {
	enum protocol_kind kind;
	bool whole;    /* false: the message is longer than what Gate has of it */
	bool binds;    /* PostgreSQL's Bind: `name` is the statement that it binds `values` to; it has no text */
	bool prepares; /* the statement runs later: PostgreSQL's Parse, MySQL's COM_STMT_PREPARE */
	bool chunked;  /* `body` is as the client sent it, in chunks */
	bool json;     /* the client wants or sends JSON */
	struct protocol_text text; /* SQL; for RESP and MongoDB, the command as the client sent it */
	struct protocol_text
		name; /* PostgreSQL: of the prepared statement; RESP, MongoDB: the command; empty: it has none */
	struct protocol_text
		types; /* PostgreSQL's Parse: those of its parameters, as it has them; empty: there are none */
	struct protocol_text values;                   /* PostgreSQL's Bind: their formats and values, as it has them */
	struct protocol_text method, path, host, body; /* HTTP; the path is the request's target without its host */
};

struct protocol_found {
	uint64_t n;
	struct protocol_statement statement;
	struct protocol_text reply;
};

/* The state of one connection.  Zero-initialise. */
struct protocol {
	enum protocol_kind kind;
	unsigned phase;   /* the parser's own */
	uint64_t left;    /* bytes or arguments that the parser still has to see */
	uint32_t answers; /* PostgreSQL: the client's messages that the server answers with ReadyForQuery */
	bool unsynced;    /* PostgreSQL: there are others behind the last of these */
	bool binds;       /* PostgreSQL: the caller wants to judge each Bind; its own to set */
	unsigned resets;  /* MySQL: how often the client gave up its temporary tables */
	bool paths;       /* names without a schema or database have another meaning than usual */
	char database[PROTOCOL_NAME_MAX]; /* "": unknown */
	char user[PROTOCOL_NAME_MAX];
};

/* Look at the first `len` bytes that are not forwarded yet.  Fills in *found, whose texts point into `in`.  When the
 * connection turns out to be foreign, found.n is UINT64_MAX. */
enum protocol_step protocol_parse(struct protocol *p, const void *in, size_t len, enum protocol_lack lack,
				  struct protocol_found *found);

/* The server sends before the client: look at its first bytes.  MySQL's server may not offer compression, which would hide
 * the statements: the offer is taken out of `in`.  Returns false if more bytes are needed to tell; not if `full`. */
bool protocol_greeting(struct protocol *p, void *in, size_t len, bool full);

/* In place of a refused statement. */
struct protocol_refusal {
	bool ends;      /* the connection ends: `client` goes out after the last that the server has to say */
	size_t nserver; /* to the server, whose error message is the driver's own */
	size_t nclient; /* to the client */
	char server[PROTOCOL_REFUSAL_MAX], client[PROTOCOL_REFUSAL_MAX];
};

/* Make the refusal of a statement that protocol_parse() has found, whose bytes are still there.  `why` is one line, as
 * "gate: refused: ...". */
void protocol_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r);

/* Copy the body of a request without the framing of its chunks.  `out` holds s->body.n + 1 bytes and is terminated.
 * Returns its length. */
size_t protocol_copy_body(const struct protocol_statement *s, char *out);

/* Copy a RESP command as redis-cli would show it, in one line: arguments that are not plain words in quotes, each cut to
 * 1 KiB.  Returns the length; `out` of `size` bytes is terminated. */
size_t protocol_copy_command(const struct protocol_statement *s, char *out, size_t size);

/* Copy a MongoDB command as JSON, its name first, its strings cut to 1 KiB.  Returns the length; `out` of `size` bytes is terminated.
 * *cut: it is not all of the command. */
size_t protocol_copy_mongodb(const struct protocol_statement *s, char *out, size_t size, bool *cut);

/* "postgresql", "mysql", "redis", "http", "mongodb"; "" for the others.  Static storage. */
const char *protocol_name(enum protocol_kind kind);

/* --- one file a protocol: protocol_NAME.c -------------------------------------------------------------------------- */

/* Could these be the first bytes of the protocol?  1, 0, or -1: more bytes are needed to tell. */
int protocol_postgresql_begins(const uint8_t *in, size_t len);
int protocol_http_begins(const uint8_t *in, size_t len);
int protocol_resp_begins(const uint8_t *in, size_t len);
int protocol_mongodb_begins(const uint8_t *in, size_t len);
int protocol_mysql_greets(const uint8_t *in, size_t len);

enum protocol_step protocol_postgresql(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				       struct protocol_found *found);
enum protocol_step protocol_http(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				 struct protocol_found *found);
enum protocol_step protocol_resp(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				 struct protocol_found *found);
enum protocol_step protocol_mysql(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				  struct protocol_found *found);

enum protocol_step protocol_mongodb(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				    struct protocol_found *found);

void protocol_postgresql_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r);
/* The parameters that a Bind right behind a Parse of protocol_parse() gives: formats and values as Bind has them.  `behind`
 * are the bytes after the Parse.  Returns false if they have no such Bind, or not all of it. */
bool protocol_postgresql_values(const struct protocol_statement *s, const void *behind, size_t n,
				struct protocol_text *values);

void protocol_http_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r);
void protocol_resp_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r);
void protocol_mongodb_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r);
void protocol_mysql_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r);

/* Take the offer of compression out of a greeting.  `in` has at least PROTOCOL_MYSQL_GREETING bytes, or all of it. */
enum { PROTOCOL_MYSQL_GREETING = 512 };
void protocol_mysql_plain(uint8_t *in, size_t len);

/* Helpers.  protocol_shorten() copies a reason that is longer than `size` bytes without the statement in it, so that the rule
 * and its reason are what is left. */
void protocol_shorten(char *out, size_t size, const char *why);
enum protocol_step protocol_pass(struct protocol_found *found, uint64_t n);
enum protocol_step protocol_foreign(struct protocol *p, struct protocol_found *found);

#endif
