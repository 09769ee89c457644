/* SPDX-License-Identifier: BSD-2-Clause */
/* question_queue.h - the inside of question.h, for question.c, question_same.c and question_late.c.  Main thread only. */
#ifndef GATESH_ASK_QUESTION_QUEUE_H
#define GATESH_ASK_QUESTION_QUEUE_H

#include "ask/question.h"

/* Would one answer do for both?  Only if both have the same action and the same findings. */
bool question_same(const struct asker *x, const struct asker *y);

/* Make a question that is in no list yet; NULL without memory or randomness for its cookie. */
struct question *question_make(struct questions *qs);

/* Put a question at the end of a list of the queue's, or take it out of the list. */
void question_append(struct question **list, struct question *q);
void question_unlink(struct question **list, const struct question *q);

/* Put the asker into a question and set its timers.  If another one is late, it stands before that one: its process is there. */
void question_join(struct question *q, struct asker *a);

/* The question is being answered: if its only asker is late, the answer counts when the same is asked again. */
void question_keep_late(const struct question *q, const struct gate_answer *answer);

#endif
