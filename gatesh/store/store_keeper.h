/* SPDX-License-Identifier: BSD-2-Clause */
/* store_keeper.h - makes a session's stores for undo, and enforces the quota while the session adds files to them. */
#ifndef GATESH_STORE_STORE_KEEPER_H
#define GATESH_STORE_STORE_KEEPER_H

#include <gate.h>
#include <pthread.h>

#include "formats/allowance.h"
#include "store/store.h"
#include "util/mailbox.h"

struct keeper {
	struct loop *loop;
	struct mailbox *box;
	struct store_entry entry;
	bool made;                       /* there is a store */
	uint64_t quota, age, hold;       /* quota: bytes of all sessions together; age, hold: seconds */
	struct allowances *allowances;   /* of the session's processes; NULL: none */
	struct timer look;               /* checks whether the journals have grown */
	unsigned wait;                   /* until the next check, ms */
	long long seen[STORE_COUNT_MAX]; /* bytes of each journal counted so far */
	uint64_t size;                   /* bytes kept, as far as counted */
	uint64_t settled;                /* of these, when the last prune ended */
	bool low;                        /* a disk was nearly full at the last look */
	/* the running prune */
	bool pruning;
	pthread_t thread;
	struct mail mail;
	struct prune_terms terms;
	struct prune_result result;
	uint64_t before, used; /* kept before it began: of `size`, and of the account */
	size_t gone;           /* deleted for a disk so far */
	uint64_t gone_bytes;
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

/* Set the limits of the session's accounts, now and as files are kept. */
void keeper_share(struct keeper *k, struct allowances *allowances);

/* The stores, NULL-terminated. */
const char *const *keeper_stores(const struct keeper *k);

/* Start no more pruning.  A prune that runs goes on: run the mailbox's loop until `pruning` is false. */
void keeper_stop(struct keeper *k);

/* Report on stderr how much was kept so far, and what had to go for it. */
void keeper_tell_kept(struct keeper *k);

/* Remove the stores if they are empty; otherwise report on stderr how much was kept. */
void keeper_close(struct keeper *k);

#endif
