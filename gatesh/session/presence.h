/* SPDX-License-Identifier: BSD-2-Clause */
/* presence.h - is anybody there to see a question?  A terminal, a companion, the desktop; or nobody, and then the
 * question is refused.  Main thread only. */
#ifndef GATESH_SESSION_PRESENCE_H
#define GATESH_SESSION_PRESENCE_H

#include <stdbool.h>
#include <sys/types.h>

struct gate_question;
struct question;
struct session_core;

/* Begin the grace time after the start, in which a front end can find the session. */
void presence_open(struct session_core *v);

/* Is somebody there to ask a new question?  For workers.somebody; `data` is the session.  The first question for the
 * desktop starts the notifier, after the prompt is drawn.  During the grace time the answer is yes. */
bool presence_somebody(const struct gate_question *q, void *data);

/* The desktop will not answer: refuse its questions that nobody else sees.  For answers.passed; `data` is the session. */
void presence_desktop_left(void *data);

/* The terminal is gone: after a grace time, refuse the questions that nobody sees. */
void presence_unattended(struct session_core *v);

/* A child has ended; perhaps it was the notifier. */
void presence_notifier_child(struct session_core *v, pid_t pid, int status);

/* A question was opened.  If it waits although nobody sees it (--wait-for-answer), and no other waits, tell where it can
 * be answered. */
void presence_say_waiting(struct session_core *v, const struct question *q);

#endif
