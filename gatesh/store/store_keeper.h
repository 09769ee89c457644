/* SPDX-License-Identifier: BSD-2-Clause */
/* store_keeper.h - makes a session's stores for undo, and enforces the quota while the session adds files to them. */
#ifndef GATESH_STORE_STORE_KEEPER_H
#define GATESH_STORE_STORE_KEEPER_H

#include <gate.h>
#include <pthread.h>

#include "store/store.h"
#include "util/mailbox.h"

struct keeper {
	struct loop *loop;
	struct mailbox *box;
	struct store_entry entry;
	bool made;                       /* there is a store */
	uint64_t quota, age;             /* quota: bytes of all sessions together; age: seconds */
	struct timer look;               /* checks whether the journals have grown */
	unsigned wait;                   /* until the next check, ms */
	long long seen[STORE_COUNT_MAX]; /* bytes of each journal counted so far */
	uint64_t size;                   /* bytes kept, as far as counted */
	/* the running prune */
	bool pruning;
	pthread_t thread;
	struct mail mail;
	uint64_t target, before, left;
};

/* The session that the stores are for. */
struct keeper_session {
	const char *id, *agent, *command; /* command: for people */
	const char *const *workspaces;
};

/* Make the stores of a session with the policy of `h`, and start deleting objects over the age limit or the quota.  A
 * store that can't be made is reported on stderr; Gate then asks before it loses anything it can't keep. */
void keeper_open(struct keeper *k, struct loop *l, struct mailbox *box, gate_handle_t *h,
		 const struct keeper_session *s);

/* The stores, NULL-terminated. */
const char *const *keeper_stores(const struct keeper *k);

/* Start no more pruning.  A prune that runs goes on: run the mailbox's loop until `pruning` is false. */
void keeper_stop(struct keeper *k);

/* Report on stderr how much was kept so far, if anything was. */
void keeper_tell_kept(const struct keeper *k);

/* Remove the stores if they are empty; otherwise report on stderr how much was kept. */
void keeper_close(struct keeper *k);

#endif
