/* question.h - the open questions of a session.  A question belongs to the worker thread that waits for its answer; once asked it is
 * touched by the main thread alone, until question_finish() lets the worker go.  The first answer wins: there is no second. */
#ifndef GATESH_QUESTION_H
#define GATESH_QUESTION_H

#include <gate.h>
#include <pthread.h>

#include "loop.h"

enum preview_state { PREVIEW_NONE, PREVIEW_RUNNING, PREVIEW_DONE };

struct question {
	struct question *next; /* in order of asking */
	const struct gate_question *q; /* the engine's, valid while the question is open */
	struct gate_answer *answer;
	bool *open;        /* kept up to date; the main thread's */
	unsigned id;       /* 1, 2, ... within the session, never used again */
	char cookie[17];   /* an answer names it, so that it can't hit another question */
	uint64_t opened;   /* loop_now() */
	struct timer timeout;
	enum preview_state preview;
	char *preview_text; /* owned; escaped lines, or NULL */
	struct questions *queue;
	pthread_mutex_t lock; /* for done */
	pthread_cond_t answered;
	bool done;
	int ret;
};

struct questions {
	struct question *first;
	unsigned n, last_id;
	struct loop *loop;
	/* The queue changed: `q` was opened (closed false) or is about to be finished (closed true). */
	void (*changed)(struct questions *qs, struct question *q, bool closed);
	void *data;
};

/* For the worker: prepare, and wait until it is finished; *open says meanwhile whether it is in the queue.  Returns what conv.ask returns. */
void question_init(struct question *q, const struct gate_question *gq, struct gate_answer *answer, bool *open);
int question_wait(struct question *q);
void question_destroy(struct question *q);

/* For the main thread.  Put it into the queue, or (no randomness for its cookie) finish it with GATE_CONV_ERR. */
void questions_open(struct questions *qs, struct question *q);
/* Finish a question that was not opened. */
void question_refuse(struct question *q, int ret);
/* The worker goes on with `ret` (GATE_SUCCESS, GATE_TIMEOUT, GATE_NO_AGENT, GATE_CONV_ERR) and, for GATE_SUCCESS, `answer`, whose
 * ms is filled in.  `q` is gone afterwards. */
void question_finish(struct question *q, int ret, const struct gate_answer *answer);
struct question *questions_find(const struct questions *qs, unsigned id);
/* Milliseconds until its timeout; 0 when it has none. */
unsigned question_left(const struct question *q);

#endif
