/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_connect.c - judges the connections of a supervised program as the interposer would.  Its lookups were not
 * seen, so the name is unknown.  The kernel then goes on with the call, so Gate does not see an address that another
 * thread of the program swaps in meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/paths.h"
#include "formats/image.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"

/* The address in a struct msghdr. */
static int supervise_connect_read_header(const struct call *c, uint64_t at, uint64_t *from, int *len)
{
	pid_t tid = (pid_t)c->notif.pid;
	struct msghdr m = {0};
	uint32_t narrow[2] = {0}; /* msg_name and msg_namelen */
	int err = c->narrow ? tracee_bytes(tid, at, narrow, sizeof narrow) : tracee_bytes(tid, at, &m, sizeof m);
	*from = c->narrow ? narrow[0] : (uintptr_t)m.msg_name;
	*len = (int)(c->narrow ? narrow[1] : m.msg_namelen);
	return err;
}

/* sendmmsg(2): the messages usually have one address, or none.  Two that differ can't be judged as one: -EXDEV. */
static int supervise_connect_find_common(const struct call *c, uint64_t *from, int *len)
{
	enum { MESSAGES_MAX = 1024, NARROW = 32 };
	const struct seccomp_data *d = &c->notif.data;
	struct sockaddr_storage first = {0}, other = {0};
	size_t step = c->narrow ? NARROW : sizeof(struct mmsghdr);
	int err = supervise_connect_read_header(c, d->args[1], from, len);
	if (!err && *from && *len > 0 && (size_t)*len <= sizeof first)
		err = tracee_bytes((pid_t)c->notif.pid, *from, &first, (size_t)*len);
	for (uint64_t i = 1; !err && i < d->args[2] && i < MESSAGES_MAX; i++) {
		uint64_t at;
		int n;
		err = supervise_connect_read_header(c, d->args[1] + i * step, &at, &n);
		if (!err && (!at != !*from || n != *len))
			err = -EXDEV;
		if (!err && at && n > 0 && (size_t)n <= sizeof other)
			err = tracee_bytes((pid_t)c->notif.pid, at, &other, (size_t)n);
		if (!err && at && memcmp(&first, &other, sizeof first))
			err = -EXDEV;
	}
	return err;
}

/* Where is the address?  *from is 0 if there is none. */
static int supervise_connect_find_address(const struct call *c, uint64_t *from, int *len)
{
	const struct seccomp_data *d = &c->notif.data;
	switch (d->nr) {
	case SYS_connect: *from = d->args[1], *len = (int)d->args[2]; return 0;
	case SYS_sendto: *from = d->args[4], *len = (int)d->args[5]; return 0;
	case SYS_sendmmsg: return supervise_connect_find_common(c, from, len);
	default: return supervise_connect_read_header(c, d->args[1], from, len);
	}
}

/* Copy the address into c and parse it.  Returns 1; 0 if it is not an address that can be judged, and the kernel goes
 * on; or a negative errno if the address can't be read. */
static int supervise_connect_read_address(struct call *c, struct gate_dest *d)
{
	uint64_t from;
	int len;
	int err = supervise_connect_find_address(c, &from, &len);
	if (err || !from || len <= 0 || (size_t)len > sizeof c->address)
		return err == -EFAULT ? 0 : err;
	err = tracee_bytes((pid_t)c->notif.pid, from, &c->address, (size_t)len);
	if (err)
		return err == -EFAULT ? 0 : err;
	c->job.event.address = (const struct sockaddr *)&c->address;
	c->job.event.address_len = (size_t)len;
	return gate_dest_of(&c->address, (size_t)len, d);
}

/* Fill in the event's process: its program and directory. */
static int supervise_connect_read_actor(struct call *c)
{
	char exe[PATH_MAX], cwd[PATH_MAX];
	pid_t tid = (pid_t)c->notif.pid;
	struct gate_event *ev = &c->job.event;
	int err = tracee_link(tid, "exe", exe);
	if (!err)
		err = tracee_link(tid, "cwd", cwd);
	if (err)
		return err;
	ev->struct_size = sizeof *ev;
	ev->type = GATE_EVENT_CONNECT;
	ev->size = 1;
	ev->exe = c->exe = strdup(exe);
	ev->cwd = c->cwd = strdup(cwd);
	call_identify(c);
	return c->exe && c->cwd ? 0 : -ENOMEM;
}

static void supervise_connect_read_socket(struct call *c)
{
	struct gate_event *ev = &c->job.event;
	socklen_t len = sizeof ev->socket_type;
	int fd = tracee_take_fd((pid_t)c->notif.pid, (int)c->notif.data.args[0]);
	if (fd < 0) /* not a descriptor: the kernel will say so */
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &ev->socket_type, &len) ||
	    getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &ev->socket_protocol, &len))
		ev->socket_protocol = 0;
	close(fd);
}

/* Find the real path of a unix socket, as the program would.  A path that can't be resolved stays as it is. */
static int supervise_connect_read_path(struct call *c, const struct gate_dest *d)
{
	char link[32], real[PATH_MAX];
	struct tracee_path p;
	pid_t tid = (pid_t)c->notif.pid;
	const char *path = d->path;
	if (*path != '@' && !tracee_resolve(tid, AT_FDCWD, path, &p)) {
		int fd = tracee_follow(tid, &p, false);
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		ssize_t n = fd < 0 ? -1 : readlink(link, real, sizeof real - 1);
		real[n > 0 ? n : 0] = '\0';
		tracee_cut(tid, real);
		path = n > 0 ? real : p.path;
		if (fd >= 0)
			close(fd);
		close(p.parent);
	}
	c->job.event.path = c->path = strdup(path);
	return c->path ? 0 : -ENOMEM;
}

/* No decision is possible. */
static void supervise_connect_fault(struct call *c, int err)
{
	char line[128];
	bool go_on = call_image(c)->flags & GATE_IMAGE_ON_FAULT_ALLOW;
	snprintf(line, sizeof line, "gate: %s: %s", go_on ? "not judged" : "refused",
		 err == -EXDEV ? "a sendmmsg to several destinations at once, which the session can't judge" :
				 "the destination can't be read by the session");
	tracee_say((pid_t)c->notif.pid, line);
	if (go_on)
		call_continue(c);
	else
		call_return(c, -EPERM, 0);
}

static bool supervise_connect_frozen(const struct call *c)
{
	return call_image(c)->flags & GATE_IMAGE_ASK_ALL;
}

/* The session has decided: it remembers that for the process (formats/remembered.h, supervised-verdict), unless nobody
 * could decide. */
static void supervise_connect_remember(struct call *c)
{
	struct connect_log *known = &call_supervisor(c)->contacts;
	const struct gate_event *ev = &c->job.event;
	bool passed = c->job.ret == GATE_SUCCESS;
	struct gate_dest d;
	if (supervise_connect_frozen(c) || c->job.ret >= GATE_SERVICE_ERR ||
	    !gate_dest_of(ev->address, ev->address_len, &d))
		return;
	const struct contact *other = connect_log_find(known, ev, &d); /* another thread's, meanwhile */
	if (!other)
		connect_log_put(known, ev, &d, passed ? CONTACT_PASSED : CONTACT_REFUSED);
	else if (other->verdict == CONTACT_REFUSED)
		c->job.line[0] = '\0';
}

static bool supervise_connect_of_concern(const struct call *c, const struct gate_dest *d)
{
	const struct gate_image_head *head = call_image(c);
	return !(head->flags & GATE_IMAGE_CONNECT_PASS) || gate_image_concerns_connect(head, d, c->path, NULL, 0);
}

/* Judge a destination that is new for this process. */
static void supervise_connect_judge(struct call *c, const struct gate_dest *d)
{
	struct supervisor *s = call_supervisor(c);
	if (supervise_connect_frozen(c) || supervise_connect_of_concern(c, d)) {
		c->decided = supervise_connect_remember;
		call_judge(c);
		return;
	}
	job_record(s->workers, &c->job.event, 0);
	connect_log_put(&s->contacts, &c->job.event, d, CONTACT_PASSED);
	call_continue(c);
}

/* Does libc look a name up?  The interposer sees the name and its addresses. */
static bool supervise_connect_is_lookup(const struct call *c, const struct gate_dest *d)
{
	struct supervisor *s = call_supervisor(c);
	return resolvers_have(&s->resolvers, d) || lookups_have(&s->lookups, (pid_t)c->notif.pid);
}

/* Fill in the event.  Returns 1; 0 if the call is not judged here; or a negative errno. */
static int supervise_connect_read_call(struct call *c, struct gate_dest *d)
{
	int ret = supervise_connect_read_address(c, d);
	if (ret > 0 && supervise_connect_is_lookup(c, d))
		return 0;
	if (ret <= 0)
		return ret;
	ret = supervise_connect_read_actor(c);
	if (ret)
		return ret;
	supervise_connect_read_socket(c);
	ret = d->family == AF_UNIX ? supervise_connect_read_path(c, d) : 0;
	return ret ? ret : 1;
}

static void supervise_connect_again(struct call *c, struct contact *known)
{
	connect_log_count(&call_supervisor(c)->contacts, known);
	if (known->verdict == CONTACT_PASSED)
		call_continue(c);
	else
		call_return(c, -EPERM, 0);
}

/* Main thread, which has the table of destinations. */
static void supervise_connect_decide(struct call *c)
{
	const struct gate_event *ev = &c->job.event;
	struct gate_dest d;
	struct contact *known = NULL;
	gate_dest_of(ev->address, ev->address_len, &d);
	if (!supervise_connect_frozen(c))
		known = connect_log_find(&call_supervisor(c)->contacts, ev, &d);
	if (known)
		supervise_connect_again(c, known);
	else
		supervise_connect_judge(c, &d);
}

void supervise_connect(struct call *c)
{
	struct gate_dest d;
	int ret = supervise_connect_read_call(c, &d);
	c->decide = supervise_connect_decide;
	if (ret < 0)
		supervise_connect_fault(c, ret);
	else if (!ret)
		call_continue(c);
	else
		call_post(c);
}
