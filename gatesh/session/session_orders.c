/* SPDX-License-Identifier: BSD-2-Clause */
/* session_orders.c - carries out what a person orders for a whole session.  See session_orders.h. */
#include "session/session_orders.h"

#include <signal.h>
#include <stdio.h>

#include "audit/audit_order.h"
#include "session/left_behind.h"
#include "session/publish.h"
#include "session/session_core.h"
#include "util/debug_log.h"

/* --- freeze ------------------------------------------------------------------------------------------------------- */

/* Refuse everything from now on, open questions included; or end that. */
static int orders_freeze(void *data, const char *by, bool on)
{
	struct session_core *v = data;
	struct gate_answer no = {.choice = GATE_ANSWER_NO};
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
	const struct audit_order order = {.session = v->dir.id, .name = "end", .by = by};
	int err = audit_order(&v->audit, &order);
	if (err)
		return err;
	snprintf(text, sizeof text, "gate: %s ends this session and its processes", by);
	session_core_say(GATE_STYLE_INFO, text, v);
	int left = orders_signal_all(v, SIGTERM);
	debug_log("session", "%s: ended by %s, SIGTERM to %d processes", v->dir.id, by, left);
	if (!v->orders.killing)
		timer_set(v->loop, &v->orders.parting, ORDERS_PARTING_MS);
	v->orders.killing = true;
	return left;
}

void session_orders_open(struct session_core *v)
{
	v->orders.parting = (struct timer){.expired = orders_kill, .data = v};
	v->answers.freeze = orders_freeze;
	v->answers.end = orders_end;
}

void session_orders_close(struct session_core *v)
{
	timer_clear(v->loop, &v->orders.parting);
}
