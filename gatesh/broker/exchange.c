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

#include "broker/body_whole.h"
#include "broker/exchange_parts.h"
#include "broker/refusal.h"

/* The client prints the body; a reset would take it away. */
static void exchange_finish(struct exchange *x)
{
	shutdown(x->fd, SHUT_WR);
	while (recv(x->fd, x->there_part, EXCHANGE_PART, 0) > 0)
		;
}

static void exchange_put_answer(struct exchange *x, const struct strbuf *text)
{
	if (!text->err && send(x->fd, text->s, text->len, MSG_NOSIGNAL) >= 0)
		exchange_finish(x);
}

void exchange_answer_typed(struct exchange *x, const char *status, const char *type, const char *body, size_t n)
{
	cleanup_strbuf struct strbuf text = {0};
	strbuf_printf(&text, "HTTP/1.1 %s\r\nContent-Type: %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
		      status, type, n);
	strbuf_put(&text, body, n);
	exchange_put_answer(x, &text);
}

void exchange_answer(struct exchange *x, const char *status, const char *why)
{
	cleanup_strbuf struct strbuf text = {0};
	refusal_write(&x->head, status, why, &text);
	exchange_put_answer(x, &text);
}

static bool exchange_read_head(struct exchange *x)
{
	struct pollfd p = {.fd = x->fd, .events = POLLIN};
	while (!(x->head_size = request_head_size(x->text, x->len)) && x->len < sizeof x->text) {
		ssize_t n = poll(&p, 1, EXCHANGE_HEAD_MS) == 1 ?
				    recv(x->fd, x->text + x->len, sizeof x->text - x->len, 0) :
				    0;
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

static const struct secret *exchange_named(const struct exchange *x, const char *name, size_t len)
{
	for (size_t i = 0; i < x->b->nsecrets; i++)
		if (strlen(x->b->secrets[i].name) == len && !memcmp(x->b->secrets[i].name, name, len))
			return &x->b->secrets[i]; /* of two scopes, the one that reads comes first */
	return NULL;
}

/* npm has the key in its token, "KEY.NAME". */
static const struct secret *exchange_find_by_token(const struct exchange *x)
{
	size_t n = 0, key = strlen(x->b->key), scheme = strlen("Bearer ");
	const char *token = request_head_field(&x->head, "authorization", &n);
	if (!token || n < scheme + key + 2 || strncasecmp(token, "Bearer ", scheme) || token[scheme + key] != '.' ||
	    !exchange_is_key(token + scheme, x->b->key))
		return NULL;
	const struct secret *s = exchange_named(x, token + scheme + key + 1, n - scheme - key - 1);
	return s && s->tool == SECRET_TOOL_NPM ? s : NULL;
}

/* How many bytes of "http://HOST[:PORT]/PATH..." are the secret's; 0: it is another place. */
static size_t exchange_own_part(const struct exchange *x, const struct secret *s)
{
	cleanup_strbuf struct strbuf own = {0};
	const char *t = x->head.target;
	size_t n = x->head.target_len;
	broker_put_address(x->b, s, &own);
	if (own.err || n < own.len || strncasecmp(t, own.s, own.len))
		return 0;
	return n == own.len || t[own.len] == '/' || t[own.len] == '?' ? own.len : 0;
}

/* git takes gatesh for a proxy: the target has the server, of which the longest path counts. */
static const struct secret *exchange_find_by_server(struct exchange *x)
{
	size_t n = 0, key = strlen(x->b->proxy_key);
	const char *given = request_head_field(&x->head, "proxy-authorization", &n);
	const struct secret *found = NULL;
	if (!given || n != key || !exchange_is_key(given, x->b->proxy_key))
		return NULL;
	for (size_t i = 0; i < x->b->nsecrets; i++) {
		const struct secret *s = &x->b->secrets[i];
		size_t own = s->tool == SECRET_TOOL_GIT ? exchange_own_part(x, s) : 0;
		if (own > x->skip) {
			found = s;
			x->skip = own;
		}
	}
	return found;
}

/* The secret that the target names: "/KEY/NAME" and what follows.  The key tells the session's programs from others. */
static const struct secret *exchange_find_secret(struct exchange *x)
{
	const char *t = x->head.target;
	size_t n = x->head.target_len, key = strlen(x->b->key);
	if (!n)
		return NULL;
	if (n < key + 2 || *t != '/' || t[key + 1] != '/' || !exchange_is_key(t + 1, x->b->key))
		return *t == '/' ? exchange_find_by_token(x) : exchange_find_by_server(x);
	const char *name = t + key + 2;
	size_t len = 0, rest = n - key - 2;
	while (len < rest && name[len] != '/' && name[len] != '?')
		len++;
	x->skip = key + 2 + len;
	return exchange_named(x, name, len);
}

static bool exchange_is_method(const struct exchange *x, const char *method)
{
	return x->head.method_len == strlen(method) && !memcmp(x->head.method, method, x->head.method_len);
}

/* Read what AWS's signature says, and the body if that has to be signed.  False: it was answered, or the client has gone. */
static bool exchange_read_aws(struct exchange *x)
{
	const char *wrong = aws_request_read(&x->head, x->skip, x->secret, &x->aws);
	size_t n;
	x->host = x->aws.host;
	if (!wrong && aws_request_needs_body(&x->aws)) {
		x->whole = true;
		x->body = (struct body){.phase = BODY_DONE};
		wrong = body_whole(x->fd, &x->head, x->text + x->head_size, x->len - x->head_size,
				   request_head_field(&x->head, "expect", &n) != NULL, &x->plain);
	}
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
	x->used = x->secret;
	x->host = x->secret->host;
	x->body = body_of(&x->head);
	return x->secret->tool != SECRET_TOOL_AWS || exchange_read_aws(x);
}

/* Write the head for the server.  Returns NULL, or what is wrong. */
static const char *exchange_write_head(struct exchange *x, const char *value, struct strbuf *out)
{
	const char *wrong = NULL;
	if (x->secret->tool == SECRET_TOOL_AWS)
		wrong = aws_request_sign(&x->aws, &x->head, value, x->b->crypto, &x->plain, out);
	else
		request_head_write(&x->head, x->secret, secret_is_certificate(x->used, value) ? NULL : value, x->skip,
				   out);
	return wrong ? wrong : out->err ? "out of memory" : NULL;
}

/* Connect to the server, with the secret's own roots and the client certificate if it has them.  Returns 0, or -1 with the reason in
 * x->up.why. */
static int exchange_connect(struct exchange *x, const char *value)
{
	const struct secret *s = x->secret;
	bool certificate = secret_is_certificate(x->used, value);
	if (s->ca || certificate) {
		x->settings = x->b->crypto->settings_with(s->ca, certificate ? value : NULL);
		if (!x->settings) {
			snprintf(x->up.why, sizeof x->up.why, "the secret %s: its ca= or its certificate can't be read",
				 s->name);
			return -1;
		}
	}
	return x->b->crypto->open(&x->up, x->settings ? x->settings : x->b->settings, x->host, s->port, s->tls);
}

/* Fetch the credential, connect, and send the head.  False: it was answered. */
static bool exchange_send_head(struct exchange *x)
{
	struct strbuf value = {0}, head = {0};
	const char *why = NULL;
	char text[512];
	int err = secret_fetch(x->used, &value, &why);
	bool refused = err == -EACCES;
	if (err)
		snprintf(text, sizeof text, "the secret %s from %s: %s", x->used->name, x->used->from, why);
	else if ((err = exchange_connect(x, value.s)))
		snprintf(text, sizeof text, "%s", x->up.why);
	if (!err) {
		const char *wrong = exchange_write_head(x, value.s, &head);
		err = wrong ? -EINVAL : x->b->crypto->send_all(&x->up, head.s, head.len);
		if (err)
			snprintf(text, sizeof text, "%s", wrong ? wrong : x->up.why);
	}
	broker_used(x->b, x->used, x->host, &x->head, x->skip, x->operations.s, err ? text : NULL);
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

void exchange_run(struct broker *b, int fd)
{
	struct exchange *x = calloc(1, sizeof *x + 2 * EXCHANGE_PART);
	if (!x)
		return;
	*x = (struct exchange){.b = b, .fd = fd, .up.fd = -1};
	x->there_part = (char *)(x + 1);
	x->back_part = x->there_part + EXCHANGE_PART;
	if (exchange_read_head(x) && exchange_understand(x) && exchange_judge(x) && exchange_send_head(x)) {
		exchange_pump(x);
		shutdown(fd, SHUT_WR);
	}
	x->b->crypto->close(&x->up);
	if (x->settings)
		x->b->crypto->settings_free(x->settings);
	aws_request_free(&x->aws);
	strbuf_free(&x->early);
	strbuf_free(&x->plain);
	strbuf_free(&x->operations);
	strbuf_free(&x->answer);
	free(x);
}
