/* SPDX-License-Identifier: BSD-2-Clause */
/* mailbox.h - hands work from other threads to the main thread, in order. */
#ifndef GATESH_UTIL_MAILBOX_H
#define GATESH_UTIL_MAILBOX_H

#include <pthread.h>

#include "util/loop.h"

/* Embedded in the object that is sent; must not move until it is delivered. */
struct mail {
	struct mail *next;
	void (*deliver)(struct mail *m); /* in the main thread; may free the enclosing object */
};

struct mailbox {
	pthread_mutex_t lock;
	struct mail *first, *last;
	struct watch source; /* an eventfd */
};

/* Returns 0 or a negative errno. */
int mailbox_open(struct mailbox *b, struct loop *l);
void mailbox_close(struct mailbox *b, struct loop *l);

/* Deliver what has been posted, without waiting for the loop to do so.  Main thread. */
void mailbox_deliver(struct mailbox *b);

/* Callable from any thread. */
void mailbox_post(struct mailbox *b, struct mail *m);

#endif
