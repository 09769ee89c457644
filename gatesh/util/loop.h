/* SPDX-License-Identifier: BSD-2-Clause */
/* loop.h - gatesh's event loop: descriptors and timers, in one thread.  Everything that a session does happens in its
 * callbacks, except judging an event and waiting for a person.  No callback blocks. */
#ifndef GATESH_UTIL_LOOP_H
#define GATESH_UTIL_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

struct loop;

/* A watched descriptor.  Caller-owned; must not move while watched.  `events` is EPOLLIN, EPOLLOUT, ...  (EPOLLHUP and
 * EPOLLERR are always delivered).  The callback may unwatch and free its own source. */
struct watch {
	int fd;
	uint32_t events;
	void (*ready)(struct watch *s, uint32_t events);
	void *data;
};

/* A one-shot timer.  Caller-owned, zero-initialised; must not move while set. */
struct timer {
	struct timer *next;
	uint64_t at; /* on the monotonic clock, in ms; 0: not set */
	void (*expired)(struct timer *t);
	void *data;
};

struct loop {
	int epoll;
	bool stop;
	struct timer *timers; /* soonest first */
};

/* The monotonic clock in milliseconds. */
uint64_t loop_now(void);

/* Returns 0 or a negative errno. */
int loop_init(struct loop *l);
void loop_free(struct loop *l);

/* Watch `s`, or change the events it is watched for.  Returns 0 or a negative errno. */
int loop_watch(struct loop *l, struct watch *s);
int loop_change(struct loop *l, struct watch *s, uint32_t events);
/* Harmless if `s` is not watched.  Does not close the descriptor. */
void loop_unwatch(struct loop *l, struct watch *s);

/* Set a timer, again if it is set already; clear a timer. */
void timer_set(struct loop *l, struct timer *t, uint64_t in_ms);
void timer_clear(struct loop *l, struct timer *t);

/* Run the expired timers, wait for one event or timer, and run the event's callback.  Returns 0 or a negative errno. */
int loop_step(struct loop *l);

/* Run until l->stop is set.  Returns 0 or a negative errno. */
int loop_run(struct loop *l);

#endif
