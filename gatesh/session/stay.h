/* SPDX-License-Identifier: BSD-2-Clause */
/* stay.h - the end of a session: at once if its command was the last process, else when the last one has ended.  A session
 * that stays has let go of the terminal, and of everything else that the person who started it may want back; it is a
 * POSIX session of its own.  Its questions are answered by other front ends. */
#ifndef GATESH_SESSION_STAY_H
#define GATESH_SESSION_STAY_H

#include <stdbool.h>
#include <time.h>

#include "session/session_core.h"

enum {
	STAY_WAIT_MS = 100, /* the command has ended: others, such as the rest of a pipeline, end as well */
	STAY_LOOKS = 20,
	STAY_PARTING_MS = 2000, /* at SIGTERM: for the processes that are left to clean up */
};

struct stay {
	/* set by the caller */
	struct session_core *live;
	/* The session stays with `left` processes: let the person have the terminal, say so (stay_say()), and let the status
	 * go.  Returns the inner terminal's master, or -1. */
	int (*let_go)(int left, void *data);
	void *data;
	/* private */
	bool stays;
	time_t since; /* the command's end */
	struct timer limit;
	int looks;
	struct watch inner; /* the inner terminal */
	int outer; /* a copy of the person's terminal's descriptor: what is left still prints there; -1: none */
};

/* The command has ended.  Stops the loop: now, or when no process is left. */
void stay_command_ended(struct stay *s);

/* Say in the person's terminal that processes are left, and how they are ended. */
void stay_say(const struct stay *s, int left);

/* A signal to a session that stays: SIGTERM ends it, after passing it on; others are ignored.  False: it does not stay. */
bool stay_signalled(struct stay *s, int sig);

/* Close what stay_command_ended() has opened. */
void stay_close(struct stay *s);

#endif
