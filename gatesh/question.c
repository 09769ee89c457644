/* question.c - see question.h. */
#include "question.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void question_init(struct question *q, const struct gate_question *gq, struct gate_answer *answer, bool *open)
{
	*q = (struct question){.q = gq, .answer = answer, .open = open};
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->answered, NULL);
}

int question_wait(struct question *q)
{
	pthread_mutex_lock(&q->lock);
	while (!q->done)
		pthread_cond_wait(&q->answered, &q->lock);
	pthread_mutex_unlock(&q->lock);
	return q->ret;
}

void question_destroy(struct question *q)
{
	free(q->preview_text);
	pthread_cond_destroy(&q->answered);
	pthread_mutex_destroy(&q->lock);
}

void question_refuse(struct question *q, int ret)
{
	pthread_mutex_lock(&q->lock);
	q->ret = ret;
	q->done = true;
	pthread_cond_signal(&q->answered);
	pthread_mutex_unlock(&q->lock);
}

static void expired(struct timer *t)
{
	question_finish(t->data, GATE_TIMEOUT, NULL);
}

void questions_open(struct questions *qs, struct question *q)
{
	uint64_t r;
	q->queue = qs;
	q->id = ++qs->last_id;
	q->opened = loop_now();
	if (getrandom(&r, sizeof r, 0) != sizeof r) { /* no cookie, no question: it could not be told from another */
		question_refuse(q, GATE_CONV_ERR);
		return;
	}
	snprintf(q->cookie, sizeof q->cookie, "%016llx", (unsigned long long)r);
	struct question **p = &qs->first;
	while (*p)
		p = &(*p)->next;
	*p = q;
	qs->n++;
	*q->open = true;
	q->timeout = (struct timer){.expired = expired, .data = q};
	if (q->q->timeout_ms)
		timer_set(qs->loop, &q->timeout, q->q->timeout_ms);
	qs->changed(qs, q, false);
}

void question_finish(struct question *q, int ret, const struct gate_answer *answer)
{
	struct questions *qs = q->queue;
	if (answer)
		*q->answer = *answer;
	q->answer->ms = (unsigned)(loop_now() - q->opened);
	timer_clear(qs->loop, &q->timeout);
	for (struct question **p = &qs->first; *p; p = &(*p)->next) {
		if (*p == q) {
			*p = q->next;
			qs->n--;
			break;
		}
	}
	qs->changed(qs, q, true);
	*q->open = false;
	question_refuse(q, ret);
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
	uint64_t now = loop_now();
	return q->timeout.at > now ? (unsigned)(q->timeout.at - now) : 0;
}
