/* SPDX-License-Identifier: BSD-2-Clause */
/* question_late.c - uses an answer that came late, or asks anew where the preview has changed since.  See question.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/question_queue.h"

bool questions_late(struct questions *qs, struct asker *a, bool use)
{
	if (!a->key.len)
		late_key(a->q, a->environment, &a->key);
	if (!use)
		return late_has(&qs->late, &a->key);
	struct late_answer *late = late_take(&qs->late, &a->key);
	struct question *q = late ? question_make(qs) : NULL;
	if (!q) {
		if (late)
			late_free(late);
		return false;
	}
	q->expected = late;
	question_append(&qs->held, q);
	question_join(q, a);
	if (late->answer.choice == GATE_ANSWER_NO) {
		question_finish(q, GATE_SUCCESS, &late->answer);
		return true;
	}
	if (!qs->look_again(qs, q))
		questions_previewed(q);
	return true;
}

/* The preview of a held question shows something else than the person has seen: show it. */
static void question_late_release(struct question *q)
{
	struct questions *qs = q->queue;
	unsigned ago = (unsigned)((loop_now() - q->expected->came) / 1000);
	snprintf(q->note, sizeof q->note, "you allowed this %u s ago; the preview shows something else now", ago);
	late_free(q->expected);
	q->expected = NULL;
	question_unlink(&qs->held, q);
	question_append(&qs->first, q);
	qs->n++;
	qs->changed(qs, q, false);
}

static bool question_late_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool questions_previewed(struct question *q)
{
	struct questions *qs = q->queue;
	const struct late_answer *late = q->expected;
	if (!late)
		return false;
	if (*qs->frozen) {
		struct gate_answer no = {.choice = GATE_ANSWER_NO};
		snprintf(no.by, sizeof no.by, "%s", qs->frozen);
		question_finish(q, GATE_SUCCESS, &no);
	} else if (question_late_same_text(late->preview, q->preview_text)) {
		question_finish(q, GATE_SUCCESS, &late->answer);
	} else {
		question_late_release(q);
	}
	return true;
}

const char *question_note(const struct question *q)
{
	if (*q->note)
		return q->note;
	return question_waiting(q) ?
		       NULL :
		       "the agent was told to run this again; an answer counts once for that, for 10 minutes";
}

void questions_free(struct questions *qs)
{
	late_clear(&qs->late);
}

/* An answer for the session is a grant already. */
void question_keep_late(const struct question *q, const struct gate_answer *answer)
{
	const struct asker *a = q->askers;
	if (q->nlate && q->naskers == q->nlate && answer->choice != GATE_ANSWER_SESSION && !*q->queue->frozen &&
	    !*q->queue->paused)
		late_keep(&q->queue->late, &a->key, answer, q->preview == PREVIEW_DONE ? q->preview_text : NULL);
}
