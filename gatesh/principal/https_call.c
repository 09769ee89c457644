/* SPDX-License-Identifier: BSD-2-Clause */
/* https_call.c - sends a request by gate-crypto and reads the answer. */
#include "principal/https_call.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "crypto/crypto.h"
#include "principal/secret_memory.h"
#include "util/loop.h"

enum { ANSWER_MS = 20000 };

/* The settings of TLS are read once: the system's roots are some hundred certificates. */
static void *settings;

static void https_settings(void)
{
	const struct crypto *crypto = crypto_load();
	settings = crypto ? crypto->settings() : NULL;
}

static int https_fail(char *why, const char *says)
{
	snprintf(why, HTTPS_WHY_MAX, "%s", says);
	return -1;
}

static int https_send(const struct crypto *crypto, struct upstream *u, const struct https_call *c)
{
	cleanup_strbuf struct strbuf b = {0};
	const struct https_server *s = c->server;
	bool six = strchr(s->host, ':') != NULL;
	strbuf_printf(&b, "%s %s HTTP/1.1\r\nHost: %s%s%s:%s\r\nConnection: close\r\nUser-Agent: gate\r\n%s", c->method,
		      c->path, six ? "[" : "", s->host, six ? "]" : "", s->port, c->fields);
	if (c->body)
		strbuf_printf(&b, "Content-Length: %zu\r\n", strlen(c->body));
	strbuf_printf(&b, "\r\n%s", c->body ? c->body : "");
	int err = b.err ? -1 : crypto->send_all(u, b.s, b.len);
	if (b.err)
		snprintf(u->why, sizeof u->why, "memory is out");
	if (b.s)
		explicit_bzero(b.s, b.cap);
	return err;
}

/* Read until the answer is complete. */
static int https_receive(const struct crypto *crypto, struct upstream *u, char *text, struct https_answer *out,
			 char *why)
{
	uint64_t until = loop_now() + ANSWER_MS;
	size_t n = 0;
	for (;;) {
		ssize_t got = n < HTTPS_ANSWER_MAX ? crypto->receive(u, text + n, HTTPS_ANSWER_MAX - n) : -1;
		if (got == -1)
			return https_fail(why, n < HTTPS_ANSWER_MAX ? u->why : "the answer is too long");
		n += got > 0 ? (size_t)got : 0;
		int whole = got == -2 ? 0 : https_answer_parse(text, n, !got, out);
		if (whole)
			return whole > 0 ? 0 : https_fail(why, "the server's answer is not one of HTTP/1.1");
		uint64_t now = loop_now();
		struct pollfd p = {.fd = u->fd, .events = POLLIN};
		if (now >= until)
			return https_fail(why, "the server gave no answer in time");
		if (got == -2 && !crypto->pending(u))
			poll(&p, 1, (int)(until - now));
	}
}

int https_call(const struct https_call *c, char **memory, struct https_answer *out, char why[HTTPS_WHY_MAX])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct crypto *crypto = crypto_load();
	struct upstream u;
	pthread_once(&once, https_settings);
	*memory = crypto && settings ? secret_memory_room(HTTPS_ANSWER_MAX) : NULL;
	if (!*memory)
		return https_fail(why, crypto ? "memory is out" : "gate-crypto.so is not there");
	int err = crypto->open(&u, settings, c->server->host, c->server->port, c->server->tls);
	if (!err)
		err = https_send(crypto, &u, c);
	if (err)
		https_fail(why, u.why);
	else
		err = https_receive(crypto, &u, *memory, out, why);
	crypto->close(&u);
	if (err) {
		secret_memory_free(*memory);
		*memory = NULL;
	}
	return err;
}
