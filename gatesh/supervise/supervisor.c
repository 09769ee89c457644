/* SPDX-License-Identifier: BSD-2-Clause */
/* supervisor.c - takes seccomp listeners from gate-standin, and dispatches each waiting system call to its judge. */
#include "supervise/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/paths.h"
#include "formats/image.h"
#include "formats/session_names.h"
#include "supervise/act_host_gatesh.h"
#include "supervise/tracee.h"
#include "util/debug_log.h"
#include "util/proc.h"

enum { ALIVE_MS = 1000 };

/* The programs behind one filter. */
struct listener {
	struct listener *next;
	struct supervisor *supervisor;
	struct watch source;
	struct call *calls;
	bool ended; /* freed with its last call */
};

static void supervisor_listener_free(struct listener *l)
{
	struct supervisor *s = l->supervisor;
	for (struct listener **p = &s->listeners; *p; p = &(*p)->next) {
		if (*p == l) {
			*p = l->next;
			break;
		}
	}
	close(l->source.fd);
	free(l);
}

struct supervisor *call_supervisor(const struct call *c)
{
	return c->listener->supervisor;
}

bool supervisor_possible(void)
{
	uint32_t action = SECCOMP_RET_USER_NOTIF;
	struct seccomp_notif_sizes sizes;
	return !syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) &&
	       !syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) &&
	       sizes.seccomp_notif <= sizeof(struct seccomp_notif) &&
	       sizes.seccomp_notif_resp <= sizeof(struct seccomp_notif_resp);
}

/* --- one call ----------------------------------------------------------------------------------------------------- */

static void supervisor_call_end(struct call *c)
{
	struct listener *l = c->listener;
	for (struct call **p = &l->calls; *p; p = &(*p)->next) {
		if (*p == c) {
			*p = c->next;
			break;
		}
	}
	timer_clear(l->supervisor->loop, &c->alive);
	free(c->exe);
	free(c->cwd);
	free(c->ancestry);
	free(c->path);
	free(c->other);
	free(c->unkept);
	free(c->words);
	free(c);
	if (l->ended && !l->calls)
		supervisor_listener_free(l);
}

static void supervisor_respond(struct call *c, const struct seccomp_notif_resp *r)
{
	/* Fails if the program is gone or was interrupted.  An interrupted call arrives again. */
	ioctl(c->listener->source.fd, SECCOMP_IOCTL_NOTIF_SEND, r);
	supervisor_call_end(c);
}

void call_continue(struct call *c)
{
	supervisor_respond(c,
			   &(struct seccomp_notif_resp){.id = c->notif.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE});
}

void call_return(struct call *c, int error, long value)
{
	supervisor_respond(c, &(struct seccomp_notif_resp){.id = c->notif.id, .error = error, .val = value});
}

static bool supervisor_still_waits(const struct call *c)
{
	return !ioctl(c->listener->source.fd, SECCOMP_IOCTL_NOTIF_ID_VALID, &c->notif.id);
}

/* Drop the question if the call no longer waits. */
static void supervisor_look(struct timer *t)
{
	struct call *c = t->data;
	if (supervisor_still_waits(c))
		timer_set(c->listener->supervisor->loop, t, ALIVE_MS);
	else
		job_abandon(&c->job);
}

static void supervisor_judged(struct job *j)
{
	struct call *c = j->data;
	if (c->decided)
		c->decided(c);
	if (j->ret == GATE_SUCCESS && c->allowed)
		c->allowed(c);
	else if (j->ret == GATE_SUCCESS)
		call_continue(c);
	else {
		if (*j->line)
			tracee_say((pid_t)c->notif.pid, j->line);
		call_return(c, -EPERM, 0);
	}
}

void call_identify(struct call *c)
{
	struct gate_event *ev = &c->job.event;
	struct proc p;
	ev->pid = tracee_process((pid_t)c->notif.pid);
	ev->uid = getuid();
	ev->start_time = proc_read(ev->pid, &p) ? 0 : p.start_time;
}

void call_ancestry(struct call *c)
{
	const struct supervisor *s = c->listener->supervisor;
	struct job *j = &c->job;
	if (c->ancestry)
		return;
	j->nchain = proc_ancestry(j->event.pid, s->root ? s->root : getpid(), j->chain, NULL);
	j->event.ancestry = c->ancestry = proc_describe(j->chain, j->nchain);
}

void call_judge(struct call *c)
{
	struct supervisor *s = c->listener->supervisor;
	call_identify(c);
	call_ancestry(c);
	c->job.done = supervisor_judged;
	c->job.data = c;
	c->alive = (struct timer){.expired = supervisor_look, .data = c};
	if (job_start(s->workers, &c->job))
		supervisor_judged(&c->job);
	else
		timer_set(s->loop, &c->alive, ALIVE_MS);
}

/* A dynamic program behind the filter has the hooks, which have already judged the calls they make. */
static void supervisor_decide(struct call *c)
{
	const struct seccomp_data *d = &c->notif.data;
	debug_log("call", "pid %d: system call %d, by the kernel", (int)c->notif.pid, d->nr);
	if (d->nr == SYS_connect || d->nr == SYS_sendto)
		supervise_connect(c); /* its hooks connect through libc, so this checks the whole program */
	else if (tracee_is_in((pid_t)c->notif.pid, d->instruction_pointer, gate_path(GATE_PATH_PRELOAD)))
		call_continue(c);
	else if (d->nr == SYS_execve || d->nr == SYS_execveat)
		supervise_exec(c);
	else
		supervise_file(c);
}

/* --- listeners ---------------------------------------------------------------------------------------------------- */

/* No program is left behind the filter.  Abandon its questions; the last call to end frees the listener. */
static void supervisor_listener_ended(struct listener *l)
{
	loop_unwatch(l->supervisor->loop, &l->source);
	l->ended = true;
	debug_log("handover", "the listener of descriptor %d ended", l->source.fd);
	connect_log_flush(&l->supervisor->contacts);
	for (struct call *c = l->calls; c; c = c->next)
		job_abandon(&c->job);
	if (!l->calls)
		supervisor_listener_free(l);
}

static void supervisor_notified(struct watch *w, uint32_t events)
{
	struct listener *l = w->data;
	struct call *c = events & EPOLLIN ? calloc(1, sizeof *c) : NULL;
	if (c && !ioctl(w->fd, SECCOMP_IOCTL_NOTIF_RECV, &c->notif)) {
		c->listener = l;
		c->next = l->calls;
		l->calls = c;
		supervisor_decide(c);
		return;
	}
	free(c);
	if (events & EPOLLHUP)
		supervisor_listener_ended(l);
}

/* Is this a seccomp listener?  Any process of the session can send a descriptor. */
static bool supervisor_is_listener(int fd)
{
	char link[64], name[64] = "";
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, name, sizeof name - 1);
	return n > 0 && strstr(name, "seccomp notify");
}

static int supervisor_receive_listener(int sock)
{
	char byte;
	int fd = -1;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	if (recvmsg(sock, &m, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	if (h && h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS && h->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(h), sizeof fd);
	if (fd >= 0 && !supervisor_is_listener(fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int supervisor_take(struct supervisor *s, int fd)
{
	struct listener *l = calloc(1, sizeof *l);
	if (!l)
		return -ENOMEM;
	*l = (struct listener){.supervisor = s, .next = s->listeners};
	l->source = (struct watch){.fd = fd, .events = EPOLLIN, .ready = supervisor_notified, .data = l};
	int err = loop_watch(s->loop, &l->source);
	debug_log("handover", "a seccomp listener, descriptor %d: %s", fd, err ? strerror(-err) : "taken");
	if (err)
		free(l);
	else
		s->listeners = l;
	return err;
}

/* The other end is gate-standin, which sends at once and waits for the byte.  Another process could delay gatesh, so the
 * wait is short. */
static void supervisor_connected(struct watch *w, uint32_t events)
{
	struct supervisor *s = w->data;
	struct ucred peer;
	socklen_t len = sizeof peer;
	struct timeval moment = {.tv_usec = 200000};
	int sock = accept4(w->fd, NULL, NULL, SOCK_CLOEXEC);
	if (sock < 0)
		return;
	bool ours = !getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &len) && (peer.uid == geteuid() || !peer.uid) &&
		    !setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
	int fd = ours ? supervisor_receive_listener(sock) : -1;
	if (fd >= 0 && supervisor_take(s, fd))
		close(fd);
	else if (fd >= 0)
		send(sock, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(sock);
}

/* --- open and close --------------------------------------------------------------------------------------------- */

static void supervisor_map_image(struct supervisor *s)
{
	char path[PATH_MAX];
	struct stat st;
	snprintf(path, sizeof path, "%s/" GATE_IMAGE_NAME, s->session);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && st.st_size) {
		void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
		s->image = map == MAP_FAILED ? NULL : map;
		s->image_size = (size_t)st.st_size;
	}
	if (fd >= 0)
		close(fd);
}

int supervisor_open(struct supervisor *s, struct loop *l, struct workers *w, const char *dir)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	*s = (struct supervisor){.loop = l, .workers = w, .source.fd = -1};
	int n = snprintf(addr.sun_path, sizeof addr.sun_path, "%s/" SUPERVISE_SOCKET, dir);
	if (n < 0 || (size_t)n >= sizeof addr.sun_path || strlen(dir) >= sizeof s->session)
		return -ENAMETOOLONG;
	strcpy(s->session, dir);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	s->source = (struct watch){.fd = fd, .events = EPOLLIN, .ready = supervisor_connected, .data = s};
	int err = bind(fd, (struct sockaddr *)&addr, sizeof addr) || listen(fd, SOMAXCONN) ? -errno :
											     loop_watch(l, &s->source);
	if (err) {
		close(fd);
		s->source.fd = -1;
		return err;
	}
	supervisor_map_image(s);
	connect_log_init(&s->contacts, l, w);
	return act_host_judges() ? 0 : act_host_open(dir);
}

void supervisor_close(struct supervisor *s)
{
	if (s->source.fd < 0)
		return;
	loop_unwatch(s->loop, &s->source);
	close(s->source.fd);
	s->source.fd = -1;
	for (struct listener *l = s->listeners, *next; l; l = next) {
		next = l->next;
		supervisor_listener_ended(l);
	}
	connect_log_free(&s->contacts);
	if (s->image)
		munmap((void *)(uintptr_t)s->image, s->image_size);
	s->image = NULL;
}
