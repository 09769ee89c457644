/* question.h - the open questions of a session, and who waits for their answers.
 *
 * An asker is a worker thread that waits. Those that ask the same share one question (formats/remembered.h,
 * shared-answer); each leaves on its own when its process is gone or its time is over. An asker belongs to its thread
 * until it is put to the main thread, which alone touches it until it is done. */
#ifndef GATESH_ASK_QUESTION_H
#define GATESH_ASK_QUESTION_H

#include <gate.h>
#include <pthread.h>

#include "ask/remembered_answers.h"
#include "util/loop.h"

enum preview_state { PREVIEW_NOT_YET, PREVIEW_NONE, PREVIEW_RUNNING, PREVIEW_DONE };

struct asker {
	struct asker *next;             /* of the same question */
	struct question *question;      /* NULL: not in the queue */
	const struct gate_question *q;  /* the engine's, valid while it waits */
	const struct cover_event *file; /* of a file event, as q; else NULL */
	struct gate_answer *answer;
	unsigned id;    /* of the question it was part of; 0: of none */
	uint64_t since; /* loop_now() */
	struct timer timeout;
	pthread_mutex_t lock; /* for done */
	pthread_cond_t answered;
	bool done;
	bool frozen; /* the session was frozen: its no is not an answer to be remembered */
	int ret;
};

struct question {
	struct question *next; /* in order of asking */
	struct questions *queue;
	struct asker *askers; /* at least one, in order of asking */
	unsigned naskers;
	const struct gate_question *q; /* the first asker's */
	unsigned id;                   /* 1, 2, ... within the session, never used again */
	char cookie[17];               /* an answer names it, so that it can't hit another question */
	uint64_t opened;               /* loop_now() */
	enum preview_state preview;
	char *preview_text; /* owned; escaped lines, or NULL */
	bool passed;        /* the person closed its notification without an answer */
	/* once closed: as question_finish() got them */
	int ret;
	const struct gate_answer *answer; /* NULL: nobody answered */
};

struct questions {
	struct question *first;
	unsigned n, last_id;
	struct loop *loop;
	char frozen[64]; /* who has frozen the session (formats/remembered.h, freeze); "" when nobody has */
	/* The queue changed: `q` was opened, has another number of askers (closed false), or is about to go (closed
	 * true). */
	void (*changed)(struct questions *qs, struct question *q, bool closed);
	void *data;
};

/* For the worker: prepare (zero-initialised before the first time), and wait until it is done. Returns what conv.ask
 * returns. */
void asker_init(struct asker *a, const struct gate_question *gq, const struct cover_event *file,
		struct gate_answer *answer);
int asker_wait(struct asker *a);
void asker_destroy(struct asker *a);

/* For the main thread. Open a question, or join the one that is open about the same thing; when that is impossible
 * (no memory, no randomness for a cookie) the asker is done with GATE_CONV_ERR. */
void questions_ask(struct questions *qs, struct asker *a);
/* Be done with an asker that is in no question. */
void asker_refuse(struct asker *a, int ret);
/* It waits no longer: its worker goes on with `ret`, and the question stays for the others, if any. */
void asker_leave(struct asker *a, int ret);
/* Every asker goes on with `ret` (GATE_SUCCESS, GATE_TIMEOUT, GATE_NO_AGENT, GATE_CONV_ERR) and, unless it is NULL,
 * a copy of `answer`, whose ms is filled in. `q` is gone afterwards. */
void question_finish(struct question *q, int ret, const struct gate_answer *answer);
struct question *questions_find(const struct questions *qs, unsigned id);
/* Milliseconds until the last asker's time is over; 0 when there is no limit. */
unsigned question_left(const struct question *q);

#endif
