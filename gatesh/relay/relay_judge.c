/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_judge.c - statements as events, and the way of a question to the main thread and back.
 *
 * A question belongs to the relay's thread until it is posted, then to the main thread until its job is done, then to the
 * relay's again.  If the connection ends meanwhile, the relay's thread posts `drop` as well; whichever of the two arrives
 * last in the relay's thread frees the question. */
#include "relay/relay_judge.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ask/said_event.h"
#include "effects/effects.h"
#include "util/proc.h"

struct relay_question {
	struct relay_server *relay;
	struct relay_actor *actor;
	struct job job;
	struct mail mail, drop; /* to the main thread and back */
	char *memory;           /* of the event's texts */
	char *ancestry;
	const char *hosts[RELAY_NAMES_MAX + 2];
	void (*answered)(void *data, bool yes, const char *why);
	void *data;
	bool dropped;             /* the relay's thread */
	bool finished, seen_drop; /* the main thread, before it posts */
};

/* --- the event ---------------------------------------------------------------------------------------------------- */

/* Copy a text into the scratch memory, with a NUL.  What does not fit is cut. */
static char *relay_judge_copy(char **at, const char *end, struct protocol_text t)
{
	size_t room = (size_t)(end - *at), n = t.n < room - 1 ? t.n : room - 1;
	char *copy = *at;
	if (n)
		memcpy(copy, t.at, n);
	copy[n] = '\0';
	*at += n + (n + 1 < room);
	return copy;
}

/* The name that a request gives, without its port: "[::1]:80", "h.test:8080". */
static struct protocol_text relay_judge_host(struct protocol_text host)
{
	size_t n = 0;
	if (host.n && host.at[0] == '[') {
		const char *end = memchr(host.at, ']', host.n);
		return (struct protocol_text){host.at + 1, end ? (size_t)(end - host.at - 1) : host.n - 1};
	}
	while (n < host.n && host.at[n] != ':')
		n++;
	return (struct protocol_text){host.at, n};
}

static void relay_judge_read_request(struct relay_server *r, const struct relay_actor *a,
				     const struct protocol_statement *s, struct said *out)
{
	char *at = r->scratch, *end = r->scratch + RELAY_SCRATCH / 2;
	const char *method = relay_judge_copy(&at, end, s->method), *path = relay_judge_copy(&at, end, s->path);
	const char *host = relay_judge_copy(&at, end, relay_judge_host(s->host));
	size_t n = protocol_copy_body(s, end), names = 0;
	out->event = said_request(method, path, n ? end : NULL, n);
	relay_actor_put(a, &out->event);
	for (; a->hosts[names]; names++)
		out->hosts[names] = a->hosts[names];
	if (*host)
		out->hosts[names++] = host;
	out->hosts[names] = NULL;
	out->event.hosts = names ? out->hosts : NULL;
}

/* Does the name of a MongoDB command say enough, though its end is not there? */
static bool relay_judge_is_harmless_mongodb(struct protocol_text name)
{
	static const char *const names[] = {"insert", "find", "getMore"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (name.n == strlen(names[i]) && !memcmp(name.at, names[i], name.n))
			return true;
	return false;
}

/* Is a Redis command whose value is cut known by its first words?  Not if what is cut is a script. */
static bool relay_judge_is_known(const struct protocol_statement *s, const struct gate_event *ev)
{
	if (s->kind == PROTOCOL_MONGODB)
		return relay_judge_is_harmless_mongodb(s->name);
	static const char *const scripts[] = {"EVAL", "SCRIPT", "FUNCTION"};
	if (s->kind != PROTOCOL_RESP || !memchr(ev->text, ' ', ev->text_len))
		return false;
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
		if (!strncasecmp(ev->text, scripts[i], strlen(scripts[i])))
			return false;
	return true;
}

void relay_judge_read(struct relay_server *r, const struct relay_actor *a, const struct protocol *p,
		      const struct protocol_statement *s, struct said *out)
{
	bool cut = false;
	*out = (struct said){0};
	if (s->kind == PROTOCOL_HTTP) {
		relay_judge_read_request(r, a, s, out);
	} else {
		struct protocol_text t = s->text;
		if (s->kind == PROTOCOL_MONGODB)
			t = (struct protocol_text){r->scratch,
						   protocol_copy_mongodb(s, r->scratch, RELAY_SCRATCH, &cut)};
		if (s->kind == PROTOCOL_RESP)
			t = (struct protocol_text){r->scratch, protocol_copy_command(s, r->scratch, RELAY_SCRATCH)};
		out->event = said_statement(protocol_name(s->kind), t.at, t.n);
		out->event.database = *p->database ? p->database : NULL;
		relay_actor_put(a, &out->event);
	}
	if ((!s->whole || cut) && !relay_judge_is_known(s, &out->event))
		out->event.text_flags |= GATE_TEXT_PART;
}

bool relay_judge_passes(struct relay_server *r, const struct said *said)
{
	size_t n;
	if (r->image->flags & GATE_IMAGE_ASK_ALL)
		return false;
	return gate_check(r->handle, &said->event, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN) == GATE_SUCCESS &&
	       (gate_findings(r->handle, &n), !n);
}

static bool relay_judge_is_harmless(const struct protocol_statement *s)
{
	return s->kind == PROTOCOL_RESP && s->whole && s->name.n && effects_redis_is_harmless(s->name.at, s->name.n);
}

bool relay_judge_passes_as_before(const struct relay_server *r, const struct relay_passed *before,
				  const struct protocol *p, const struct protocol_statement *s)
{
	return before->harmless && r->by_rules && !(r->image->flags & GATE_IMAGE_ASK_ALL) &&
	       relay_judge_is_harmless(s) && !strcmp(before->database, p->database);
}

void relay_judge_note_passed(struct relay_passed *passed, const struct protocol *p, const struct protocol_statement *s)
{
	if (!relay_judge_is_harmless(s))
		return;
	passed->harmless = true;
	strcpy(passed->database, p->database);
}

/* --- a question --------------------------------------------------------------------------------------------------- */

static void relay_judge_free(struct relay_question *q)
{
	relay_actor_drop(q->actor);
	free(q->memory);
	free(q->ancestry);
	free(q);
}

/* The relay's thread. */
static void relay_judge_answered(struct mail *m)
{
	struct relay_question *q = (struct relay_question *)((char *)m - offsetof(struct relay_question, mail));
	if (!q->dropped)
		q->answered(q->data, q->job.ret == GATE_SUCCESS, q->job.line);
	if (!q->dropped || q->seen_drop)
		relay_judge_free(q);
}

/* The relay's thread: the job was done before it could be abandoned. */
static void relay_judge_drop_returned(struct mail *m)
{
	relay_judge_free((struct relay_question *)((char *)m - offsetof(struct relay_question, drop)));
}

/* Main thread. */
static void relay_judge_done(struct job *j)
{
	struct relay_question *q = j->data;
	q->finished = true;
	q->mail.deliver = relay_judge_answered;
	mailbox_post(&q->relay->box, &q->mail);
}

/* Main thread. */
static void relay_judge_abandon(struct mail *m)
{
	struct relay_question *q = (struct relay_question *)((char *)m - offsetof(struct relay_question, drop));
	if (q->finished) {
		q->drop.deliver = relay_judge_drop_returned;
		mailbox_post(&q->relay->box, &q->drop);
		return;
	}
	q->seen_drop = true;
	job_abandon(&q->job);
}

/* Main thread. */
static void relay_judge_start(struct mail *m)
{
	struct relay_question *q = (struct relay_question *)((char *)m - offsetof(struct relay_question, mail));
	struct job *j = &q->job;
	j->nchain = proc_ancestry(q->actor->pid, getpid(), j->chain, NULL);
	j->event.ancestry = q->ancestry = proc_describe(j->chain, j->nchain);
	j->done = relay_judge_done;
	j->data = q;
	if (job_start(q->relay->workers, j))
		relay_judge_done(j);
}

static const char *relay_judge_keep(char **at, const char *text, size_t n)
{
	if (!text)
		return NULL;
	char *copy = memcpy(*at, text, n);
	copy[n] = '\0';
	*at += n + 1;
	return copy;
}

static size_t relay_judge_length(const char *text)
{
	return text ? strlen(text) : 0;
}

/* Give the question texts of its own. */
static bool relay_judge_own(struct relay_question *q, const struct said *said)
{
	struct gate_event *ev = &q->job.event;
	size_t method = relay_judge_length(ev->method), target = relay_judge_length(ev->target),
	       database = relay_judge_length(ev->database), sample = relay_judge_length(ev->sample), host = 0, last = 0;
	while (said->hosts[last])
		last++;
	host = last ? strlen(said->hosts[last - 1]) : 0;
	char *at = q->memory = malloc(ev->text_len + method + target + database + sample + host + 6);
	if (!at)
		return false;
	ev->text = relay_judge_keep(&at, ev->text, ev->text_len);
	ev->method = relay_judge_keep(&at, ev->method, method);
	ev->target = relay_judge_keep(&at, ev->target, target);
	ev->database = relay_judge_keep(&at, ev->database, database);
	ev->sample = relay_judge_keep(&at, ev->sample, sample);
	memcpy(q->hosts, said->hosts, sizeof q->hosts);
	if (last) { /* the others are the actor's */
		q->hosts[last - 1] = relay_judge_keep(&at, said->hosts[last - 1], host);
		ev->hosts = q->hosts;
	}
	return true;
}

struct relay_question *relay_judge_ask(struct relay_server *r, struct relay_actor *a, const struct said *said,
				       void (*answered)(void *data, bool yes, const char *why), void *data)
{
	struct relay_question *q = calloc(1, sizeof *q);
	if (!q)
		return NULL;
	relay_actor_hold(a);
	q->relay = r;
	q->actor = a;
	q->job.event = said->event;
	q->answered = answered;
	q->data = data;
	if (!relay_judge_own(q, said)) {
		relay_judge_free(q);
		return NULL;
	}
	q->mail.deliver = relay_judge_start;
	mailbox_post(r->workers->box, &q->mail);
	return q;
}

void relay_judge_drop(struct relay_question *q)
{
	q->dropped = true;
	q->drop.deliver = relay_judge_abandon;
	mailbox_post(q->relay->workers->box, &q->drop);
}
