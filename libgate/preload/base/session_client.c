/* SPDX-License-Identifier: BSD-2-Clause */
/* session_client.c - sends a question to the session's socket in packets and reads the answer, with a limit on
 * silence. */
#include "preload/base/session_client.h"

#include <errno.h>
#include <linux/limits.h>
#include <sys/un.h>

#include "formats/session_names.h"
#include "formats/wire.h"
#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/seam_client.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

enum { RETRY_MS = 10, SMALL_PACKET = 4 << 10 };

/* An outgoing message, sent in packets of `size` bytes. */
struct out {
	int fd, err;
	size_t n, size;
	char *packet;
};

/* Wait until the socket is ready for `events`.  Returns 0, -ETIMEDOUT, or another negative errno. */
static int client_wait_ready(int fd, short events)
{
	long end = sys_now_ms() + WIRE_SILENCE_MS;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = events};
		long left = end - sys_now_ms();
		long n = sys_poll(&p, 1, left > 0 ? left : 0);
		if (n > 0)
			return 0;
		if (n != -EINTR)
			return n < 0 ? (int)n : -ETIMEDOUT;
	}
}

static void client_flush(struct out *o)
{
	struct iovec v = {o->packet, o->n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	while (!o->err && o->n) {
		long n = sys_sendmsg(o->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0)
			break;
		if (n == -EAGAIN)
			o->err = client_wait_ready(o->fd, POLLOUT);
		else if (n != -EINTR)
			o->err = (int)n;
	}
	o->n = 0;
}

static void client_put(struct out *o, const void *bytes, size_t n)
{
	const char *p = bytes;
	while (n && !o->err) {
		size_t room = o->size - o->n, part = n < room ? n : room;
		__builtin_memcpy(o->packet + o->n, p, part);
		o->n += part;
		p += part;
		n -= part;
		if (o->n == o->size)
			client_flush(o);
	}
}

/* Connect to the session.  While its queue is full, retry for as long as silence is tolerated.  Returns the descriptor,
 * or a negative errno. */
static int client_open_path(void)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	char path[SESSION_PATH_MAX];
	state_path(GATE_SOCKET_NAME, path);
	__builtin_memcpy(addr.sun_path, path, text_length(path) + 1);
	long fd = sys_socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK);
	fd = sys_above_standard(fd);
	if (fd < 0)
		return (int)fd;
	for (long end = sys_now_ms() + WIRE_SILENCE_MS;;) {
		long err = sys_connect((int)fd, &addr, sizeof addr);
		if (!err)
			return (int)fd;
		if (err == -EAGAIN && sys_now_ms() >= end)
			err = -ETIMEDOUT;
		if (err != -EAGAIN && err != -EINTR) {
			sys_close((int)fd);
			return (int)err;
		}
		sys_sleep_ms(RETRY_MS);
	}
}

/* With the seam, the session gives a connection: there need be no path to it, and no right to make sockets. */
static int client_open_socket(void)
{
	long fd = state.seam ? sys_above_standard(seam_request(SEAM_CHANNEL)) : -ENOENT;
	return fd == -ENOENT ? client_open_path() : (int)fd;
}

static int client_send_event(struct out *o, const struct session_ask *a)
{
	char cwd[PATH_MAX];
	long cwd_len = sys_getcwd(cwd, sizeof cwd);
	struct wire_event ev = a->event;
	ev.exe_len = a->exe ? (uint32_t)text_length(a->exe) + 1 : 0;
	ev.cwd_len = cwd_len > 0 ? (uint32_t)cwd_len : 0;
	ev.known_len = a->known ? (uint32_t)text_length(a->known) + 1 : 0;
	size_t argv_len = 0;
	for (; a->words[ev.argc]; ev.argc++)
		argv_len += text_length(a->words[ev.argc]) + 1;
	struct wire_head head = {.magic = WIRE_MAGIC, .version = WIRE_VERSION, .type = WIRE_EVENT};
	size_t total = sizeof head + sizeof ev + ev.exe_len + ev.cwd_len + ev.address_len + ev.known_len + ev.text_len +
		       argv_len;
	if (total > WIRE_MESSAGE_MAX || ev.argc > WIRE_ARGC_MAX)
		return -EMSGSIZE;
	head.length = (uint32_t)total;
	ev.argv_len = (uint32_t)argv_len;
	client_put(o, &head, sizeof head);
	client_put(o, &ev, sizeof ev);
	client_put(o, a->exe, ev.exe_len);
	client_put(o, cwd, ev.cwd_len);
	client_put(o, a->address, ev.address_len);
	client_put(o, a->known, ev.known_len);
	client_put(o, a->text, ev.text_len);
	for (const char *const *w = a->words; *w; w++)
		client_put(o, *w, text_length(*w) + 1);
	client_flush(o);
	return o->err;
}

/* Read one packet from the session: 1 for an answer, 0 for a sign of life, or a negative errno. */
static int client_read_packet(const char *buf, long n, struct wire_answer *answer)
{
	struct wire_head head;
	if (n <= 0)
		return n ? (int)n : -ECONNRESET;
	if (n < (long)sizeof head)
		return -EBADMSG;
	__builtin_memcpy(&head, buf, sizeof head);
	if (head.magic != WIRE_MAGIC || head.length != (unsigned long)n)
		return -EBADMSG;
	if (head.version != WIRE_VERSION)
		return -EPROTO;
	if (head.type == WIRE_ALIVE && n == (long)sizeof head)
		return 0;
	if (head.type != WIRE_ANSWER || n < (long)(sizeof head + sizeof *answer))
		return -EBADMSG;
	__builtin_memcpy(answer, buf + sizeof head, sizeof *answer);
	unsigned long left = (unsigned long)n - sizeof head - sizeof *answer;
	if (answer->text_len > left || answer->covers_len != left - answer->text_len || (left && buf[n - 1]) ||
	    (answer->text_len && buf[sizeof head + sizeof *answer + answer->text_len - 1]))
		return -EBADMSG;
	return 1;
}

/* Wait for the answer and put it into buf.  Returns 0 if allowed, 1 if refused, or a negative errno. */
static int client_receive_answer(int fd, char *buf, size_t size, struct ask_answer *out)
{
	for (;;) {
		struct wire_answer answer;
		int err = client_wait_ready(fd, POLLIN);
		if (err)
			return err;
		long n = sys_recv(fd, buf, size, MSG_DONTWAIT | MSG_TRUNC);
		if (n == -EINTR || n == -EAGAIN)
			continue;
		int kind = n > (long)size ? -EBADMSG : client_read_packet(buf, n, &answer);
		if (kind < 0)
			return kind;
		if (kind == 0)
			continue;
		const char *text = buf + sizeof(struct wire_head) + sizeof answer, *covers = text + answer.text_len;
		*out = (struct ask_answer){answer.text_len ? text : NULL, answer.covers_len > 1 ? covers : NULL,
					   answer.severity};
		return answer.ret != 0;
	}
}

/* Send the question in packets of `size` bytes.  Returns the socket, or a negative errno with *what saying what
 * failed. */
static int client_put_question(const struct session_ask *a, char *packet, size_t size, const char **what)
{
	*what = "the session can't be reached";
	int fd = client_open_socket();
	if (fd < 0)
		return fd;
	struct out o = {.fd = fd, .packet = packet, .size = size};
	int err = client_send_event(&o, a);
	/* The session may answer before it has read the whole question, for example because it is too large. */
	if (!err || err == -EPIPE)
		return fd;
	*what = "the session does not accept the question";
	sys_close(fd);
	return err;
}

/* Ask with packets of `size` bytes and `room` bytes for the answer. */
static int client_ask_in(const struct session_ask *a, char *packet, size_t size, char *buf, size_t room,
			 struct ask_answer *answer, const char **what)
{
	int fd = client_put_question(a, packet, size, what);
	if (fd < 0)
		return fd;
	int ret = client_receive_answer(fd, buf, room, answer);
	sys_close(fd);
	if (ret < 0)
		*what = "the session does not answer";
	return ret;
}

int session_ask(const struct session_ask *a, char line[ASK_LINE], const char **text)
{
	char packet[SMALL_PACKET];
	struct ask_answer answer = {0};
	int ret = client_ask_in(a, packet, sizeof packet, line, ASK_LINE, &answer, text);
	if (ret >= 0)
		*text = answer.text;
	return ret;
}

int session_ask_whole(const struct session_ask *a, struct ask_room *room, struct ask_answer *answer, const char **what)
{
	return client_ask_in(a, room->packet, sizeof room->packet, room->answer, sizeof room->answer, answer, what);
}

int session_ask_report(const struct session_ask *a, const char **what)
{
	char packet[SMALL_PACKET];
	int fd = client_put_question(a, packet, sizeof packet, what);
	if (fd < 0)
		return fd;
	sys_close(fd);
	return 0;
}

void session_ask_exec(const char *exe, const char *known, const char *const *argv)
{
	char packet[WIRE_PACKET], line[ASK_LINE];
	const char *what;
	const struct session_ask a = {.event = {.event = EVENT_EXEC}, .exe = exe, .known = known, .words = argv};
	struct ask_answer answer = {0};
	int ret = client_ask_in(&a, packet, sizeof packet, line, sizeof line, &answer, &what);
	if (ret < 0)
		message_fault(what, ret);
	else if (ret)
		message_refused(answer.text);
}
