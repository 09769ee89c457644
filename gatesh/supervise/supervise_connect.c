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

/* Copy the address into c and parse it.  Returns 1; 0 if it is not an address that can be judged, and the kernel goes
 * on; or a negative errno if the address can't be read. */
static int supervise_connect_read_address(struct call *c, struct gate_dest *d)
{
	const struct seccomp_data *data = &c->notif.data;
	bool sends = data->nr == SYS_sendto;
	uint64_t from = data->args[sends ? 4 : 1];
	int len = (int)data->args[sends ? 5 : 2];
	if (!from || len <= 0 || (size_t)len > sizeof c->address)
		return 0;
	int err = tracee_bytes((pid_t)c->notif.pid, from, &c->address, (size_t)len);
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
		path = n > 0 ? real : p.path;
		if (fd >= 0)
			close(fd);
		close(p.parent);
	}
	c->job.event.path = c->path = strdup(path);
	return c->path ? 0 : -ENOMEM;
}

/* A dynamic program that a static one started is behind the filter but has the hooks, which judge its connections.
 * Returns 1, 0, or a negative errno. */
static int supervise_connect_is_hooked(struct call *c)
{
	struct connect_log *known = &call_supervisor(c)->contacts;
	const struct contact *process = connect_log_find(known, &c->job.event, NULL);
	if (process)
		return process->verdict == CONTACT_HOOKED;
	int hooked = tracee_maps((pid_t)c->notif.pid, gate_path(GATE_PATH_PRELOAD));
	if (hooked >= 0)
		connect_log_put(known, &c->job.event, NULL, hooked ? CONTACT_HOOKED : CONTACT_UNHOOKED);
	return hooked;
}

/* No decision is possible. */
static void supervise_connect_fault(struct call *c, int err)
{
	const struct supervisor *s = call_supervisor(c);
	const struct gate_image_head *head = s->image;
	char line[128];
	bool go_on = head && head->flags & GATE_IMAGE_ON_FAULT_ALLOW;
	snprintf(line, sizeof line, "gate: %s: the destination of a supervised program can't be read, %s",
		 go_on ? "not judged" : "refused", strerror(-err));
	tracee_say((pid_t)c->notif.pid, line);
	if (go_on)
		call_continue(c);
	else
		call_return(c, -EPERM, 0);
}

static bool supervise_connect_frozen(const struct call *c)
{
	const struct gate_image_head *head = call_supervisor(c)->image;
	return head && head->flags & GATE_IMAGE_ASK_ALL;
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
	const struct gate_image_head *head = call_supervisor(c)->image;
	return !head || !(head->flags & GATE_IMAGE_CONNECT_PASS) ||
	       gate_image_concerns_connect(head, d, c->path, NULL, 0);
}

/* Judge a destination that is new for this process. */
static void supervise_connect_judge(struct call *c, const struct gate_dest *d)
{
	struct supervisor *s = call_supervisor(c);
	bool asks = supervise_connect_frozen(c) || supervise_connect_of_concern(c, d);
	call_ancestry(c);
	if (asks) {
		c->decided = supervise_connect_remember;
		call_judge(c);
		return;
	}
	job_record(s->workers, &c->job.event, 0);
	connect_log_put(&s->contacts, &c->job.event, d, CONTACT_PASSED);
	call_continue(c);
}

/* Fill in the event.  Returns 1; 0 if the call is not judged here, because the kernel or the program's hooks handle it;
 * or a negative errno. */
static int supervise_connect_read_call(struct call *c, struct gate_dest *d)
{
	int ret = supervise_connect_read_address(c, d);
	if (ret <= 0)
		return ret;
	ret = supervise_connect_read_actor(c);
	if (!ret)
		ret = supervise_connect_is_hooked(c);
	if (ret)
		return ret < 0 ? ret : 0;
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

void supervise_connect(struct call *c)
{
	struct gate_dest d;
	struct contact *known = NULL;
	int ret = supervise_connect_read_call(c, &d);
	if (ret > 0 && !supervise_connect_frozen(c))
		known = connect_log_find(&call_supervisor(c)->contacts, &c->job.event, &d);
	if (ret < 0)
		supervise_connect_fault(c, ret);
	else if (!ret)
		call_continue(c);
	else if (known)
		supervise_connect_again(c, known);
	else
		supervise_connect_judge(c, &d);
}
