/* SPDX-License-Identifier: BSD-2-Clause */
/* store_records.h - loads what can be undone: the true records of chosen sessions, grouped by the commands they come
 * from. */
#ifndef GATESH_STORE_STORE_RECORDS_H
#define GATESH_STORE_STORE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"
#include "store/store_journal.h"
#include "store/store_moves.h"

struct kept_session {
	const struct store_entry *entry;
	struct journal journals[STORE_COUNT_MAX]; /* of entry->stores, in their order */
	unsigned commands;                        /* their number; commands are numbered from 1, oldest first */
	const struct store_moves *moves;          /* of all sessions that are loaded with it */
};

/* A true record: its object, if it has one, is there, and the state of its path agrees with it. */
struct store_records {
	const struct store_put_record *r;
	const struct kept_session *session;
	const char *store; /* the path of its store */
	const char *now;   /* STORE_OP_MOVED: where it is, after further moves */
	bool another;      /* the object was put to the path after the record was written: it is later than it says */
	bool is_true;      /* always true after records_load() */
	unsigned command;  /* all acts of one process without a long pause; restoring some does not change the number */
};

struct kept_list {
	struct store_entry *entries; /* owned */
	int nentries;
	struct kept_session *sessions; /* oldest first */
	size_t nsessions;
	struct store_records *v; /* session after session, each in order of time */
	size_t n;
	struct store_moves *moves; /* owned */
};

/* The sessions to load.  With `paths`, of the sessions chosen those with records there only (see store_index.h); all of
 * them if one of these records is of a removed name, whose file may be in any store.  With `session`, those whose name begins with it; otherwise with `all`, every one; otherwise
 * those with a workspace that is `directory`, holds it or is in it. */
struct kept_choice {
	const char *session, *directory;
	bool all;
	char *const *paths; /* absolute */
	size_t npaths;      /* 0: wherever */
};

/* Load the records.  Entries and stores that are not valid are reported by tell() and left out.  Returns 0 or a
 * negative errno. */
int records_load(struct kept_list *l, const struct kept_choice *choice,
		 void (*tell)(const char *where, const char *why, void *data), void *data);
void records_free(struct kept_list *l);

/* Open the directory of a store's objects.  Returns a descriptor or a negative errno. */
int records_objects(const char *store);

/* Count what one session or undo keeps.  Returns 0 or a negative errno. */
struct kept_amount {
	size_t things,
		files; /* files: those that are there; things: also directories, names and moves that are only noted */
	long long bytes;
};
int records_count(const struct store_entry *e, struct kept_amount *out);

#endif
