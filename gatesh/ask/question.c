/* SPDX-License-Identifier: BSD-2-Clause */
/* question.c - opens, shares, answers and closes the questions of a session. */
#include "ask/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "util/debug_log.h"

/* --- the worker's side -------------------------------------------------------------------------------------------- */

void asker_init(struct asker *a, const struct gate_question *gq, const struct cover_event *file,
		struct gate_answer *answer)
{
	a->q = gq; /* the main thread sets question and id */
	a->file = file;
	a->answer = answer;
	a->environment = NULL;
	a->next = NULL;
	a->done = a->ordered = false;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->answered, NULL);
}

int asker_wait(struct asker *a)
{
	pthread_mutex_lock(&a->lock);
	while (!a->done)
		pthread_cond_wait(&a->answered, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return a->ret;
}

void asker_destroy(struct asker *a)
{
	pthread_cond_destroy(&a->answered);
	pthread_mutex_destroy(&a->lock);
}

/* --- the main thread's side --------------------------------------------------------------------------------------- */

void asker_refuse(struct asker *a, int ret)
{
	pthread_mutex_lock(&a->lock);
	a->ret = ret;
	a->done = true;
	pthread_cond_signal(&a->answered);
	pthread_mutex_unlock(&a->lock);
}

static bool question_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool question_same_destination(const struct gate_event *a, const struct gate_event *b)
{
	bool same = a->address_len == b->address_len &&
		    (!a->address_len || !memcmp(a->address, b->address, a->address_len));
	const char *const *x = a->hosts, *const *y = b->hosts;
	while (same && x && y && *x && *y)
		same = !strcmp(*x++, *y++);
	return same && !(x && *x) && !(y && *y);
}

static bool question_same_speech(const struct gate_event *a, const struct gate_event *b)
{
	return question_same_text(a->engine, b->engine) && question_same_text(a->database, b->database) &&
	       question_same_text(a->method, b->method) && question_same_text(a->target, b->target) &&
	       a->text_len == b->text_len && (!a->text_len || !memcmp(a->text, b->text, a->text_len));
}

static bool question_same_event(const struct gate_event *a, const struct gate_event *b)
{
	bool same = a->type == b->type && a->uid == b->uid && a->argc == b->argc &&
		    question_same_text(a->exe, b->exe) && question_same_text(a->cwd, b->cwd) &&
		    question_same_text(a->shell_text, b->shell_text) && question_same_destination(a, b) &&
		    question_same_speech(a, b);
	for (size_t i = 0; same && i < a->argc; i++)
		same = !strcmp(a->argv[i], b->argv[i]);
	return same;
}

/* For file events: would one answer have the same scope for both? */
static bool question_same_files(const struct cover_event *a, const struct cover_event *b)
{
	return a && b && a->type == b->type && a->severity == b->severity && a->unkept == b->unkept &&
	       reach_same(a->reach, b->reach);
}

/* Do both act on the same target, as far as variables choose it? */
static bool question_same_environment(const struct asker *x, const struct asker *y)
{
	return x->environment && y->environment ? asker_environment_same(x->environment, y->environment) :
						  x->environment == y->environment;
}

/* Would one answer do for both?  Only if both have the same action and the same findings. */
static bool question_same_question(const struct asker *x, const struct asker *y)
{
	const struct gate_question *a = x->q, *b = y->q;
	if (x->file || y->file)
		return a->flags == b->flags && question_same_files(x->file, y->file);
	bool same = a->flags == b->flags && a->nfindings == b->nfindings && question_same_event(a->event, b->event) &&
		    question_same_environment(x, y);
	for (size_t i = 0; same && i < a->nfindings; i++)
		same = !strcmp(a->findings[i].rule, b->findings[i].rule) &&
		       a->findings[i].severity == b->findings[i].severity;
	return same;
}

/* Add a new question to the end of the queue.  Returns NULL if it can't be made. */
static struct question *question_open_question(struct questions *qs)
{
	uint64_t r;
	struct question *q = calloc(1, sizeof *q);
	if (!q ||
	    getrandom(&r, sizeof r, 0) != sizeof r) { /* without a cookie, an answer could reach another question */
		free(q);
		return NULL;
	}
	*q = (struct question){.queue = qs, .id = ++qs->last_id, .opened = loop_now()};
	snprintf(q->cookie, sizeof q->cookie, "%016llx", (unsigned long long)r);
	struct question **end = &qs->first;
	while (*end)
		end = &(*end)->next;
	*end = q;
	qs->n++;
	return q;
}

static void question_expired(struct timer *t)
{
	asker_leave(t->data, GATE_TIMEOUT);
}

void questions_ask(struct questions *qs, struct asker *a)
{
	struct question *q = qs->first;
	while (q && !question_same_question(q->askers, a))
		q = q->next;
	if (!q)
		q = question_open_question(qs);
	if (!q) {
		asker_refuse(a, GATE_CONV_ERR);
		return;
	}
	a->question = q;
	a->id = q->id;
	a->since = loop_now();
	struct asker **end = &q->askers;
	while (*end)
		end = &(*end)->next;
	*end = a;
	q->naskers++;
	q->q = q->askers->q;
	debug_log("question", "q%u for pid %d: rule %s, %u waiting", q->id, (int)a->q->event->pid, a->q->findings->rule,
		  q->naskers);
	a->timeout = (struct timer){.expired = question_expired, .data = a};
	if (a->q->timeout_ms)
		timer_set(qs->loop, &a->timeout, a->q->timeout_ms);
	qs->changed(qs, q, false);
}

/* Remove a question from the queue.  The caller lets its askers go. */
static void question_close_question(struct question *q)
{
	struct questions *qs = q->queue;
	struct question **p = &qs->first;
	while (*p != q)
		p = &(*p)->next;
	*p = q->next;
	qs->n--;
	qs->changed(qs, q, true);
}

static void question_let_go(struct asker *a, int ret)
{
	timer_clear(a->question->queue->loop, &a->timeout);
	a->answer->ms = (unsigned)(loop_now() - a->since);
	a->question = NULL;
	asker_refuse(a, ret);
}

void asker_leave(struct asker *a, int ret)
{
	struct question *q = a->question;
	if (q->naskers == 1) {
		question_finish(q, ret, NULL);
		return;
	}
	struct asker **p = &q->askers;
	while (*p != a)
		p = &(*p)->next;
	*p = a->next;
	q->naskers--;
	q->q = q->askers->q;
	question_let_go(a, ret);
	q->queue->changed(q->queue, q, false);
}

void question_finish(struct question *q, int ret, const struct gate_answer *answer)
{
	debug_log("answer", "q%u: %s%s%s after %u ms", q->id,
		  answer ? answer->choice == GATE_ANSWER_NO   ? "no" :
			   answer->choice == GATE_ANSWER_ONCE ? "yes, once" :
								"yes, for the session" :
			   gate_strret(ret),
		  answer && *answer->by ? ", by " : "", answer ? answer->by : "", (unsigned)(loop_now() - q->opened));
	q->ret = ret;
	q->answer = answer;
	question_close_question(q);
	for (struct asker *a = q->askers, *next; a; a = next) {
		next = a->next; /* once let go, it belongs to its worker */
		if (answer)
			*a->answer = *answer;
		a->ordered = *q->queue->frozen || *q->queue->paused;
		question_let_go(a, ret);
	}
	free(q->preview_text);
	free(q);
}

struct question *questions_find(const struct questions *qs, unsigned id)
{
	struct question *q = qs->first;
	while (q && q->id != id)
		q = q->next;
	return q;
}

unsigned question_left(const struct question *q)
{
	uint64_t now = loop_now(), last = 0;
	for (const struct asker *a = q->askers; a; a = a->next) {
		if (!a->timeout.at)
			return 0;
		last = a->timeout.at > last ? a->timeout.at : last;
	}
	return last > now ? (unsigned)(last - now) : 0;
}
