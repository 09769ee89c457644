/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange.c - reads a request, sends it on with the credential, and brings the answer back. */
#include "broker/exchange.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker/aws_request.h"
#include "broker/body.h"
#include "broker/body_whole.h"
#include "broker/refusal.h"

enum { HEAD_MS = 30000, IDLE_MS = 600000, PART = 65536 };

/* Bytes on their way in one direction. */
struct lane {
	char *bytes; /* PART of them */
	size_t from, to;
	bool over; /* no more will come */
};

struct exchange {
	struct broker *b;
	int fd;
	char text[REQUEST_HEAD_MAX]; /* the head, and what came with it */
	size_t len, head_size;
	struct request_head head;
	const struct secret *secret;
	size_t skip; /* bytes of the target that name the secret */
	struct body body;
	struct upstream up;
	void *settings; /* of its TLS, where the secret has its own; else NULL */
	struct lane there, back;
	bool answered;          /* the server has begun to */
	struct aws_request aws; /* with tool=aws */
	struct strbuf whole;    /* the body, where it has to be signed; then the lane there sends it */
};

/* Answer instead of the server.  Programs print the text. */
static void exchange_answer(struct exchange *x, const char *status, const char *why)
{
	cleanup_strbuf struct strbuf text = {0};
	refusal_write(&x->head, status, why, &text);
	if (text.err || send(x->fd, text.s, text.len, MSG_NOSIGNAL) < 0)
		return;
	shutdown(x->fd, SHUT_WR);
	while (recv(x->fd, x->text, sizeof x->text, 0) > 0) /* a reset would take the answer away */
		;
}

static bool exchange_read_head(struct exchange *x)
{
	struct pollfd p = {.fd = x->fd, .events = POLLIN};
	while (!(x->head_size = request_head_size(x->text, x->len)) && x->len < sizeof x->text) {
		ssize_t n = poll(&p, 1, HEAD_MS) == 1 ? recv(x->fd, x->text + x->len, sizeof x->text - x->len, 0) : 0;
		if (n <= 0)
			return false;
		x->len += (size_t)n;
	}
	return x->head_size;
}

/* Compare in a time that does not depend on where they differ. */
static bool exchange_is_key(const char *s, const char *key)
{
	unsigned char differ = 0;
	for (; *key; s++, key++)
		differ |= (unsigned char)(*s ^ *key);
	return !differ;
}

/* The secret that the target names: "/KEY/NAME" and what follows.  The key tells the session's programs from others. */
static const struct secret *exchange_find_secret(struct exchange *x)
{
	const char *t = x->head.target;
	size_t n = x->head.target_len, key = strlen(x->b->key);
	if (n < key + 2 || *t != '/' || t[key + 1] != '/' || !exchange_is_key(t + 1, x->b->key))
		return NULL;
	const char *name = t + key + 2;
	size_t len = 0, rest = n - key - 2;
	while (len < rest && name[len] != '/' && name[len] != '?')
		len++;
	x->skip = key + 2 + len;
	for (size_t i = 0; i < x->b->nsecrets; i++)
		if (strlen(x->b->secrets[i].name) == len && !memcmp(x->b->secrets[i].name, name, len))
			return &x->b->secrets[i];
	return NULL;
}

static bool exchange_is_method(const struct exchange *x, const char *method)
{
	return x->head.method_len == strlen(method) && !memcmp(x->head.method, method, x->head.method_len);
}

/* Read what AWS's signature says, and the body if that has to be signed.  False: it was answered. */
static bool exchange_read_aws(struct exchange *x)
{
	const char *value, *wrong = aws_request_read(&x->head, x->skip, x->secret, &x->aws);
	size_t n;
	if (!wrong && aws_request_needs_body(&x->aws))
		wrong = body_whole(x->fd, &x->head, x->text + x->head_size, x->len - x->head_size,
				   request_head_field(&x->head, "expect", &value, &n), &x->whole);
	if (wrong && *wrong)
		exchange_answer(x, "400 Bad Request", wrong);
	return !wrong;
}

/* Parse the request.  False: it was answered. */
static bool exchange_understand(struct exchange *x)
{
	const char *wrong = request_head_parse(x->text, x->head_size, &x->head);
	if (wrong) {
		x->head = (struct request_head){0};
		exchange_answer(x, "400 Bad Request", wrong);
		return false;
	}
	x->secret = exchange_find_secret(x);
	if (!x->secret || exchange_is_method(x, "TRACE") || exchange_is_method(x, "CONNECT")) {
		exchange_answer(x, "403 Forbidden", "no such secret in this session");
		return false;
	}
	x->body = body_of(&x->head);
	return x->secret->tool != SECRET_TOOL_AWS || exchange_read_aws(x);
}

/* Write the head for the server.  Returns NULL, or what is wrong. */
static const char *exchange_write_head(struct exchange *x, const char *value, struct strbuf *out)
{
	const char *wrong = NULL;
	if (x->secret->tool == SECRET_TOOL_AWS)
		wrong = aws_request_sign(&x->aws, &x->head, value, x->b->crypto, &x->whole, out);
	else
		request_head_write(&x->head, x->secret, secret_is_certificate(x->secret, value) ? NULL : value, x->skip,
				   out);
	return wrong ? wrong : out->err ? "out of memory" : NULL;
}

/* Connect to the server, with the secret's own roots and the client certificate if it has them.  Returns 0, or -1 with the reason in
 * x->up.why. */
static int exchange_connect(struct exchange *x, const char *host, const char *value)
{
	const struct secret *s = x->secret;
	bool certificate = secret_is_certificate(s, value);
	if (s->ca || certificate) {
		x->settings = x->b->crypto->settings_with(s->ca, certificate ? value : NULL);
		if (!x->settings) {
			snprintf(x->up.why, sizeof x->up.why, "the secret %s: its ca= or its certificate can't be read",
				 s->name);
			return -1;
		}
	}
	return x->b->crypto->open(&x->up, x->settings ? x->settings : x->b->settings, host, s->port, s->tls);
}

/* Fetch the credential, connect, and send the head.  False: it was answered. */
static bool exchange_send_head(struct exchange *x)
{
	struct strbuf value = {0}, head = {0};
	const char *why = NULL;
	char text[512];
	int err = secret_fetch(x->secret, &value, &why);
	if (err)
		snprintf(text, sizeof text, "the secret %s from %s: %s", x->secret->name, x->secret->from, why);
	bool refused = err == -EACCES;
	const char *host = x->secret->tool == SECRET_TOOL_AWS ? x->aws.host : x->secret->host;
	if (!err && (err = exchange_connect(x, host, value.s)))
		snprintf(text, sizeof text, "%s", x->up.why);
	if (!err) {
		const char *wrong = exchange_write_head(x, value.s, &head);
		err = wrong ? -EINVAL : x->b->crypto->send_all(&x->up, head.s, head.len);
		if (err)
			snprintf(text, sizeof text, "%s", wrong ? wrong : x->up.why);
	}
	broker_used(x->b, x->secret, host, &x->head, x->skip, err ? text : NULL);
	if (value.s)
		explicit_bzero(value.s, value.cap);
	if (head.s)
		explicit_bzero(head.s, head.cap);
	strbuf_free(&value);
	strbuf_free(&head);
	if (err)
		exchange_answer(x, refused ? "403 Forbidden" : "502 Bad Gateway", text);
	return !err;
}

/* --- the body and the answer -------------------------------------------------------------------------------------- */

/* Take what the client sends, as far as it belongs to this request. */
static void exchange_take(struct exchange *x, const char *bytes, size_t n)
{
	size_t part = body_take(&x->body, bytes, n);
	if (bytes != x->there.bytes)
		memcpy(x->there.bytes, bytes, part);
	x->there.from = 0;
	x->there.to = part;
	x->there.over = body_is_over(&x->body) || body_is_bad(&x->body);
}

/* The body's beginning came with the head, or all of it is there. */
static void exchange_take_early(struct exchange *x)
{
	if (x->secret->tool == SECRET_TOOL_AWS && aws_request_needs_body(&x->aws))
		x->there = (struct lane){.bytes = x->whole.s, .to = x->whole.len, .over = true};
	else
		exchange_take(x, x->text + x->head_size, x->len - x->head_size);
}

static int exchange_from_client(struct exchange *x)
{
	ssize_t n = recv(x->fd, x->there.bytes, PART, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!n)
		return -1; /* the client has gone, in the middle of its request */
	exchange_take(x, x->there.bytes, (size_t)n);
	return 0;
}

static int exchange_to_server(struct exchange *x)
{
	ssize_t n = x->b->crypto->send(&x->up, x->there.bytes + x->there.from, x->there.to - x->there.from);
	if (n > 0)
		x->there.from += (size_t)n;
	return n == -1 ? -1 : 0;
}

static int exchange_from_server(struct exchange *x)
{
	ssize_t n = x->b->crypto->receive(&x->up, x->back.bytes, PART);
	if (n > 12 && !x->answered && !memcmp(x->back.bytes + 8, " 401", 4))
		secret_forget(x->secret); /* it has expired, or was taken back */
	x->answered |= n > 0;
	x->back.from = 0;
	x->back.to = n > 0 ? (size_t)n : 0;
	x->back.over = !n;
	return n == -1 ? -1 : 0;
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

static void exchange_pump(struct exchange *x)
{
	int err = 0;
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

void exchange_run(struct broker *b, int fd)
{
	struct exchange *x = calloc(1, sizeof *x + 2 * PART);
	if (!x)
		return;
	*x = (struct exchange){.b = b, .fd = fd, .up.fd = -1};
	x->there.bytes = (char *)(x + 1);
	x->back.bytes = x->there.bytes + PART;
	if (exchange_read_head(x) && exchange_understand(x) && exchange_send_head(x)) {
		exchange_take_early(x);
		exchange_pump(x);
		shutdown(fd, SHUT_WR);
	}
	x->b->crypto->close(&x->up);
	if (x->settings)
		x->b->crypto->settings_free(x->settings);
	aws_request_free(&x->aws);
	strbuf_free(&x->whole);
	free(x);
}
