/* store_records.h - what can be undone: the records of a choice of sessions that are true, with the commands they come from. */
#ifndef GATESH_STORE_STORE_RECORDS_H
#define GATESH_STORE_STORE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"
#include "store/store_journal.h"

struct kept_session {
	const struct store_entry *entry;
	struct journal journals[STORE_COUNT_MAX]; /* of entry->stores, in their order */
	unsigned commands;                        /* how many there are: they are numbered from 1, oldest first */
};

/* A record that is true: its object is there, or what it says of the path is so. */
struct store_records {
	const struct store_put_record *r;
	const struct kept_session *session;
	const char *store; /* the path of its store */
	bool is_true;      /* always, once loaded */
	unsigned command;  /* what one process did without a long pause; the same whatever of it was restored */
};

struct kept_list {
	struct store_entry *entries; /* owned */
	int nentries;
	struct kept_session *sessions; /* oldest first */
	size_t nsessions;
	struct store_records *v; /* of one session after the other, by time within it */
	size_t n;
};

/* Which sessions: the one whose name begins so; else with `all` every one; else those whose workspace is `directory`,
 * holds it or is in it. */
struct kept_choice {
	const char *session, *directory;
	bool all;
};

/* Read them. What is not as it should be is told by tell(), and left out. 0 or a negative errno. */
int records_load(struct kept_list *l, const struct kept_choice *choice,
		 void (*tell)(const char *where, const char *why, void *data), void *data);
void records_free(struct kept_list *l);

/* The directory of a store's objects: a descriptor or a negative errno. */
int records_objects(const char *store);

/* How much one session or undo keeps.  0 or a negative errno. */
struct kept_amount {
	size_t things,
		files; /* files: those that are there; things: also directories, names and moves that are only noted */
	long long bytes;
};
int records_count(const struct store_entry *e, struct kept_amount *out);

#endif
