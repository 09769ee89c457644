/* SPDX-License-Identifier: BSD-2-Clause */
/* call_wait.c - looks at the callers of open questions, and gives their calls back when a signal waits. */
#include "supervise/call_wait.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "supervise/caller_signal.h"
#include "util/debug_log.h"

enum {
	LOOK_MS = 20,      /* a handler runs that late at most */
	LOOK_CALLS = 50,   /* for so many calls; for more, as much rarer: at most some 10 % of a CPU */
	AWAY_MS = 1000,    /* a call that was given back and not made again by then is not made again */
	ERESTARTSYS = 512, /* the kernel's own (include/linux/errno.h); no program ever sees it */
};

static void call_wait_look(struct timer *t);

static void call_wait_set_timer(struct supervisor *s)
{
	unsigned n = s->nwaiting;
	s->look.expired = call_wait_look;
	s->look.data = s;
	timer_set(s->loop, &s->look, n > LOOK_CALLS ? LOOK_MS * n / LOOK_CALLS : LOOK_MS);
}

void call_wait_begin(struct call *c)
{
	struct supervisor *s = call_supervisor(c);
	c->waits = true;
	c->next_waiting = s->waiting;
	s->waiting = c;
	if (!s->nwaiting++)
		call_wait_set_timer(s);
}

void call_wait_end(struct call *c)
{
	struct supervisor *s = call_supervisor(c);
	if (!c->waits)
		return;
	for (struct call **p = &s->waiting; *p; p = &(*p)->next_waiting) {
		if (*p == c) {
			*p = c->next_waiting;
			break;
		}
	}
	c->waits = false;
	if (!--s->nwaiting)
		timer_clear(s->loop, &s->look);
}

void call_wait_drop(struct call *c)
{
	if (!c->waits || c->dropped || (c->settled && !c->away))
		return;
	c->dropped = true;
	if (c->settled)
		call_return(c, -EPERM, 0); /* to nobody: it frees the call */
	else
		job_abandon(&c->job);
}

bool call_wait_settle(struct call *c)
{
	c->settled = true;
	return !c->away || c->dropped;
}

/* --- given back, and made again ----------------------------------------------------------------------------------- */

static bool call_wait_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool call_wait_same_words(char *const *a, char *const *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *b && !strcmp(*a, *b); a++, b++)
		;
	return !*a && !*b;
}

/* The same registers point to the same memory, but another thread may have changed that. */
static bool call_wait_same(const struct call *a, const struct call *b)
{
	const struct seccomp_data *x = &a->notif.data, *y = &b->notif.data;
	return a->notif.pid == b->notif.pid && a->listener == b->listener &&
	       a->job.event.start_time == b->job.event.start_time && a->job.event.uid == b->job.event.uid &&
	       x->nr == y->nr && a->narrow == b->narrow && !memcmp(x->args, y->args, sizeof x->args) &&
	       call_wait_same_text(a->exe, b->exe) && call_wait_same_text(a->cwd, b->cwd) &&
	       call_wait_same_text(a->path, b->path) && call_wait_same_text(a->other, b->other) &&
	       call_wait_same_text(a->unkept, b->unkept) && call_wait_same_text(a->reason, b->reason) &&
	       call_wait_same_words(a->words, b->words) && !memcmp(&a->address, &b->address, sizeof a->address);
}

struct call *call_wait_resume(struct call *c)
{
	struct call *w = call_supervisor(c)->waiting;
	while (w && (!w->away || w->dropped || !call_wait_same(w, c)))
		w = w->next_waiting;
	if (!w)
		return NULL;
	debug_log("call", "pid %d: system call %d is made again, %s", (int)c->notif.pid, c->notif.data.nr,
		  w->settled ? "and has its answer" : "and waits on");
	w->notif = c->notif;
	w->away = false;
	w->pending = 0;
	return w;
}

static void call_wait_leave(struct call *c)
{
	c->away = true;
	c->away_until = loop_now() + AWAY_MS;
}

/* The thread runs a handler, or is stopped, or will never make the call again. */
static void call_wait_look_away(struct call *c)
{
	enum caller_state state = caller_signal_state((pid_t)c->notif.pid);
	if (state == CALLER_STOPPED)
		call_wait_leave(c);
	else if (state == CALLER_GONE || loop_now() >= c->away_until)
		call_wait_drop(c);
}

static void call_wait_give_back(struct call *c)
{
	const struct seccomp_notif_resp r = {.id = c->notif.id, .error = -ERESTARTSYS};
	debug_log("call", "pid %d: a signal waits for the caller of system call %d", (int)c->notif.pid,
		  c->notif.data.nr);
	ioctl(call_listener_fd(c), SECCOMP_IOCTL_NOTIF_SEND, &r); /* if it fails, the program is gone */
	holder_answered(call_supervisor(c)->holder, r.id);
	call_wait_leave(c);
}

/* A call is invalid if its program was killed; before Linux 5.19, after any signal. */
static void call_wait_look_at(struct call *c)
{
	if (!c->away && ioctl(call_listener_fd(c), SECCOMP_IOCTL_NOTIF_ID_VALID, &c->notif.id))
		call_wait_leave(c);
	if (c->away)
		call_wait_look_away(c);
	else if (caller_signal_waits((pid_t)c->notif.pid, &c->pending))
		call_wait_give_back(c);
}

static void call_wait_look(struct timer *t)
{
	struct supervisor *s = t->data;
	for (struct call *c = s->waiting, *next; c; c = next) {
		next = c->next_waiting;
		if (!c->dropped && !(c->settled && !c->away))
			call_wait_look_at(c);
	}
	if (s->nwaiting)
		call_wait_set_timer(s);
}
