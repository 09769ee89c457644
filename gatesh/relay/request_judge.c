/* SPDX-License-Identifier: BSD-2-Clause */
/* request_judge.c - requests that get a credential, as events.
 *
 * A question has as many holders as may still touch it: the thread that waits, the main thread until the job is done, and a
 * message that takes the question back.  The last one frees it. */
#include "relay/request_judge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ask/said_event.h"
#include "relay/relay_actor.h"
#include "util/proc.h"

struct request_question {
	atomic_uint holders;
	struct workers *workers;
	struct relay_actor *actor;
	struct job job;
	struct mail start, drop; /* to the main thread */
	int done;                /* an eventfd */
	bool finished;           /* main thread */
	char *memory;            /* of the event's texts */
	char *ancestry;
	const char *hosts[2];
	struct sockaddr_in address;
};

int request_judge_open(struct request_judge *j, struct workers *w)
{
	j->workers = w;
	pthread_mutex_init(&j->lock, NULL);
	return gate_dup(w->base, NULL, &j->handle);
}

void request_judge_close(struct request_judge *j)
{
	if (j->handle)
		gate_end(j->handle, GATE_SUCCESS);
	j->handle = NULL;
}

/* --- the event ---------------------------------------------------------------------------------------------------- */

static void request_judge_free(struct request_question *q)
{
	if (atomic_fetch_sub(&q->holders, 1) > 1)
		return;
	relay_actor_drop(q->actor);
	if (q->done >= 0)
		close(q->done);
	free(q->memory);
	free(q->ancestry);
	free(q);
}

static const char *request_judge_keep(char **at, const char *text, size_t n)
{
	char *copy = *at;
	memcpy(copy, text, n);
	copy[n] = '\0';
	*at += n + 1;
	return copy;
}

/* The server is known by its name: gatesh has not connected to it yet, and 0.0.0.0 is the address of none. */
static void request_judge_put_place(struct request_question *q, const char *port)
{
	struct gate_event *ev = &q->job.event;
	q->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(port, NULL, 10))};
	if (inet_pton(AF_INET, q->hosts[0], &q->address.sin_addr) != 1)
		q->address.sin_addr.s_addr = htonl(INADDR_ANY);
	ev->address = (const struct sockaddr *)&q->address;
	ev->address_len = sizeof q->address;
	ev->hosts = q->hosts;
}

/* Make the event, with texts of its own.  NULL without memory. */
static struct request_question *request_judge_read(struct request_judge *j, const struct broker_event *e)
{
	struct request_question *q = calloc(1, sizeof *q);
	size_t method = strlen(e->method), target = strlen(e->target), host = strlen(e->host);
	const struct ucred who = {.pid = e->pid, .uid = geteuid()};
	if (!q)
		return NULL;
	atomic_init(&q->holders, 1);
	q->workers = j->workers;
	q->done = eventfd(0, EFD_CLOEXEC);
	q->actor = relay_actor_new(&who, "", 0);
	char *at = q->memory = malloc(method + target + host + e->len + 4);
	if (q->done < 0 || !q->actor || !at) {
		request_judge_free(q);
		return NULL;
	}
	const char *verb = request_judge_keep(&at, e->method, method),
		   *path = request_judge_keep(&at, e->target, target);
	q->hosts[0] = request_judge_keep(&at, e->host, host);
	q->job.event = said_request(verb, path, e->text ? request_judge_keep(&at, e->text, e->len) : NULL, e->len);
	q->job.event.text_flags = e->text_flags;
	relay_actor_put(q->actor, &q->job.event);
	request_judge_put_place(q, e->port);
	return q;
}

/* Does a rule speak of it?  *asks: one wants a yes. */
static bool request_judge_passes(struct request_judge *j, const struct gate_event *ev, bool *asks)
{
	size_t n = 0;
	pthread_mutex_lock(&j->lock);
	int ret = gate_check(j->handle, ev, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN);
	const struct gate_finding *f = gate_findings(j->handle, &n);
	for (size_t i = 0; i < n; i++)
		*asks |= f[i].action == GATE_ACTION_ASK;
	pthread_mutex_unlock(&j->lock);
	return ret == GATE_SUCCESS && !n;
}

/* --- the main thread ---------------------------------------------------------------------------------------------- */

static void request_judge_done(struct job *j)
{
	struct request_question *q = j->data;
	q->finished = true;
	eventfd_write(q->done, 1);
	request_judge_free(q);
}

static void request_judge_start(struct mail *m)
{
	struct request_question *q = (struct request_question *)((char *)m - offsetof(struct request_question, start));
	struct job *j = &q->job;
	j->nchain = q->actor->pid ? proc_ancestry(q->actor->pid, getpid(), j->chain, NULL) : 0;
	j->event.ancestry = q->ancestry = proc_describe(j->chain, j->nchain);
	j->done = request_judge_done;
	j->data = q;
	if (job_start(q->workers, j))
		request_judge_done(j);
}

static void request_judge_drop(struct mail *m)
{
	struct request_question *q = (struct request_question *)((char *)m - offsetof(struct request_question, drop));
	if (!q->finished)
		job_abandon(&q->job);
	request_judge_free(q);
}

/* --- the request's thread ----------------------------------------------------------------------------------------- */

/* Wait for the answer.  False: the client has gone first. */
static bool request_judge_wait(struct request_question *q, int fd)
{
	struct pollfd p[2] = {{.fd = q->done, .events = POLLIN}, {.fd = fd, .events = POLLRDHUP}};
	int n;
	while ((n = poll(p, 2, -1)) < 0 && errno == EINTR)
		;
	return n > 0 && p[0].revents;
}

static enum broker_verdict request_judge_ask(struct request_question *q, int fd, char *why, size_t size)
{
	atomic_fetch_add(&q->holders, 1);
	q->start.deliver = request_judge_start;
	mailbox_post(q->workers->box, &q->start);
	if (request_judge_wait(q, fd)) {
		snprintf(why, size, "%s", *q->job.line ? q->job.line : "refused");
		return q->job.ret == GATE_SUCCESS ? BROKER_PASSES : BROKER_REFUSED;
	}
	snprintf(why, size, "nobody waits for the answer");
	atomic_fetch_add(&q->holders, 1);
	q->drop.deliver = request_judge_drop;
	mailbox_post(q->workers->box, &q->drop);
	return BROKER_REFUSED;
}

enum broker_verdict request_judge(void *judge, const struct broker_event *e, int fd, char *why, size_t size)
{
	struct request_judge *j = judge;
	struct request_question *q = request_judge_read(j, e);
	bool asks = false;
	snprintf(why, size, "out of memory");
	if (!q)
		return BROKER_REFUSED;
	bool frozen = __atomic_load_n(j->workers->questions->frozen, __ATOMIC_RELAXED);
	enum broker_verdict verdict = BROKER_PASSES;
	if (!request_judge_passes(j, &q->job.event, &asks) || frozen)
		verdict = request_judge_ask(q, fd, why, size);
	request_judge_free(q);
	return verdict == BROKER_PASSES && asks ? BROKER_AGREED : verdict;
}
