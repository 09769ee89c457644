/* SPDX-License-Identifier: BSD-2-Clause */
/* supervisor.c - gives each waiting system call to its judge, and answers it. */
#include "supervise/supervisor.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "formats/seam.h"
#include "preload/base/own_files.h"
#include "store/store_carried.h"
#include "supervise/act_host_gatesh.h"
#include "supervise/call_abi.h"
#include "supervise/call_wait.h"
#include "supervise/receiver.h"
#include "util/debug_log.h"
#include "util/harden.h"
#include "util/proc.h"

/* The programs behind one filter. */
struct listener {
	struct listener *next;
	struct supervisor *supervisor;
	struct receiver receiver;
	struct mail end;
	struct call *calls; /* those that were posted; main thread */
	bool ended;         /* freed with its last call */
};

struct supervisor *listener_supervisor(const struct listener *l)
{
	return l->supervisor;
}

int listener_fd(const struct listener *l)
{
	return l->receiver.listener;
}

struct supervisor *call_supervisor(const struct call *c)
{
	return c->listener->supervisor;
}

const struct gate_image_head *call_image(const struct call *c)
{
	return page_image(c->listener->supervisor->page);
}

/* Before SECCOMP_ADDFD_FLAG_SEND (Linux 5.14), no request of the interposer's could be answered. */
static bool supervisor_kernel_is_recent(void)
{
	struct utsname u;
	unsigned major = 0, minor = 0;
	return uname(&u) || sscanf(u.release, "%u.%u", &major, &minor) != 2 || major > 5 || (major == 5 && minor >= 14);
}

bool supervisor_possible(void)
{
	uint32_t action = SECCOMP_RET_USER_NOTIF;
	struct seccomp_notif_sizes sizes;
	return supervisor_kernel_is_recent() && !syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) &&
	       !syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) &&
	       sizes.seccomp_notif <= sizeof(struct seccomp_notif) &&
	       sizes.seccomp_notif_resp <= sizeof(struct seccomp_notif_resp);
}

/* --- listeners ---------------------------------------------------------------------------------------------------- */

/* Main thread. */
void listener_remember(struct listener *l, struct call *c)
{
	c->next = l->calls;
	l->calls = c;
}

void listener_forget(struct listener *l, const struct call *c)
{
	for (struct call **p = &l->calls; *p; p = &(*p)->next) {
		if (*p == c) {
			*p = c->next;
			break;
		}
	}
}

void listener_release(struct listener *l)
{
	if (!l->ended || l->calls)
		return;
	for (struct listener **p = &l->supervisor->listeners; *p; p = &(*p)->next) {
		if (*p == l) {
			*p = l->next;
			break;
		}
	}
	struct supervisor *s = l->supervisor;
	receiver_free(&l->receiver);
	free(l);
	if (!s->listeners && s->alone)
		s->alone(s->alone_data);
}

static void supervisor_drop_calls(struct listener *l)
{
	for (struct call *c = l->calls; c; c = c->next)
		call_wait_drop(c);
}

static bool supervisor_is_network(int nr)
{
	return nr == SYS_connect || nr == SYS_sendto || nr == SYS_sendmsg || nr == SYS_sendmmsg;
}

static void supervisor_decide(struct call *c)
{
	int err = call_abi_widen((pid_t)c->notif.pid, &c->notif.data, &c->narrow);
	int nr = c->notif.data.nr;
	debug_log("call", "pid %d: system call %d, by the kernel", (int)c->notif.pid, nr);
	if (err)
		call_return(c, err, 0);
	else if (supervisor_is_network(nr))
		supervise_connect(c);
	else if (nr == SYS_execve || nr == SYS_execveat)
		supervise_exec(c);
	else if (supervise_signal_sends(nr))
		supervise_signal(c);
	else
		supervise_file(c);
}

/* In the thread that leads.  A request touches no file of the session. */
static bool supervisor_settled(struct receiver *r, const struct seccomp_notif *n)
{
	if (n->data.args[5] != SEAM_REQUEST || n->data.args[4] == SEAM_BIRTHS) /* that one waits */
		return false;
	const struct listener *l = r->data;
	holder_received(l->supervisor->holder, n->id);
	supervise_request(r->data, n);
	holder_answered(l->supervisor->holder, n->id);
	return true;
}

/* In a receiving thread. */
static void supervisor_received(struct receiver *r, const struct seccomp_notif *n)
{
	struct listener *l = r->data;
	holder_received(l->supervisor->holder, n->id);
	if (n->data.args[5] == SEAM_REQUEST) {
		supervise_request(l, n);
		holder_answered(l->supervisor->holder, n->id);
		return;
	}
	struct call *c = calloc(1, sizeof *c);
	if (!c) {
		const struct seccomp_notif_resp no = {.id = n->id, .error = -ENOMEM};
		ioctl(r->listener, SECCOMP_IOCTL_NOTIF_SEND, &no);
		holder_answered(l->supervisor->holder, n->id);
		return;
	}
	c->listener = l;
	c->notif = *n;
	supervisor_decide(c);
}

/* Main thread: no program is left behind the filter, or the session closes.  Abandon its questions; the last call to end
 * frees the listener. */
static void supervisor_listener_ended(struct mail *m)
{
	struct listener *l = (struct listener *)((char *)m - offsetof(struct listener, end));
	l->ended = true;
	debug_log("handover", "the listener of descriptor %d ended", listener_fd(l));
	connect_log_flush(&l->supervisor->contacts);
	supervisor_drop_calls(l);
	listener_release(l);
}

static void supervisor_receiver_ended(struct receiver *r)
{
	struct listener *l = r->data;
	mailbox_post(l->supervisor->workers->box, &l->end);
}

int supervisor_take(struct supervisor *s, int fd)
{
	struct listener *l = calloc(1, sizeof *l);
	int err = l ? 0 : -ENOMEM;
	if (l) {
		*l = (struct listener){.supervisor = s, .end.deliver = supervisor_listener_ended};
		l->receiver = (struct receiver){.listener = fd,
						.received = supervisor_received,
						.settled = supervisor_settled,
						.ended = supervisor_receiver_ended,
						.data = l};
		/* The holder first: no call may be received that it could not answer. */
		err = s->holder ? holder_give(s->holder, fd) : 0;
	}
	if (!err)
		err = receiver_start(&l->receiver);
	debug_log("handover", "a seccomp listener, descriptor %d: %s", fd, err ? strerror(-err) : "taken");
	if (err) {
		free(l);
		close(fd);
		return err;
	}
	l->next = s->listeners;
	s->listeners = l;
	return 0;
}

void supervisor_know_first(struct supervisor *s, pid_t pid)
{
	struct proc p;
	bool known = s->agent && !proc_read(pid, &p);
	s->first = known ? pid : 0;
	s->first_start = known ? p.start_time : 0;
}

/* --- open and close --------------------------------------------------------------------------------------------- */

int supervisor_open(struct supervisor *s)
{
	struct harden_support kernel;
	harden_probe(&kernel);
	s->listeners = NULL;
	s->open = true;
	s->scopes = kernel.scopes;
	connect_log_init(&s->contacts, s->loop, s->workers);
	pthread_mutex_init(&s->lookups.lock, NULL);
	resolvers_read(&s->resolvers, "/etc/resolv.conf");
	act_host_open(page_image(s->page));
	if (s->tables->map && !own_files_enter(s->tables->map, s->tables->size))
		store_carried_read(&(struct store_carried_reader){own_files_carry, own_files_carry_file});
	return 0;
}

bool supervisor_busy(const struct supervisor *s)
{
	return s->listeners;
}

void supervisor_close(struct supervisor *s)
{
	if (!s->open)
		return;
	s->open = false;
	for (struct listener *l = s->listeners; l; l = l->next) {
		receiver_stop(&l->receiver);
		supervisor_drop_calls(l);
	}
}

void supervisor_free(struct supervisor *s)
{
	if (s->contacts.loop)
		connect_log_free(&s->contacts);
}
