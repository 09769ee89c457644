/* SPDX-License-Identifier: BSD-2-Clause */
/* loop.c - runs the event loop on epoll(7), with timers in a sorted list. */
#include "util/loop.h"

#include <errno.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

uint64_t loop_now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

int loop_init(struct loop *l)
{
	*l = (struct loop){.epoll = epoll_create1(EPOLL_CLOEXEC)};
	return l->epoll < 0 ? -errno : 0;
}

void loop_free(struct loop *l)
{
	if (l->epoll >= 0)
		close(l->epoll);
	l->epoll = -1;
}

static int loop_control(struct loop *l, int op, struct watch *s)
{
	struct epoll_event ev = {.events = s->events, .data.ptr = s};
	return epoll_ctl(l->epoll, op, s->fd, &ev) ? -errno : 0;
}

int loop_watch(struct loop *l, struct watch *s)
{
	return loop_control(l, EPOLL_CTL_ADD, s);
}

int loop_change(struct loop *l, struct watch *s, uint32_t events)
{
	if (s->events == events)
		return 0;
	s->events = events;
	return loop_control(l, EPOLL_CTL_MOD, s);
}

void loop_unwatch(struct loop *l, struct watch *s)
{
	if (s->fd >= 0)
		loop_control(l, EPOLL_CTL_DEL, s);
}

void timer_clear(struct loop *l, struct timer *t)
{
	for (struct timer **p = &l->timers; *p; p = &(*p)->next) {
		if (*p == t) {
			*p = t->next;
			break;
		}
	}
	t->at = 0;
	t->next = NULL;
}

void timer_set(struct loop *l, struct timer *t, uint64_t in_ms)
{
	timer_clear(l, t);
	t->at = loop_now() + in_ms;
	struct timer **p = &l->timers;
	while (*p && (*p)->at <= t->at)
		p = &(*p)->next;
	t->next = *p;
	*p = t;
}

/* Run the expired timers.  Returns the milliseconds until the next one, -1 if there is none. */
static int loop_expire(struct loop *l)
{
	uint64_t now = loop_now();
	while (l->timers && l->timers->at <= now) {
		struct timer *t = l->timers;
		timer_clear(l, t);
		t->expired(t);
	}
	if (!l->timers)
		return -1;
	now = loop_now();
	uint64_t left = l->timers->at > now ? l->timers->at - now : 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

int loop_step(struct loop *l)
{
	int wait = loop_expire(l);
	struct epoll_event ev;
	if (l->stop)
		return 0;
	/* One event at a time, because a callback may free any source and a batch could then hold a stale pointer. */
	int n = epoll_wait(l->epoll, &ev, 1, wait);
	if (n < 0 && errno != EINTR)
		return -errno;
	if (n == 1) {
		struct watch *s = ev.data.ptr;
		s->ready(s, ev.events);
	}
	return 0;
}

int loop_run(struct loop *l)
{
	int err = 0;
	while (!l->stop && !err)
		err = loop_step(l);
	return err;
}
