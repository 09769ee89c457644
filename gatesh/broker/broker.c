/* SPDX-License-Identifier: BSD-2-Clause */
/* broker.c - opens, runs and ends the session's broker. */
#include "broker/broker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker/exchange.h"
#include "formats/turned.h"
#include "util/json.h"

enum { BACKLOG = 64, SHOWN = 512, PORT_MIN = 10000 };

struct client {
	struct broker *b;
	int fd;
};

/* Take a port that the interposer can be told of (formats/turned.h), which the kernel gives to nobody by itself. */
static int broker_bind(struct broker *b)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	for (unsigned tries = 0; tries < 256; tries++) {
		unsigned short at;
		if (getrandom(&at, sizeof at, 0) != sizeof at)
			return -EIO;
		b->port = PORT_MIN + at % (TURNED_PAST_MAX + 1 - PORT_MIN);
		a.sin_port = htons((uint16_t)b->port);
		if (!bind(b->fd, (struct sockaddr *)&a, sizeof a))
			return 0;
		if (errno != EADDRINUSE && errno != EACCES)
			return -errno;
	}
	return -EADDRINUSE;
}

static int broker_listen(struct broker *b)
{
	b->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err = b->fd < 0 ? -errno : broker_bind(b);
	return !err && listen(b->fd, BACKLOG) ? -errno : err;
}

static int broker_make_key(struct broker *b)
{
	unsigned char bytes[16];
	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		return -errno;
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(b->key + 2 * i, 3, "%02x", bytes[i]);
	cleanup_strbuf struct strbuf text = {0};
	request_head_put_basic("gate", b->key, &text);
	snprintf(b->proxy_key, sizeof b->proxy_key, "%s", text.s ? text.s : "");
	return text.err;
}

void broker_put_address(const struct broker *b, const struct secret *s, struct strbuf *out)
{
	bool six = strchr(s->host, ':') != NULL, usual = !strcmp(s->port, s->tls ? "443" : "80");
	if (s->tool == SECRET_TOOL_GIT)
		strbuf_printf(out, "http://%s%s%s%s%s%s", six ? "[" : "", s->host, six ? "]" : "", usual ? "" : ":",
			      usual ? "" : s->port, s->path);
	else
		strbuf_printf(out, "http://127.0.0.1:%u/%s/%s", b->port, b->key, s->name);
}

int broker_open(struct broker *b, const struct secret *secrets, size_t n)
{
	*b = (struct broker){.secrets = secrets, .nsecrets = n, .fd = -1};
	if (!n)
		return 0;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->done, NULL);
	b->crypto = crypto_load();
	b->settings = b->crypto ? b->crypto->settings() : NULL;
	int err = b->settings ? broker_make_key(b) : -ENOMEM;
	if (!err)
		err = broker_listen(b);
	for (size_t i = 0; !err && i < n; i++)
		secret_lock(&secrets[i]);
	if (err)
		broker_close(b);
	return err;
}

/* --- serving ------------------------------------------------------------------------------------------------------ */

/* Give the client a place, or -1. */
static int broker_enter(struct broker *b, int fd)
{
	int at = -1;
	pthread_mutex_lock(&b->lock);
	for (int i = 0; i < BROKER_CONNECTIONS_MAX && at < 0; i++)
		if (!b->clients[i])
			b->clients[at = i] = fd;
	b->nclients += at >= 0;
	pthread_mutex_unlock(&b->lock);
	return at;
}

static void broker_leave(struct broker *b, int fd)
{
	pthread_mutex_lock(&b->lock);
	for (int i = 0; i < BROKER_CONNECTIONS_MAX; i++)
		if (b->clients[i] == fd)
			b->clients[i] = 0;
	close(fd); /* under the lock: broker_close() shuts down what is in the list */
	if (!--b->nclients)
		pthread_cond_signal(&b->done);
	pthread_mutex_unlock(&b->lock);
}

static void *broker_serve(void *data)
{
	struct client c = *(struct client *)data;
	free(data);
	exchange_run(c.b, c.fd);
	broker_leave(c.b, c.fd);
	return NULL;
}

static void broker_take(struct broker *b, int fd)
{
	pthread_t thread;
	struct client *c = malloc(sizeof *c);
	if (!c || broker_enter(b, fd) < 0) {
		free(c);
		close(fd);
		return;
	}
	*c = (struct client){.b = b, .fd = fd};
	if (pthread_create(&thread, NULL, broker_serve, c)) {
		free(c);
		broker_leave(b, fd);
		return;
	}
	pthread_detach(thread);
}

static void *broker_run(void *data)
{
	struct broker *b = data;
	for (;;) {
		int fd = accept4(b->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			broker_take(b, fd);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			usleep(50000); /* until somebody closes a descriptor */
		else if (errno != EINTR && errno != ECONNABORTED)
			return NULL; /* shut down */
	}
}

int broker_start(struct broker *b)
{
	if (b->fd < 0)
		return 0;
	int err = leaks_collect(&b->leaks, b->secrets, b->nsecrets, b->key);
	if (err)
		return err;
	err = -pthread_create(&b->thread, NULL, broker_run, b);
	b->running = !err;
	return err;
}

void broker_close(struct broker *b)
{
	if (b->running) {
		shutdown(b->fd, SHUT_RDWR);
		pthread_join(b->thread, NULL);
		pthread_mutex_lock(&b->lock);
		for (int i = 0; i < BROKER_CONNECTIONS_MAX; i++)
			if (b->clients[i])
				shutdown(b->clients[i], SHUT_RDWR);
		while (b->nclients)
			pthread_cond_wait(&b->done, &b->lock);
		pthread_mutex_unlock(&b->lock);
	}
	for (size_t i = 0; b->running && i < b->nsecrets; i++)
		secret_end(&b->secrets[i]);
	if (b->fd >= 0)
		close(b->fd);
	if (b->settings)
		b->crypto->settings_free(b->settings);
	leaks_free(&b->leaks);
	b->settings = NULL;
	b->fd = -1;
	b->running = false;
}

/* --- the log ------------------------------------------------------------------------------------------------------ */

void broker_log(struct broker *b, struct audit *audit, const char *session)
{
	b->session = session;
	__atomic_store_n(&b->audit, audit, __ATOMIC_RELEASE);
}

/* The operations in one line. */
static void broker_put_operations(json_t *o, const char *operations)
{
	char text[SHOWN];
	snprintf(text, sizeof text, "%s", operations);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = c[1] ? ',' : '\0';
	json_put(o, "operation", text);
}

/* The principal, and method, host and path of the request, without what may hold anything. */
static void broker_put_request(const struct broker *b, json_t *o, const struct secret *s, const char *host,
			       const struct request_head *h, size_t skip, char request[SHOWN])
{
	size_t n = h->target_len - skip;
	const char *query = memchr(h->target + skip, '?', n);
	n = query ? (size_t)(query - h->target) - skip : n;
	snprintf(request, SHOWN, "%.*s %s%s%.*s", (int)h->method_len, h->method, host, s->path, (int)n,
		 h->target + skip);
	json_t *principal = json_object(); /* as in decisions */
	json_put(principal, "agent", b->principal);
	json_object_set_new(o, "principal", principal);
}

void broker_leaked(struct broker *b, const struct secret *s, const char *host, const struct request_head *h,
		   size_t skip, struct leak_word *w, bool refused)
{
	struct audit *audit = __atomic_load_n(&b->audit, __ATOMIC_ACQUIRE);
	char request[SHOWN], reason[2 * SHOWN];
	if (!audit || __atomic_exchange_n(&w->told, true, __ATOMIC_RELAXED))
		return;
	json_t *o = audit_record(b->session, "leak");
	broker_put_request(b, o, s, host, h, skip, request);
	json_put(o, "secret", w->name);
	json_put(o, "request", refused ? "" : request); /* the target may be where it is */
	json_put(o, "verdict", refused ? "deny" : "allow");
	snprintf(reason, sizeof reason, "the sentinel of %s in the %s of a request to %s", w->name,
		 refused ? "head" : "body", host);
	json_put(o, "reason", reason);
	audit_append(audit, o);
}

void broker_used(struct broker *b, const struct secret *s, const char *host, const struct request_head *h, size_t skip,
		 const char *operations, const char *failed)
{
	struct audit *audit = __atomic_load_n(&b->audit, __ATOMIC_ACQUIRE);
	json_t *o = audit ? audit_record(b->session, "credential") : NULL;
	char request[SHOWN], reason[SHOWN + SECRET_NAME_MAX + 24];
	if (!audit)
		return;
	broker_put_request(b, o, s, host, h, skip, request);
	json_put(o, "secret", s->name);
	json_put(o, "request", request);
	if (s->scope)
		json_put(o, "scope", secret_scope_name(s->scope));
	if (operations)
		broker_put_operations(o, operations);
	snprintf(reason, sizeof reason, "%s%s%s%s for %s", s->name, s->scope ? " (" : "", secret_scope_name(s->scope),
		 s->scope ? ")" : "", request);
	json_put(o, "reason", reason);
	if (failed)
		json_put(o, "failed", failed);
	audit_append(audit, o);
}
