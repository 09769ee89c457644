/* SPDX-License-Identifier: BSD-2-Clause */
/* count.h - asks a PostgreSQL server how many rows a statement would delete or change, over the client's own connection, before the
 * statement goes there.
 *
 * In a transaction of its own, or below a savepoint in the client's, the server says what the table does by itself and which rows its
 * plan expects; if nothing outlasts a rollback, the statement is executed. Each is undone before anybody is asked, with COUNT_LOCK_MS for
 * a lock and COUNT_STATEMENT_MS for each statement, so that nothing is held while a person thinks. Where the role may read the table, the
 * executed statement also returns the rows that it takes, of which the first few are kept for the question.
 *
 * It does no I/O: the caller gives it what the server says and sends what it appends.  The server executes what it is told before the rollback
 * only inside of a transaction that it has confirmed, as a single command (a Parse of two fails).  The relay's thread. */
#ifndef GATESH_RELAY_COUNT_H
#define GATESH_RELAY_COUNT_H

#include "base/strbuf.h"
#include "effects/effects.h"
#include "relay/protocol.h"

enum {
	COUNT_LOCK_MS = 200,
	COUNT_STATEMENT_MS = 3000,
	COUNT_PATIENCE_MS = 10000,      /* for all of it; a server that is slower is broken */
	COUNT_STATEMENT_MAX = 32 << 10, /* bytes; a longer statement is not counted */
	COUNT_ROWS_MAX = 1000000, /* a plan that expects more stands: what is rolled back takes room until a VACUUM */
	COUNT_MESSAGE_MAX = 16 << 10, /* bytes of a server's message that are kept */
	COUNT_KEYS_MAX = 512,
	COUNT_SAMPLES = 5,
	COUNT_SAMPLED_MAX =
		100000, /* a plan that expects more returns no rows: the server would hold all of them in memory or a file */
};

enum count_phase {
	COUNT_OPENS = 0, /* the transaction, and what the table does */
	COUNT_PLANS,
	COUNT_TRIES,
	COUNT_RESTS, /* the rows behind the samples */
	COUNT_CLOSES,
	COUNT_DONE,
};

/* Borrowed until the count is done. */
struct count_subject {
	enum effect_count way; /* NONE: the rows of `table` are estimated, for a statement that is about all of it */
	struct protocol_text text;
	bool returns;                       /* RETURNING * may stand behind the text */
	struct protocol_text types, values; /* of its parameters, as Parse and Bind have them; empty: it has none */
	const char *table;                  /* as effects.h names it */
	char state;                         /* of the connection: 'I' or 'T', as ReadyForQuery says it */
};

struct count {
	struct count_subject subject;
	enum count_phase phase;
	unsigned awaits; /* ReadyForQuery that have to come before the next step */
	char state;      /* the last that came */
	bool failed;     /* the server has refused something */
	bool plain;      /* the table does nothing by itself: no trigger, rule, view or other server */
	bool readable;   /* the role may read each of its rows */
	bool suspended;  /* there may be more rows than COUNT_SAMPLES */
	bool modifies;   /* the plan's line of the DELETE or UPDATE has come ... */
	ptrdiff_t child; /* ... and what finds its rows begins in this column */
	bool has_plan, has_rows;
	uint64_t planned, rows;    /* valid with these */
	char keys[COUNT_KEYS_MAX]; /* columns of which each value has one row: "id\nname\n" */
	struct strbuf columns;     /* of the samples: names, each with its NUL */
	unsigned nsamples;
	struct strbuf samples; /* a line for each: "id=5 name=ann"; safe to show */
	struct strbuf message;
	uint64_t left; /* bytes of the message that are to come, once its head is there */
};

/* Begin: the first that the server has to be sent is appended to `out`. */
void count_begin(struct count *c, const struct count_subject *s, struct strbuf *out);

/* The server says this.  What is for the client (a notification, a changed parameter) is appended to `client`.  Returns how many bytes belong to
 * the count: less than n once it does not wait for more.  -EPROTO: the server's messages are not understood. */
long count_heard(struct count *c, const char *bytes, size_t n, struct strbuf *client);

/* Does it wait for the caller's next step? */
bool count_waits(const struct count *c);

/* Go on: to the next phase, or, with `enough`, to the end.  Returns 0; -EPROTO if the connection is not in the state in which it was before,
 * and so of no more use. */
int count_next(struct count *c, bool enough, struct strbuf *out);

void count_free(struct count *c);

#endif
