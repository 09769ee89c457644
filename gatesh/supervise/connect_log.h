/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_log.h - remembers the destinations of supervised processes, the verdict on each, and the number of attempts
 * since.  The interposer keeps this per process (preload/net/connect_cache.h); here it is one table for all of them
 * (formats/remembered.h, supervised-verdict).
 * The table is fixed in size: a new contact replaces the oldest, which is then asked or reported once more.  Main
 * thread only. */
#ifndef GATESH_SUPERVISE_CONNECT_LOG_H
#define GATESH_SUPERVISE_CONNECT_LOG_H

#include <sys/socket.h>

#include "ask/job.h"
#include "formats/address.h"
#include "util/loop.h"

enum { CONNECT_LOG_MAX = 512 };

enum contact_verdict {
	CONTACT_PASSED,
	CONTACT_REFUSED,
};

/* One process and one destination. */
struct contact {
	struct gate_event event; /* the contact owns its strings and its address */
	struct gate_dest dest;
	enum contact_verdict verdict;
	uint32_t attempts, reports; /* attempts since the last report; number of reports */
	uint64_t reported;          /* when the last report was, in ms of loop_now() */
	struct sockaddr_storage address;
	char *exe, *cwd, *path, *ancestry;
};

struct connect_log {
	struct loop *loop;
	struct workers *workers;
	struct contact *v; /* CONNECT_LOG_MAX of them; NULL before the first */
	unsigned n, next;
	struct timer due;
};

void connect_log_init(struct connect_log *t, struct loop *l, struct workers *w);

/* Report the remaining counts and free everything. */
void connect_log_free(struct connect_log *t);

/* The contact of the event's process (pid, start_time, exe) with the destination (`dest`, socket_type and path).
 * Valid until the next connect_log_put().  NULL if unknown. */
struct contact *connect_log_find(struct connect_log *t, const struct gate_event *ev, const struct gate_dest *dest);

/* Remember a verdict that is already in the audit log.  Without memory it is not remembered, and the next attempt is
 * judged like the first. */
void connect_log_put(struct connect_log *t, const struct gate_event *ev, const struct gate_dest *dest,
		     enum contact_verdict v);

/* A grant was revoked: forget every yes. */
void connect_log_forget_yes(struct connect_log *t);

/* Count one more attempt.  It is reported about a second later, and less often the more reports the destination has
 * had. */
void connect_log_count(struct connect_log *t, struct contact *c);

/* Report the remaining counts. */
void connect_log_flush(struct connect_log *t);

#endif
