/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange_pump.c - the body on its way to the server, and the answer on its way back. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "broker/exchange_parts.h"

enum { IDLE_MS = 600000 };

static int exchange_from_client(struct exchange *x)
{
	ssize_t n = recv(x->fd, x->there_part, EXCHANGE_PART, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!n)
		return -1; /* the client has gone, in the middle of its request */
	x->there.bytes = x->there_part;
	x->there.from = 0;
	x->there.to = body_take(&x->body, x->there_part, (size_t)n); /* as far as it belongs to this request */
	x->there.over = body_is_over(&x->body) || body_is_bad(&x->body);
	return 0;
}

static int exchange_to_server(struct exchange *x)
{
	ssize_t n = x->b->crypto->send(&x->up, x->there.bytes + x->there.from, x->there.to - x->there.from);
	if (n > 0)
		x->there.from += (size_t)n;
	return n == -1 ? -1 : 0;
}

/* After 401 the next use asks the source again.  git would ask for a password, which nobody in the session has: it gets another
 * answer, and true is returned. */
static bool exchange_is_rejected(struct exchange *x)
{
	char text[SECRET_NAME_MAX + 256];
	if (exchange_answer_status(x->answer.s, x->answer.len) != 401)
		return false;
	secret_forget(x->used); /* it has expired, or was taken back */
	if (x->secret->tool != SECRET_TOOL_GIT)
		return false;
	snprintf(text, sizeof text, "%s did not take the credential %s (401)", x->secret->host, x->used->name);
	exchange_answer(x, "403 Forbidden", text);
	return true;
}

/* "100 Continue" goes on at once: the client may wait for it.  Returns the size of the head behind it; 0: it has not come yet. */
static size_t exchange_pass_interim(struct exchange *x)
{
	size_t size;
	while ((size = x->answer.len ? request_head_size(x->answer.s, x->answer.len) : 0) &&
	       exchange_answer_status(x->answer.s, size) / 100 == 1) {
		if (send(x->fd, x->answer.s, size, MSG_NOSIGNAL) < 0)
			return 0;
		x->answer.len -= size;
		memmove(x->answer.s, x->answer.s + size, x->answer.len);
	}
	return size;
}

/* Hold the answer back until its head is complete, and put that right.  Other bytes go on as they are. */
static int exchange_take_answer_head(struct exchange *x)
{
	cleanup_strbuf struct strbuf address = {0}, head = {0};
	strbuf_put(&x->answer, x->back.bytes, x->back.to);
	x->back.to = 0;
	size_t size = exchange_pass_interim(x);
	if (x->answer.err || (!size && x->answer.len < REQUEST_HEAD_MAX && !x->back.over))
		return x->answer.err;
	if (exchange_is_rejected(x))
		return -1;
	broker_put_address(x->b, x->secret, &address);
	exchange_put_answer_head(x->answer.s, size, x->secret, address.s ? address.s : "", &head);
	strbuf_put(&head, x->answer.s ? x->answer.s + size : "", x->answer.len - size);
	if (address.err || head.err)
		return -ENOMEM;
	strbuf_free(&x->answer);
	x->answer = head;
	head = (struct strbuf){0};
	x->answered = true;
	x->back.bytes = x->answer.s;
	x->back.to = x->answer.len;
	return 0;
}

static int exchange_from_server(struct exchange *x)
{
	ssize_t n = x->b->crypto->receive(&x->up, x->back_part, EXCHANGE_PART);
	x->back.bytes = x->back_part;
	x->back.from = 0;
	x->back.to = n > 0 ? (size_t)n : 0;
	x->back.over = !n;
	return n == -1 ? -1 : x->answered ? 0 : exchange_take_answer_head(x);
}

static int exchange_to_client(struct exchange *x)
{
	ssize_t n = send(x->fd, x->back.bytes + x->back.from, x->back.to - x->back.from, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		x->back.from += (size_t)n;
	return n < 0 && errno != EAGAIN && errno != EINTR ? -1 : 0;
}

static bool exchange_is_empty(const struct lane *l)
{
	return l->from == l->to;
}

/* Wait for the side that something is to be had from or sent to. */
static int exchange_wait(struct exchange *x)
{
	bool more = !x->there.over && exchange_is_empty(&x->there);
	struct pollfd p[2] = {{.fd = x->fd, .events = more ? POLLIN : 0}, {.fd = x->up.fd}};
	if (!exchange_is_empty(&x->back))
		p[0].events |= POLLOUT;
	else
		p[1].events |= POLLIN;
	if (!exchange_is_empty(&x->there))
		p[1].events |= POLLOUT;
	int pending = exchange_is_empty(&x->back) ? x->b->crypto->pending(&x->up) : 0;
	int n = poll(p, 2, pending ? 0 : IDLE_MS);
	if ((n == 0 && !pending) || (n < 0 && errno != EINTR) || p[0].revents & (POLLERR | POLLNVAL))
		return -1;
	return 0;
}

void exchange_pump(struct exchange *x)
{
	int err = 0;
	const struct strbuf *first = x->whole ? &x->plain : &x->early;
	x->there = (struct lane){.bytes = first->s, .to = first->len};
	x->there.over = body_is_over(&x->body) || body_is_bad(&x->body);
	while (!err && !(x->back.over && exchange_is_empty(&x->back)) && !body_is_bad(&x->body)) {
		if (!exchange_is_empty(&x->there))
			err = exchange_to_server(x);
		else if (!x->there.over)
			err = exchange_from_client(x);
		if (!err && exchange_is_empty(&x->back))
			err = exchange_from_server(x);
		if (!err && !exchange_is_empty(&x->back))
			err = exchange_to_client(x);
		if (!err && !(x->back.over && exchange_is_empty(&x->back)))
			err = exchange_wait(x);
	}
}
