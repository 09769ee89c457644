/* SPDX-License-Identifier: BSD-2-Clause */
/* receiver.h - receives the notifications of a seccomp listener in threads.  One thread at a time receives; it hands the
 * lead on and then handles what it got, so that a call which takes long, or blocks on a file of the session, holds up
 * its caller alone.  There is always a thread that receives, up to RECEIVER_THREADS_MAX. */
#ifndef GATESH_SUPERVISE_RECEIVER_H
#define GATESH_SUPERVISE_RECEIVER_H

#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>

enum { RECEIVER_THREADS_MAX = 2048, RECEIVER_IDLE_MAX = 4 };

struct receiver {
	/* set by the caller of receiver_start() */
	int listener;                                                        /* owned from then on */
	void (*received)(struct receiver *r, const struct seccomp_notif *n); /* in a receiving thread */
	/* In the thread that leads, which must not wait: was that all?  May be NULL. */
	bool (*settled)(struct receiver *r, const struct seccomp_notif *n);
	void (*ended)(struct receiver *r); /* in the last thread, before it ends: the receiver may be freed after it */
	void *data;
	/* private */
	int stop; /* an eventfd */
	pthread_mutex_t lead, lock;
	unsigned threads, idle;
};

/* Start to receive.  Block signals first.  Returns 0 or a negative errno; then nothing was started. */
int receiver_start(struct receiver *r);

/* Let the threads end; ended() tells when.  It also comes by itself when no process is left behind the filter. */
void receiver_stop(struct receiver *r);

/* Free what receiver_start() made, and close the listener.  After ended(). */
void receiver_free(struct receiver *r);

#endif
