/* connect_log.h - where supervised processes have connected to, how that was decided and how often it was done since:
 * formats/remembered.h, supervised-verdict and supervised-hooked.  One that was dropped is asked or reported once more.
 * Main thread. */
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
	CONTACT_HOOKED, /* of the process: it has its hooks, or it has not */
	CONTACT_UNHOOKED,
};

/* One process and one destination. */
struct contact {
	struct gate_event event; /* its strings and its address are the contact's */
	struct gate_dest dest;
	enum contact_verdict verdict;
	uint32_t attempts, reports; /* since the last report; how many of those there were */
	uint64_t reported;          /* ms of loop_now() */
	struct sockaddr_storage address;
	char *exe, *cwd, *path, *ancestry;
};

struct connect_log {
	struct loop *loop;
	struct workers *workers;
	struct contact *v; /* CONNECT_LOG_MAX; NULL before the first */
	unsigned n, next;
	struct timer due;
};

void connect_log_init(struct connect_log *t, struct loop *l, struct workers *w);

/* Report what was counted and not told, and forget all. */
void connect_log_free(struct connect_log *t);

/* What is known of the event's process (pid, start_time, exe) and destination (`dest`, socket_type and path); without
 * `dest` CONTACT_HOOKED or CONTACT_UNHOOKED.  Valid until the next connect_log_put(); NULL: nothing. */
struct contact *connect_log_find(struct connect_log *t, const struct gate_event *ev, const struct gate_dest *dest);

/* Remember a verdict that is in the log already.  Without memory it is not remembered: the next time is like the
 * first. */
void connect_log_put(struct connect_log *t, const struct gate_event *ev, const struct gate_dest *dest,
		     enum contact_verdict v);

/* A grant was revoked: every yes goes. */
void connect_log_forget_yes(struct connect_log *t);

/* Once more: it is told about a second later, of a destination that is often gone to ever less often. */
void connect_log_count(struct connect_log *t, struct contact *c);

/* Report what was counted and not told. */
void connect_log_flush(struct connect_log *t);

#endif
