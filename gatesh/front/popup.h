/* popup.h - the questions of a session in a popup of the person's tmux, where gatesh answer shows them. */
#ifndef GATESH_FRONT_POPUP_H
#define GATESH_FRONT_POPUP_H

#include <signal.h>
#include <stdbool.h>

#include "ask/question.h"

struct popup {
	bool wanted; /* false: there is none, or no longer */
	const char *session;
	const struct questions *questions;
	const sigset_t *mask; /* signals blocked in what is started */
	pid_t pid;            /* the tmux client that waits for the popup; 0: there is none */
	unsigned first;       /* the question it was opened for */
};

/* Wanted when gate.conf says so and this terminal is tmux's. */
void popup_init(struct popup *p, bool via_tmux, const char *session, const struct questions *qs, const sigset_t *mask);

/* The queue changed.  False: there is no popup, and the question has to be drawn. */
bool popup_update(struct popup *p);

/* It is closed.  When it left the question open that it was opened for, there will be no other. */
void popup_reaped(struct popup *p);

#endif
