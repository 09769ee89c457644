/* SPDX-License-Identifier: BSD-2-Clause */
/* ask_server.c - receives events, starts a job for each, and sends the answers. */
#include "ask/ask_server.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ask/read_content.h"
#include "ask/statement_look.h"
#include "base/strbuf.h"
#include "formats/wire.h"
#include "util/debug_log.h"
#include "util/proc.h"

/* One connection: an event being received, then its job, then its answer. */
struct peer {
	struct peer *next;
	struct ask_server *server;
	struct watch source;
	struct timer deadline;
	struct ucred cred;
	struct strbuf message;
	struct job job;
	char *ancestry;
	bool judging, gone; /* gone: it hung up while judged; freed when the job is done */
};

static void ask_server_unlink_peer(struct peer *p)
{
	for (struct peer **q = &p->server->peers; *q; q = &(*q)->next) {
		if (*q == p) {
			*q = p->next;
			break;
		}
	}
	p->server->npeers--;
}

static void ask_server_hang_up(struct peer *p)
{
	if (p->source.fd < 0)
		return;
	loop_unwatch(p->server->loop, &p->source);
	close(p->source.fd);
	p->source.fd = -1;
	timer_clear(p->server->loop, &p->deadline);
}

static void ask_server_peer_free(struct peer *p)
{
	ask_server_hang_up(p);
	ask_server_unlink_peer(p);
	p->server->bytes -= p->message.len;
	strbuf_free(&p->message);
	wire_free_event(&p->job.event);
	free(p->ancestry);
	free(p);
}

/* Send the answer and close the connection. */
static void ask_server_reply(struct peer *p, int ret, const char *text)
{
	if (ret == GATE_BUF_ERR)
		debug_log("fault", "pid %d: %s", (int)p->cred.pid, text ? text : "");
	char buf[WIRE_ANSWER_MAX];
	const struct job *j = &p->job;
	const struct wire_verdict v = {
		.ret = ret, .text = text, .covers = *j->covers ? j->covers : NULL, .severity = j->severity};
	size_t n = wire_encode_answer(buf, &v);
	if (p->source.fd >= 0)
		send(p->source.fd, buf, n,
		     MSG_DONTWAIT | MSG_NOSIGNAL); /* full socket: the peer gets no answer and refuses by itself */
	ask_server_peer_free(p);
}

/* The line for the process's stderr.  Where a full-screen program has drawn on that, the session shows it instead, and the process
 * prints nothing. */
static const char *ask_server_line(const struct peer *p)
{
	const struct ask_server *a = p->server;
	const char *line = p->job.line;
	if (p->source.fd < 0 || p->job.event.type == GATE_EVENT_STATEMENT || !a->screened ||
	    !a->screened(p->cred.pid, a->data))
		return line;
	a->workers->tell(GATE_STYLE_ERROR, line, a->workers->data);
	return "";
}

static void ask_server_judged(struct job *j)
{
	struct peer *p = j->data;
	p->judging = false;
	ask_server_reply(p, j->ret, j->ret == GATE_SUCCESS || !*j->line ? NULL : ask_server_line(p));
}

/* Refuse the process now.  Its question stays open, and the peer until the job is done. */
static void ask_server_come_back(struct job *j)
{
	struct peer *p = j->data;
	char buf[WIRE_ANSWER_MAX];
	const struct wire_verdict v = {.ret = GATE_TIMEOUT, .text = ask_server_line(p)};
	size_t n = wire_encode_answer(buf, &v);
	send(p->source.fd, buf, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	ask_server_hang_up(p);
}

/* The hook of an agent tells of a tool call: note it, and answer with the refusals of one that has ended. */
static void ask_server_told(struct peer *p, const struct wire_told *told)
{
	struct ask_server *a = p->server;
	struct proc chain[PROC_DEPTH_MAX];
	char text[TOOL_CALL_REFUSALS + 32] = "";
	int n = proc_ancestry(p->cred.pid, a->root ? a->root : getpid(), chain, NULL);
	if (a->workers->calls)
		tool_calls_take(a->workers->calls, told, chain, n, text, sizeof text);
	ask_server_reply(p, GATE_SUCCESS, *text ? text : NULL);
}

/* Decode a complete message and start its job. */
static void ask_server_judge(struct peer *p)
{
	struct ask_server *a = p->server;
	struct gate_event *ev = &p->job.event;
	struct wire_told told;
	timer_clear(a->loop, &p->deadline);
	if (!wire_decode_told(p->message.s, p->message.len, &told)) {
		ask_server_told(p, &told);
		return;
	}
	int err = wire_decode_event(p->message.s, p->message.len, ev);
	if (err) {
		ask_server_reply(p, GATE_BUF_ERR, "gate: refused: the question could not be read.");
		return;
	}
	struct proc *chain = p->job.chain;
	int n = p->job.nchain = proc_ancestry(p->cred.pid, a->root ? a->root : getpid(), chain, NULL);
	ev->pid = p->cred.pid;
	ev->uid = p->cred.uid;
	ev->start_time = n ? chain[0].start_time : 0;
	ev->read = read_content;
	ev->ancestry = p->ancestry = proc_describe(chain, n);
	unsigned flags = wire_event_flags(p->message.s);
	if (flags & WIRE_REPORT) {
		job_record(a->workers, ev, flags & WIRE_REFUSED ? JOB_REFUSED : 0);
		ask_server_peer_free(p);
		return;
	}
	if (allowed_scripts_take(&a->scripts, ev) || statement_look_passes(&a->look, a->workers, ev)) {
		ask_server_reply(p, GATE_SUCCESS, NULL);
		return;
	}
	p->job.done = ask_server_judged;
	p->job.told = ask_server_come_back;
	p->job.data = p;
	p->judging = true;
	if (job_start(a->workers, &p->job))
		ask_server_judged(&p->job);
}

/* Receive one more packet.  Returns 1 if the message is complete, 0 if not, or a negative errno. */
static int ask_server_receive(struct peer *p)
{
	static char packet[WIRE_PACKET]; /* used by the main thread only */
	ssize_t n = recv(p->source.fd, packet, sizeof packet, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (!n)
		return -EPIPE;
	if (p->judging || n > (ssize_t)sizeof packet || (!p->message.len && n < (ssize_t)sizeof(struct wire_head)))
		return -EBADMSG;
	if (p->server->bytes + (size_t)n > ASK_BYTES_MAX)
		return -ENOBUFS;
	strbuf_put(&p->message, packet, (size_t)n);
	if (p->message.err)
		return -ENOMEM;
	p->server->bytes += (size_t)n;
	long expect = wire_expect(p->message.s, p->message.len);
	if (expect < 0 || p->message.len > (size_t)expect)
		return expect < 0 ? (int)expect : -EBADMSG;
	return p->message.len == (size_t)expect;
}

static void ask_server_peer_ready(struct watch *s, uint32_t events)
{
	struct peer *p = s->data;
	int got = ask_server_receive(p);
	if (got > 0) {
		ask_server_judge(p);
	} else if (got < 0 && p->judging) {
		ask_server_hang_up(p); /* its question is abandoned too */
		job_abandon(&p->job);
	} else if (got == -EPIPE || got == -ECONNRESET) {
		ask_server_peer_free(p);
	} else if (got == -ENOBUFS || got == -ENOMEM || got == -EMSGSIZE) {
		ask_server_reply(p, GATE_BUF_ERR, "gate: refused: the command is too large to be judged now.");
	} else if (got < 0) {
		ask_server_reply(p, GATE_BUF_ERR, "gate: refused: the question could not be read.");
	}
}

static void ask_server_too_late(struct timer *t)
{
	ask_server_reply(t->data, GATE_BUF_ERR, "gate: refused: the question did not arrive completely in time.");
}

void ask_server_take(struct ask_server *a, int fd, const struct ucred *asker)
{
	struct peer *p = calloc(1, sizeof *p);
	if (!p || a->npeers >= ASK_PEERS_MAX) {
		debug_log("fault", "a question was turned away: %u wait already", a->npeers);
		static const struct wire_verdict full = {
			.ret = GATE_BUF_ERR, .text = "gate: refused: too many questions at once. Wait, and try again."};
		char buf[WIRE_ANSWER_MAX];
		size_t n = wire_encode_answer(buf, &full);
		send(fd, buf, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		close(fd);
		free(p);
		return;
	}
	p->server = a;
	p->cred = *asker;
	p->source = (struct watch){.fd = fd, .events = EPOLLIN | EPOLLRDHUP, .ready = ask_server_peer_ready, .data = p};
	p->deadline = (struct timer){.expired = ask_server_too_late, .data = p};
	p->next = a->peers;
	a->peers = p;
	a->npeers++;
	timer_set(a->loop, &p->deadline, ASK_MESSAGE_MS);
	if (loop_watch(a->loop, &p->source))
		ask_server_peer_free(p);
}

/* The pathname socket is for this user's processes and root's. */
static void ask_server_accepted(struct ask_server *a, int fd)
{
	struct ucred peer;
	socklen_t len = sizeof peer;
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) && (peer.uid == geteuid() || !peer.uid))
		ask_server_take(a, fd, &peer);
	else
		close(fd);
}

static void ask_server_connected(struct watch *s, uint32_t events)
{
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		ask_server_accepted(s->data, fd);
}

/* A peer that was stopped, or frozen with the machine, has not read the last sign of life.  It needs no second one when
 * it goes on; and a socket that is full of them has no room for the answer. */
static bool ask_server_has_read(const struct peer *p)
{
	int unread;
	return ioctl(p->source.fd, SIOCOUTQ, &unread) || !unread;
}

/* Tell every waiting peer that the session is alive. */
static void ask_server_heartbeat(struct timer *t)
{
	struct ask_server *a = t->data;
	struct wire_head head = {
		.magic = WIRE_MAGIC, .version = WIRE_VERSION, .type = WIRE_ALIVE, .length = sizeof head};
	for (struct peer *p = a->peers; p; p = p->next)
		if (p->judging && p->source.fd >= 0 && ask_server_has_read(p))
			send(p->source.fd, &head, sizeof head, MSG_DONTWAIT | MSG_NOSIGNAL);
	timer_set(a->loop, &a->alive, WIRE_ALIVE_MS);
}

void ask_server_open(struct ask_server *a, struct loop *l, struct workers *w)
{
	*a = (struct ask_server){.loop = l, .workers = w, .open = true, .source.fd = -1};
	a->alive = (struct timer){.expired = ask_server_heartbeat, .data = a};
	timer_set(l, &a->alive, WIRE_ALIVE_MS);
}

int ask_server_listen(struct ask_server *a, const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof addr.sun_path)
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	a->source = (struct watch){.fd = fd, .events = EPOLLIN, .ready = ask_server_connected, .data = a};
	int err = bind(fd, (struct sockaddr *)&addr, sizeof addr) || listen(fd, SOMAXCONN) ?
			  -errno :
			  loop_watch(a->loop, &a->source);
	if (err) {
		close(fd);
		a->source.fd = -1;
	}
	return err;
}

/* Log the reports that were sent but not read yet, even though their senders have ended.  Skip questions: nobody waits
 * for them any more. */
static void ask_server_take_reports(struct ask_server *a)
{
	for (int fd; a->source.fd >= 0 && (fd = accept4(a->source.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;)
		ask_server_accepted(a, fd);
	for (struct peer *p = a->peers, *next; p; p = next) {
		struct wire_event ev;
		int got = 0;
		next = p->next;
		while (!p->judging && got == 0 && !p->gone) {
			size_t before = p->message.len;
			got = ask_server_receive(p);
			p->gone = !got && p->message.len == before; /* no more packets */
		}
		if (got <= 0 || p->message.len < sizeof(struct wire_head) + sizeof ev)
			continue;
		memcpy(&ev, p->message.s + sizeof(struct wire_head), sizeof ev);
		if (ev.flags & WIRE_REPORT)
			ask_server_judge(p);
	}
}

void ask_server_close(struct ask_server *a)
{
	if (!a->open)
		return;
	ask_server_take_reports(a);
	a->open = false;
	allowed_scripts_free(&a->scripts);
	gate_end(a->look, GATE_SUCCESS);
	a->look = NULL;
	timer_clear(a->loop, &a->alive);
	loop_unwatch(a->loop, &a->source);
	if (a->source.fd >= 0)
		close(a->source.fd);
	a->source.fd = -1;
	for (struct peer *p = a->peers, *next; p; p = next) {
		next = p->next;
		ask_server_hang_up(p);
		if (p->judging)
			job_abandon(&p->job);
		else
			ask_server_peer_free(p);
	}
}
