/* loop.h - the event loop of gatesh: descriptors and timers, one thread.  Everything a session does that is not waiting
 * for a person or judging an event happens in its callbacks, and none of them blocks. */
#ifndef GATESH_UTIL_LOOP_H
#define GATESH_UTIL_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

struct loop;

/* A descriptor being watched.  Caller-owned; must stay in place while watched.  `events` is EPOLLIN, EPOLLOUT, ...
 * (EPOLLHUP and EPOLLERR always come).  The callback may unwatch and free its own source. */
struct watch {
	int fd;
	uint32_t events;
	void (*ready)(struct watch *s, uint32_t events);
	void *data;
};

/* A one-shot timer.  Caller-owned, zero-initialised; must stay in place while set. */
struct timer {
	struct timer *next;
	uint64_t at; /* ms of the monotonic clock; 0: not set */
	void (*expired)(struct timer *t);
	void *data;
};

struct loop {
	int epoll;
	bool stop;
	struct timer *timers; /* soonest first */
};

/* Milliseconds of the monotonic clock. */
uint64_t loop_now(void);

/* 0 or a negative errno. */
int loop_init(struct loop *l);
void loop_free(struct loop *l);

/* Watch `s`, or change what is watched.  0 or a negative errno. */
int loop_watch(struct loop *l, struct watch *s);
int loop_change(struct loop *l, struct watch *s, uint32_t events);
/* Harmless when it is not watched.  Does not close the descriptor. */
void loop_unwatch(struct loop *l, struct watch *s);

/* Set (again) or clear a timer. */
void timer_set(struct loop *l, struct timer *t, uint64_t in_ms);
void timer_clear(struct loop *l, struct timer *t);

/* Run what has expired, wait for one event or timer, run it.  0 or a negative errno. */
int loop_step(struct loop *l);

/* Run until l->stop.  0 or a negative errno. */
int loop_run(struct loop *l);

#endif
