/* SPDX-License-Identifier: BSD-2-Clause */
/* late_answers.h - the answers that came after the process that asked had been told to come back, because its agent would not
 * wait any longer: formats/remembered.h, late-answer.  Main thread only. */
#ifndef GATESH_ASK_LATE_ANSWERS_H
#define GATESH_ASK_LATE_ANSWERS_H

#include <gate.h>

#include "ask/asker_environment.h"
#include "base/strbuf.h"

enum { LATE_ANSWERS_MAX = 64, LATE_ANSWER_SECONDS = 600 };

struct late_answer {
	struct late_answer *next; /* newest first */
	struct strbuf key;
	struct gate_answer answer;
	char *preview; /* owned: what the person had seen of it; NULL: nothing was shown */
	uint64_t came; /* loop_now() */
};

/* Zero-initialize. */
struct late_answers {
	struct late_answer *first;
};

/* Write what an answer is for: the rules that ask and their severity, program, arguments, directory, file or destination, and the
 * variables that choose the target (NULL: none).  Two questions with the same bytes may have the same answer. */
void late_key(const struct gate_question *q, const struct asker_environment *environment, struct strbuf *key);

/* May an answer to this question count later?  No answer to a critical one does. */
bool late_is_possible(const struct gate_question *q);

/* Keep a copy of an answer that counts once.  Without memory Gate asks again. */
void late_keep(struct late_answers *v, const struct strbuf *key, const struct gate_answer *answer, const char *preview);

/* Is there an answer for this key that is not older than LATE_ANSWER_SECONDS? */
bool late_has(struct late_answers *v, const struct strbuf *key);

/* The same, taken out: the caller frees it with late_free().  NULL: there is none.  Its answer's `by` says how long ago it was. */
struct late_answer *late_take(struct late_answers *v, const struct strbuf *key);
void late_free(struct late_answer *a);

/* Forget every yes, because a grant was revoked; and everything. */
void late_forget_yes(struct late_answers *v);
void late_clear(struct late_answers *v);

#endif
