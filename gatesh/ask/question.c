/* SPDX-License-Identifier: BSD-2-Clause */
/* question.c - opens, shares, answers and closes the questions of a session. */
#include "ask/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "ask/question_queue.h"
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
	a->done = a->ordered = a->late = a->come_back = false;
	a->patience_ms = 0;
	a->told = NULL;
	a->key = (struct strbuf){0};
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
	strbuf_free(&a->key);
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

void question_append(struct question **list, struct question *q)
{
	while (*list)
		list = &(*list)->next;
	q->next = NULL;
	*list = q;
}

void question_unlink(struct question **list, const struct question *q)
{
	while (*list && *list != q)
		list = &(*list)->next;
	if (*list)
		*list = q->next;
}

struct question *question_make(struct questions *qs)
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
	return q;
}

static void question_expired(struct timer *t)
{
	asker_leave(t->data, GATE_TIMEOUT);
}

/* The agent waits no longer.  One asker stays for the answer; a critical question has no answer that could count later. */
static void question_impatient(struct timer *t)
{
	struct asker *a = t->data;
	struct question *q = a->question;
	if (q->expected || !late_is_possible(a->q)) {
		asker_leave(a, GATE_TIMEOUT);
	} else if (q->nlate) {
		a->come_back = true;
		asker_leave(a, GATE_TIMEOUT);
	} else {
		a->late = true;
		q->nlate++;
		debug_log("question", "q%u: pid %d is told to come back", q->id, (int)a->q->event->pid);
		a->told(a);
		q->queue->changed(q->queue, q, false);
	}
}

void question_join(struct question *q, struct asker *a)
{
	struct loop *loop = q->queue->loop;
	a->question = q;
	a->id = q->id;
	a->since = loop_now();
	struct asker **at = &q->askers;
	while (!q->nlate && *at)
		at = &(*at)->next;
	a->next = *at;
	*at = a;
	q->naskers++;
	q->q = q->askers->q;
	debug_log("question", "q%u for pid %d: rule %s, %u waiting", q->id, (int)a->q->event->pid, a->q->findings->rule,
		  q->naskers);
	a->timeout = (struct timer){.expired = question_expired, .data = a};
	a->impatient = (struct timer){.expired = question_impatient, .data = a};
	if (a->q->timeout_ms)
		timer_set(loop, &a->timeout, a->q->timeout_ms);
	if (a->patience_ms && a->told && (!a->q->timeout_ms || a->patience_ms < a->q->timeout_ms))
		timer_set(loop, &a->impatient, a->patience_ms);
}

/* Is this the question of an asker that was told to come back, and is the same asked again? */
static bool question_is_awaited(const struct question *q, const struct asker *a)
{
	for (const struct asker *k = q->nlate ? q->askers : NULL; k; k = k->next)
		if (k->late)
			return a->key.len && k->key.len == a->key.len && !memcmp(k->key.s, a->key.s, a->key.len);
	return false;
}

void questions_ask(struct questions *qs, struct asker *a)
{
	struct question *q = qs->first;
	if (!a->key.len) /* questions_late() has looked for it */
		late_key(a->q, a->environment, &a->key);
	while (q && !question_is_awaited(q, a) && (q->nlate || !question_same(q->askers, a)))
		q = q->next;
	bool awaited = q && q->nlate;
	if (!q) {
		q = question_make(qs);
		if (q) {
			question_append(&qs->first, q);
			qs->n++;
		}
	}
	if (!q) {
		asker_refuse(a, GATE_CONV_ERR);
		return;
	}
	question_join(q, a);
	if (awaited && q->preview == PREVIEW_DONE) { /* it is of before */
		free(q->preview_text);
		q->preview_text = NULL;
		q->preview = PREVIEW_NOT_YET;
	}
	qs->changed(qs, q, false);
}

/* Remove a question from the queue.  The caller lets its askers go. */
static void question_close_question(struct question *q)
{
	struct questions *qs = q->queue;
	question_unlink(q->expected ? &qs->held : &qs->first, q);
	qs->n -= !q->expected;
	qs->changed(qs, q, true);
}

static void question_let_go(struct asker *a, int ret)
{
	timer_clear(a->question->queue->loop, &a->timeout);
	timer_clear(a->question->queue->loop, &a->impatient);
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
	q->nlate -= a->late;
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
	if (answer)
		question_keep_late(q, answer);
	question_close_question(q);
	for (struct asker *a = q->askers, *next; a; a = next) {
		next = a->next; /* once let go, it belongs to its worker */
		if (answer)
			*a->answer = *answer;
		a->ordered = *q->queue->frozen || *q->queue->paused;
		question_let_go(a, ret);
	}
	if (q->expected)
		late_free(q->expected);
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

unsigned question_waiting(const struct question *q)
{
	return q->naskers - q->nlate;
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
