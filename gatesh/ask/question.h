/* SPDX-License-Identifier: BSD-2-Clause */
/* question.h - queues a session's open questions and the workers that wait for their answers.
 *
 * An asker is a waiting worker thread.  Askers with the same open question share it, and its answer is for all of them
 * (formats/remembered.h, shared-answer).
 * Each leaves by itself when its process is gone or its time is over.  An asker belongs to its thread until the main
 * thread gets it; then only the main thread touches it until it is done.  The first answer wins; there is no second.
 *
 * An agent may wait for less long than a person needs.  When the patience of an asker is over, its process is told to come back,
 * and the asker stays, so that its question stays open: it is late.  An answer that only a late asker gets counts when
 * the same is asked again (late_answers.h).  Then the preview runs again, in a question that nobody sees (held): the answer
 * counts if it shows the same, else the question opens with a note. */
#ifndef GATESH_ASK_QUESTION_H
#define GATESH_ASK_QUESTION_H

#include <gate.h>
#include <pthread.h>

#include "ask/asker_environment.h"
#include "ask/late_answers.h"
#include "ask/remembered_answers.h"
#include "util/loop.h"

enum preview_state { PREVIEW_NOT_YET, PREVIEW_NONE, PREVIEW_RUNNING, PREVIEW_DONE };

struct asker {
	struct asker *next;                          /* in the same question */
	struct question *question;                   /* NULL: not in the queue */
	const struct gate_question *q;               /* the engine's; valid while the asker waits */
	const struct cover_event *file;              /* for a file event, valid as q; else NULL */
	const struct asker_environment *environment; /* valid as q; or NULL */
	struct gate_answer *answer;
	unsigned id;    /* its question's id; 0: none */
	uint64_t since; /* loop_now() */
	struct timer timeout;
	/* ms until its process has to be told to come back; 0: it waits as long as the question is open.  Then told() is
	 * called, in the main thread; NULL where nobody can be told. */
	unsigned patience_ms;
	void (*told)(struct asker *a);
	struct timer impatient;
	bool late;            /* it was told; at most one asker of a question is */
	bool come_back;       /* it is done, and is told to come back: the question is open for a late one */
	struct strbuf key;    /* late_key(); owned */
	pthread_mutex_t lock; /* protects done */
	pthread_cond_t answered;
	bool done;
	bool ordered; /* a freeze or a pause of the session answered: that is not an answer to be remembered */
	int ret;
};

struct question {
	struct question *next; /* oldest first */
	struct questions *queue;
	struct asker *askers; /* at least one, oldest first */
	unsigned naskers, nlate;
	const struct gate_question *q; /* the first asker's */
	unsigned id;                   /* 1, 2, ... within the session, never reused */
	char cookie[17];               /* an answer names it, so that it can't reach another question */
	uint64_t opened;               /* loop_now() */
	enum preview_state preview;
	char *preview_text; /* owned; escaped lines, or NULL */
	bool passed;        /* the person closed its notification without an answer */
	struct late_answer
		*expected; /* owned: held until its preview shows what the person saw when giving this; else NULL */
	char note[160];    /* what the person has to know about a late answer; "": nothing */
	/* set when closed, from question_finish() */
	int ret;
	const struct gate_answer *answer; /* NULL: nobody answered */
};

struct questions {
	struct question *first;
	struct question *held; /* nobody sees these */
	struct late_answers late;
	unsigned n, last_id; /* n: without those that are held */
	struct loop *loop;
	char frozen[64]; /* who has frozen the session, so that everything is refused unasked; "": nobody */
	char paused[64]; /* who has paused it, so that everything is allowed unasked; not both */
	/* Called when the queue changes: `q` was opened or its number of askers changed (closed false), or it is about
	 * to be removed (closed true). */
	void (*changed)(struct questions *qs, struct question *q, bool closed);
	/* Run the preview of a question that is held.  False: it has none.  Else questions_previewed() is called, perhaps before
	 * this returns: `q` may be gone. */
	bool (*look_again)(struct questions *qs, struct question *q);
	void *data;
};

/* For the worker: initialise an asker and wait until it is done.  asker_wait() returns the result for conv.ask.  The
 * asker must be zero-initialised before its first use. */
void asker_init(struct asker *a, const struct gate_question *gq, const struct cover_event *file,
		struct gate_answer *answer);
int asker_wait(struct asker *a);
void asker_destroy(struct asker *a);

/* The rest is for the main thread.  Open a question, or join an open one about the same thing.  If that is impossible
 * (no memory, no randomness for a cookie), the asker is done with GATE_CONV_ERR. */
void questions_ask(struct questions *qs, struct asker *a);
/* Is there a late answer for this asker?  With `use`, the asker gets it, or a question if its preview has changed.  Sets a->key. */
bool questions_late(struct questions *qs, struct asker *a, bool use);
/* The preview of a question has come.  True: it was held; settle it. */
bool questions_previewed(struct question *q);
/* Finish an asker that is not in a question: its worker goes on with `ret`. */
void asker_refuse(struct asker *a, int ret);
/* Remove an asker from its question: its worker goes on with `ret`.  The question stays open for the others, if any. */
void asker_leave(struct asker *a, int ret);
/* Close a question: every asker goes on with `ret` (GATE_SUCCESS, GATE_TIMEOUT, GATE_NO_AGENT, GATE_CONV_ERR) and,
 * unless `answer` is NULL, a copy of it with ms filled in.  Frees `q`. */
void question_finish(struct question *q, int ret, const struct gate_answer *answer);
/* Forget late answers: the session ends. */
void questions_free(struct questions *qs);
struct question *questions_find(const struct questions *qs, unsigned id);
/* Milliseconds until the last asker's time is over; 0 if there is no limit or the time is over. */
unsigned question_left(const struct question *q);
/* For the person, about an answer that is late; NULL: nothing. */
const char *question_note(const struct question *q);
/* The processes that wait: without the one that was told to come back. */
unsigned question_waiting(const struct question *q);

#endif
