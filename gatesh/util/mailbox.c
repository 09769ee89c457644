/* SPDX-License-Identifier: BSD-2-Clause */
/* mailbox.c - queues mail under a mutex and wakes the main thread through an eventfd. */
#include "util/mailbox.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

void mailbox_deliver(struct mailbox *b)
{
	uint64_t count;
	if (read(b->source.fd, &count, sizeof count) < 0)
		return; /* EAGAIN: no mail yet */
	pthread_mutex_lock(&b->lock);
	struct mail *m = b->first;
	b->first = b->last = NULL;
	pthread_mutex_unlock(&b->lock);
	while (m) {
		struct mail *next = m->next;
		m->deliver(m);
		m = next;
	}
}

static void mailbox_ready(struct watch *s, uint32_t events)
{
	mailbox_deliver(s->data);
}

int mailbox_open(struct mailbox *b, struct loop *l)
{
	*b = (struct mailbox){.source = {.events = EPOLLIN, .ready = mailbox_ready, .data = b}};
	b->source.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->source.fd < 0)
		return -errno;
	/* The main thread wakes while the poster still holds the lock: it spins for that moment. */
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(&b->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	return loop_watch(l, &b->source);
}

void mailbox_close(struct mailbox *b, struct loop *l)
{
	loop_unwatch(l, &b->source);
	close(b->source.fd);
	pthread_mutex_destroy(&b->lock);
}

void mailbox_post(struct mailbox *b, struct mail *m)
{
	uint64_t one = 1;
	m->next = NULL;
	pthread_mutex_lock(&b->lock);
	if (b->last)
		b->last->next = m;
	else
		b->first = m;
	b->last = m;
	/* Write under the lock: the box may be closed as soon as the mail is delivered.  The write can't fail, because
	 * the count never nears 2^64. */
	while (write(b->source.fd, &one, sizeof one) < 0 && errno == EINTR)
		;
	pthread_mutex_unlock(&b->lock);
}
