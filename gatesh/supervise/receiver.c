/* SPDX-License-Identifier: BSD-2-Clause */
/* receiver.c - the threads of a listener: one leads, the others work or wait to lead. */
#include "supervise/receiver.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS /* Linux 6.6: the receiver runs on the caller's CPU, at once */
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, uint64_t)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

enum { STACK_SIZE = 256 << 10 };

static void *receiver_work(void *data);

/* With r->lock held. */
static int receiver_add_thread(struct receiver *r)
{
	pthread_t thread;
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, receiver_work, r);
	pthread_attr_destroy(&attr);
	if (!err) {
		r->threads++;
		r->idle++;
	}
	return -err;
}

/* This thread has something to do: another one must be there to lead. */
static void receiver_busy(struct receiver *r)
{
	pthread_mutex_lock(&r->lock);
	if (!--r->idle && r->threads < RECEIVER_THREADS_MAX)
		receiver_add_thread(r); /* without one, the next call waits until this thread is done */
	pthread_mutex_unlock(&r->lock);
}

/* Wait for the lead and then for a notification.  Returns 1 with *n; 0 if it is settled or the caller is gone already; -1 at the end. */
static int receiver_receive(struct receiver *r, struct seccomp_notif *n)
{
	struct pollfd p[] = {{.fd = r->listener, .events = POLLIN}, {.fd = r->stop, .events = POLLIN}};
	int ret = -1;
	pthread_mutex_lock(&r->lead);
	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	memset(n, 0, sizeof *n);
	if (!p[1].revents && p[0].revents & POLLIN)
		ret = !ioctl(r->listener, SECCOMP_IOCTL_NOTIF_RECV, n);
	if (ret > 0 && r->settled && r->settled(r, n))
		ret = 0;
	if (ret > 0)
		receiver_busy(r);
	pthread_mutex_unlock(&r->lead);
	return ret;
}

/* Done with a notification.  Returns 0 if this thread is one too many. */
static int receiver_rest(struct receiver *r)
{
	pthread_mutex_lock(&r->lock);
	int stays = r->idle < RECEIVER_IDLE_MAX;
	r->idle += (unsigned)stays;
	pthread_mutex_unlock(&r->lock);
	return stays;
}

static void receiver_leave(struct receiver *r, int idle)
{
	pthread_mutex_lock(&r->lock);
	r->idle -= (unsigned)idle;
	unsigned left = --r->threads;
	pthread_mutex_unlock(&r->lock);
	if (!left)
		r->ended(r);
}

static void *receiver_work(void *data)
{
	struct receiver *r = data;
	struct seccomp_notif n;
	int got, idle = 1;
	while (idle && (got = receiver_receive(r, &n)) >= 0) {
		if (!got)
			continue;
		r->received(r, &n);
		idle = receiver_rest(r);
	}
	receiver_leave(r, idle);
	return NULL;
}

int receiver_start(struct receiver *r)
{
	r->threads = r->idle = 0;
	r->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->stop < 0)
		return -errno;
	pthread_mutex_init(&r->lead, NULL);
	pthread_mutex_init(&r->lock, NULL);
	ioctl(r->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP); /* or it is slower */
	pthread_mutex_lock(&r->lock);
	int err = receiver_add_thread(r);
	pthread_mutex_unlock(&r->lock);
	if (err)
		close(r->stop);
	return err;
}

void receiver_stop(struct receiver *r)
{
	eventfd_write(r->stop, 1);
}

void receiver_free(struct receiver *r)
{
	close(r->listener);
	close(r->stop);
	pthread_mutex_destroy(&r->lead);
	pthread_mutex_destroy(&r->lock);
}
