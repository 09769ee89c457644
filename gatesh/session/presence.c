/* SPDX-License-Identifier: BSD-2-Clause */
/* presence.c - decides whether anybody sees a question, starts the desktop's notifier, and says that a question waits. */
#include "session/presence.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "session/session_core.h"

/* Does somebody see a question now, or soon?  `desktop`: the desktop counts. */
static bool presence_watched(const struct session_core *v, bool desktop)
{
	return (desktop && (v->notifier.pid || v->look.at)) || v->answers.subscribers ||
	       (v->terminal && v->terminal(v->data));
}

static bool presence_seen(const struct session_core *v, bool desktop)
{
	return v->o->wait_for_answer || presence_watched(v, desktop);
}

/* Is somebody there to ask a new question?  The first question for the desktop starts the notifier, after the prompt is
 * drawn.  During the grace time the answer is yes, so that a front end can find this new session. */
bool presence_somebody(const struct gate_question *q, void *data)
{
	struct session_core *v = data;
	bool desktop = q->flags & GATE_QUESTION_DESKTOP;
	if (desktop && !v->notifier.pid && notifier_possible(&v->notifier))
		timer_set(v->loop, &v->look, 0);
	return v->grace.at || presence_seen(v, desktop);
}

/* Refuse the questions that nobody sees; with `flags`, only those that have one of them. */
static void presence_refuse_unattended(struct session_core *v, unsigned flags)
{
	for (struct question *q = v->questions.first, *next; q; q = next) {
		bool desktop = q->q->flags & GATE_QUESTION_DESKTOP;
		next = q->next;
		if ((!flags || q->q->flags & flags) && !presence_seen(v, desktop && !q->passed))
			question_finish(q, GATE_NO_AGENT, NULL);
	}
}

/* The desktop will not answer: refuse its questions that nobody else sees. */
void presence_desktop_left(void *data)
{
	struct session_core *v = data;
	if (!v->grace.at)
		presence_refuse_unattended(v, GATE_QUESTION_DESKTOP);
}

static void presence_grace_over(struct timer *t)
{
	presence_refuse_unattended(t->data, 0);
}

void presence_unattended(struct session_core *v)
{
	timer_set(v->loop, &v->grace, SESSION_GRACE_MS);
}

static void presence_look_for_desktop(struct timer *t)
{
	struct session_core *v = t->data;
	char text[128];
	int err = notifier_start(&v->notifier);
	if (!err)
		return;
	snprintf(text, sizeof text, "gate: desktop: gate-notify cannot be started: %s", strerror(-err));
	session_core_say(GATE_STYLE_INFO, text, v);
	presence_desktop_left(v);
}

void presence_notifier_child(struct session_core *v, pid_t pid, int status)
{
	if (pid != v->notifier.pid)
		return;
	v->notifier.pid = 0;
	if (WIFSIGNALED(status))
		session_core_say(GATE_STYLE_INFO, "gate: desktop: gate-notify died; answer its questions elsewhere", v);
	presence_desktop_left(v);
}

void presence_open(struct session_core *v)
{
	v->look = (struct timer){.expired = presence_look_for_desktop, .data = v};
	v->notifier = (struct notifier){.answers = &v->answers, .mask = &v->o->mask};
	v->grace = (struct timer){.expired = presence_grace_over, .data = v};
	timer_set(v->loop, &v->grace, SESSION_GRACE_MS);
}

void presence_say_waiting(struct session_core *v, const struct question *q)
{
	char text[192];
	if (q->id <= v->said_waiting || v->questions.first != q || !v->o->wait_for_answer ||
	    presence_watched(v, q->q->flags & GATE_QUESTION_DESKTOP))
		return;
	v->said_waiting = q->id;
	snprintf(text, sizeof text,
		 "gate: a question waits: gatesh pending shows it, gatesh allow %u and gatesh deny %u answer it", q->id,
		 q->id);
	session_core_say(GATE_STYLE_INFO, text, v);
}
