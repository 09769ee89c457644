/* SPDX-License-Identifier: BSD-2-Clause */
/* session_orders.c - carries out what a person orders for a whole session.  See session_orders.h. */
#include "session/session_orders.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "audit/audit_order.h"
#include "session/left_behind.h"
#include "session/publish.h"
#include "session/session_core.h"
#include "util/debug_log.h"

/* --- pause -------------------------------------------------------------------------------------------------------- */

static int orders_log(struct session_core *v, const char *name, const char *by, const char *reason)
{
	const struct audit_order order = {.session = v->dir.id, .name = name, .by = by, .reason = reason};
	debug_log("session", "%s: %s by %s", v->dir.id, name, by);
	return audit_order(&v->audit, &order);
}

/* The session's processes must not decide by themselves: not refuse what they remember as refused, and let nothing go
 * unlogged.  So they ask about everything, as in a frozen session. */
static int orders_pause(void *data, const char *by, unsigned seconds)
{
	struct session_core *v = data;
	struct gate_answer yes = {.choice = GATE_ANSWER_ONCE};
	char text[256], when[16];
	struct tm tm;
	time_t until = time(NULL) + seconds;
	snprintf(text, sizeof text, "for %u s nothing is asked or refused", seconds);
	int err = *v->questions.frozen ? -EBUSY : orders_log(v, "pause", by, text);
	if (!err)
		err = publish_freeze(v, true);
	if (err)
		return err;
	snprintf(v->questions.paused, sizeof v->questions.paused, "%s", by);
	snprintf(yes.by, sizeof yes.by, "%s", by);
	v->answers.paused_until = until;
	timer_set(v->loop, &v->orders.pause_over, seconds * 1000u);
	while (v->questions.first)
		question_finish(v->questions.first, GATE_SUCCESS, &yes);
	front_server_paused(&v->answers, by, true);
	strftime(when, sizeof when, "%H:%M:%S", localtime_r(&until, &tm));
	snprintf(text, sizeof text, "gate: paused until %s by %s: nothing is asked or refused; files are still kept",
		 when, by);
	session_core_say(GATE_STYLE_INFO, text, v);
	return 0;
}

static int orders_resume(void *data, const char *by)
{
	struct session_core *v = data;
	char text[160];
	if (!*v->questions.paused)
		return -EALREADY;
	*v->questions.paused = '\0';
	timer_clear(v->loop, &v->orders.pause_over);
	int err = orders_log(v, "resume", by, NULL);
	if (err)
		session_core_say(GATE_STYLE_ERROR, "gate: the end of the pause could not be logged", v);
	err = publish_freeze(v, false);
	front_server_paused(&v->answers, by, false);
	snprintf(text, sizeof text, "gate: the pause is over (%s): Gate asks and refuses again", by);
	session_core_say(GATE_STYLE_INFO, text, v);
	return err;
}

static void orders_pause_over(struct timer *t)
{
	orders_resume(t->data, "its time");
}

/* --- freeze ------------------------------------------------------------------------------------------------------- */

/* Refuse everything from now on, open questions included; or end that. */
static int orders_freeze(void *data, const char *by, bool on)
{
	struct session_core *v = data;
	struct gate_answer no = {.choice = GATE_ANSWER_NO};
	if (*v->questions.paused)
		orders_resume(v, by);
	snprintf(v->questions.frozen, sizeof v->questions.frozen, "%s", on ? by : "");
	snprintf(no.by, sizeof no.by, "%s", by);
	while (on && v->questions.first)
		question_finish(v->questions.first, GATE_SUCCESS, &no);
	front_server_frozen(&v->answers, by, on);
	return publish_freeze(v, on);
}

/* --- end ---------------------------------------------------------------------------------------------------------- */

/* The session's processes: behind its filter, or where it has none, with its directory in their environment. */
static int orders_signal_all(struct session_core *v, int sig)
{
	return supervisor_busy(&v->supervisor) ? left_behind_kill(sig) : left_behind_kill_named(v->dir.path, sig);
}

/* The session ends by itself, when its last process has. */
static void orders_kill(struct timer *t)
{
	struct session_core *v = t->data;
	int left = orders_signal_all(v, SIGKILL);
	debug_log("session", "%s: SIGKILL to %d processes", v->dir.id, left);
	if (left)
		timer_set(v->loop, t, ORDERS_AGAIN_MS);
}

static int orders_end(void *data, const char *by)
{
	struct session_core *v = data;
	char text[160];
	int err = orders_log(v, "end", by, NULL);
	if (err)
		return err;
	snprintf(text, sizeof text, "gate: %s ends this session and its processes", by);
	session_core_say(GATE_STYLE_INFO, text, v);
	int left = orders_signal_all(v, SIGTERM);
	debug_log("session", "%s: SIGTERM to %d processes", v->dir.id, left);
	if (!v->orders.killing)
		timer_set(v->loop, &v->orders.parting, ORDERS_PARTING_MS);
	v->orders.killing = true;
	return left;
}

void session_orders_open(struct session_core *v)
{
	v->orders.parting = (struct timer){.expired = orders_kill, .data = v};
	v->orders.pause_over = (struct timer){.expired = orders_pause_over, .data = v};
	v->answers.freeze = orders_freeze;
	v->answers.pause = orders_pause;
	v->answers.resume = orders_resume;
	v->answers.end = orders_end;
}

void session_orders_close(struct session_core *v)
{
	timer_clear(v->loop, &v->orders.parting);
	timer_clear(v->loop, &v->orders.pause_over);
}
