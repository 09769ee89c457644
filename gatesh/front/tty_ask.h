/* SPDX-License-Identifier: BSD-2-Clause */
/* tty_ask.h - asks on the terminal of this process: for gatesh check, which has no session, and gatesh answer. */
#ifndef GATESH_FRONT_TTY_ASK_H
#define GATESH_FRONT_TTY_ASK_H

#include <gate.h>

/* News about the question while it is on the terminal; TTY_OVER ends it. */
enum tty_news { TTY_SAME, TTY_CHANGED, TTY_OVER };

struct tty_talk {
	/* Polled besides the keys, unless `news` is NULL: when `fd` is readable, news() reads it. */
	int fd;
	enum tty_news (*news)(void *data);
	void *data;
	const char *preview; /* escaped lines, or NULL */
	const char *later;   /* as struct prompt has it */
	bool check;          /* as struct prompt has it */
	/* How it ended. */
	bool over;      /* by TTY_OVER */
	bool dismissed; /* without a choice: by Escape, Ctrl-C or Ctrl-D, or because the terminal was lost */
	bool lost;      /* the window was closed, or a signal came */
};

/* A gate_conv.ask whose data is a struct tty_talk.  Draws the panel at the cursor and wipes it when it is answered.
 * GATE_NO_AGENT when there is no terminal or this process is not in its foreground.  A signal that would end the
 * process first answers no. */
int tty_ask(const struct gate_question *question, struct gate_answer *answer, void *data);

#endif
