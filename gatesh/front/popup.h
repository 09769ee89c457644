/* SPDX-License-Identifier: BSD-2-Clause */
/* popup.h - shows the questions of a session in a tmux popup, which runs gatesh answer. */
#ifndef GATESH_FRONT_POPUP_H
#define GATESH_FRONT_POPUP_H

#include <signal.h>
#include <stdbool.h>

#include "ask/question.h"

struct popup {
	bool wanted; /* false: this session has no popup, or no longer */
	const char *session;
	const struct questions *questions;
	const sigset_t *mask; /* signals blocked in the child */
	pid_t pid;            /* the tmux client that waits for the popup; 0: no popup is open */
	unsigned first;       /* the question that the popup was opened for */
};

/* Use a popup if gate.conf says so (via_tmux) and this terminal is tmux's. */
void popup_init(struct popup *p, bool via_tmux, const char *session, const struct questions *qs, const sigset_t *mask);

/* Call when the queue changed.  False: there is no popup, and the overlay has to draw the question. */
bool popup_update(struct popup *p);

/* The popup has closed.  If the question that it was opened for is still open, the session opens no other popup. */
void popup_reaped(struct popup *p);

#endif
