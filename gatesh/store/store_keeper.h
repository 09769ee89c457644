/* store_keeper.h - the session's part in what is kept for undo: it makes the stores, and while files come in sees to the quota. */
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
	uint64_t quota, age;             /* bytes of all sessions together, seconds */
	struct timer look;               /* have the journals grown? */
	unsigned wait;                   /* until the next look, ms */
	long long seen[STORE_COUNT_MAX]; /* bytes of each journal that were counted */
	uint64_t size;                   /* bytes kept, as far as it was counted */
	/* the pruning that runs */
	bool pruning;
	pthread_t thread;
	struct mail mail;
	uint64_t target, before, left;
};

/* What the stores are for: who works where. */
struct keeper_session {
	const char *id, *agent, *command; /* command: for people */
	const char *const *workspaces;
};

/* Make the stores of a session with the policy of `h`, and delete what is too old or too much.  What can't be made is told on
 * stderr: then what would have been kept is asked about. */
void keeper_open(struct keeper *k, struct loop *l, struct mailbox *box, gate_handle_t *h,
		 const struct keeper_session *s);

/* The stores, NULL-terminated. */
const char *const *keeper_stores(const struct keeper *k);

/* No more pruning; its last result is in the mailbox when this returns. */
void keeper_stop(struct keeper *k);

/* Tell on stderr what was kept, if anything; remove what is empty. */
void keeper_close(struct keeper *k);

#endif
