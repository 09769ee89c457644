/* SPDX-License-Identifier: BSD-2-Clause */
/* call.c - one waiting system call: who makes it, how it is judged, and how it is answered. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "supervise/call_wait.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"
#include "util/proc.h"

enum { ACT_STACK = 256 << 10 };

static void call_free(struct call *c)
{
	free(c->exe);
	free(c->cwd);
	free(c->ancestry);
	free(c->path);
	free(c->other);
	free(c->unkept);
	free(c->reason);
	free(c->subject);
	free(c->words);
	free(c->envp);
	free(c);
}

int call_listener_fd(const struct call *c)
{
	return listener_fd(c->listener);
}

/* Main thread: a call that was posted has been answered. */
static void call_ended(struct mail *m)
{
	struct call *c = (struct call *)((char *)m - offsetof(struct call, mail));
	struct listener *l = c->listener;
	call_wait_end(c);
	listener_forget(l, c);
	call_free(c);
	listener_release(l);
}

static void call_respond(struct call *c, const struct seccomp_notif_resp *r)
{
	/* Fails if the program is gone or was interrupted.  An interrupted call arrives again. */
	ioctl(call_listener_fd(c), SECCOMP_IOCTL_NOTIF_SEND, r);
	holder_answered(call_supervisor(c)->holder, r->id);
	if (!c->posted) {
		call_free(c);
		return;
	}
	c->mail.deliver = call_ended;
	mailbox_post(call_supervisor(c)->workers->box, &c->mail);
}

void call_continue(struct call *c)
{
	call_respond(c, &(struct seccomp_notif_resp){.id = c->notif.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE});
}

void call_return(struct call *c, int error, long value)
{
	call_respond(c, &(struct seccomp_notif_resp){.id = c->notif.id, .error = error, .val = value});
}

void call_identify(struct call *c)
{
	struct gate_event *ev = &c->job.event;
	struct proc p;
	struct tracee_owner owner = tracee_owner((pid_t)c->notif.pid);
	ev->pid = owner.pid;
	ev->uid = owner.uid;
	ev->start_time = proc_read(ev->pid, &p) ? 0 : p.start_time;
}

void call_ancestry(struct call *c)
{
	const struct supervisor *s = call_supervisor(c);
	struct job *j = &c->job;
	if (c->ancestry)
		return;
	j->nchain = proc_ancestry(j->event.pid, s->root ? s->root : getpid(), j->chain, NULL);
	j->event.ancestry = c->ancestry = proc_describe(j->chain, j->nchain);
}

/* --- judged ------------------------------------------------------------------------------------------------------- */

static void *call_act(void *data)
{
	struct call *c = data;
	c->allowed(c);
	return NULL;
}

/* After a yes: what is left to do touches the session's files, so it must not hold up the main thread. */
static int call_start_act(struct call *c)
{
	pthread_t thread;
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setstacksize(&attr, ACT_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, call_act, c);
	pthread_attr_destroy(&attr);
	return -err;
}

/* The job is done, and its caller waits or nobody does. */
static void call_answer(struct call *c)
{
	struct job *j = &c->job;
	bool yes = j->ret == GATE_SUCCESS && !c->dropped;
	if (yes && !c->allowed) {
		if (j->event.type == GATE_EVENT_EXEC)
			allowed_scripts_add(&call_supervisor(c)->ask->scripts, &j->event);
		call_continue(c);
		return;
	}
	if (yes && !call_start_act(c))
		return;
	if (*j->line && !c->away)
		tracee_say((pid_t)c->notif.pid, j->line);
	call_return(c, -EPERM, 0);
}

static void call_judged(struct job *j)
{
	struct call *c = j->data;
	if (c->decided)
		c->decided(c);
	if (call_wait_settle(c))
		call_answer(c);
}

/* A signal interrupted the call, and now it is made again. */
static bool call_resumed(struct call *c)
{
	struct call *earlier = call_wait_resume(c);
	if (!earlier)
		return false;
	call_ended(&c->mail);
	if (earlier->settled)
		call_answer(earlier);
	return true;
}

void call_judge(struct call *c)
{
	struct supervisor *s = call_supervisor(c);
	c->job.done = call_judged;
	c->job.data = c;
	if (!s->open)
		call_return(c, -EPERM, 0);
	else if (call_resumed(c))
		;
	else if (job_start(s->workers, &c->job))
		call_judged(&c->job);
	else
		call_wait_begin(c);
}

/* Main thread: a call has arrived from a receiving thread. */
static void call_arrived(struct mail *m)
{
	struct call *c = (struct call *)((char *)m - offsetof(struct call, mail));
	listener_remember(c->listener, c);
	if (c->decide && call_supervisor(c)->open)
		c->decide(c);
	else
		call_judge(c);
}

void call_post(struct call *c)
{
	call_identify(c);
	call_ancestry(c);
	c->posted = true;
	c->mail.deliver = call_arrived;
	mailbox_post(call_supervisor(c)->workers->box, &c->mail);
}
