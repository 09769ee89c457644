/* SPDX-License-Identifier: BSD-2-Clause */
/* lines.h - asks on the session's terminal in plain lines, and takes a line as the answer: for a terminal that can't be
 * drawn on, and for a person who has it read aloud.  What is on the terminal is never drawn over. */
#ifndef GATESH_FRONT_LINES_H
#define GATESH_FRONT_LINES_H

#include "ask/question.h"
#include "base/strbuf.h"
#include "front/dialog.h"
#include "front/notices.h"
#include "term/relay.h"

enum { LINES_GUARD_MS = 200, LINES_WAIT_MS = 100 };

struct lines {
	struct loop *loop;
	struct relay *relay;
	struct questions *questions;
	struct notices *notices;
	struct question *shown; /* NULL: the program has the terminal */
	struct dialog dialog;
	struct strbuf typed; /* the beginning of a line */
	unsigned answered;   /* questions since the program last had the terminal, for "question 2 of 3" */
	bool previewed, own_answer;
	bool guarding; /* discard lines until the person has had time to notice the question */
	struct timer guard, retry;
};

void lines_init(struct lines *l, struct loop *loop, struct relay *r, struct questions *qs, struct notices *n);

/* Call when the queue, a preview or the notices changed. */
void lines_update(struct lines *l);

/* Give the terminal back to the program; lines_update() asks again. */
void lines_close(struct lines *l);

#endif
