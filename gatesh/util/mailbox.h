/* mailbox.h - from worker threads to the main thread: things to be done there, in order. */
#ifndef GATESH_UTIL_MAILBOX_H
#define GATESH_UTIL_MAILBOX_H

#include <pthread.h>

#include "util/loop.h"

/* Embedded in what is sent; must stay in place until it is delivered. */
struct mail {
	struct mail *next;
	void (*deliver)(struct mail *m); /* in the main thread; may free what holds it */
};

struct mailbox {
	pthread_mutex_t lock;
	struct mail *first, *last;
	struct watch source; /* an eventfd */
};

/* 0 or a negative errno. */
int mailbox_open(struct mailbox *b, struct loop *l);
void mailbox_close(struct mailbox *b, struct loop *l);

/* From any thread. */
void mailbox_post(struct mailbox *b, struct mail *m);

#endif
