/* SPDX-License-Identifier: BSD-2-Clause */
/* front_ops.c - checks and runs the requests of front ends: list, answer, explain, revoke, freeze, pause, end. */
#include "front/front_ops.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "front/dialog.h"
#include "front/front_proto.h"
#include "util/json.h"
#include "util/proc.h"

/* `desktop`: the request comes from the notification, see front_server_attach_desktop(). */
typedef json_t *op_fn(struct answers *a, const json_t *o, bool desktop);

static json_t *front_ops_fail(const char *error)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", error);
}

static json_t *front_ops_done(void)
{
	return json_pack("{s:b}", "ok", 1);
}

static const char *front_ops_text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* Copy the name of the front end, for the log and the other front ends. */
static void front_ops_put_by(char *buf, size_t size, const json_t *o)
{
	const char *by = front_ops_text_of(o, "by");
	snprintf(buf, size, "%.*s", (int)size - 1, by && *by ? by : "a front end");
}

static json_t *front_ops_op_pending(struct answers *a, const json_t *o, bool desktop)
{
	json_t *all = json_array();
	for (struct question *q = a->questions->first; q; q = q->next)
		if (!desktop || (q->q->flags & GATE_QUESTION_DESKTOP))
			json_array_append_new(all, front_question_json(q, a->dir->id));
	json_t *reply = json_pack("{s:b, s:o}", "ok", 1, "questions", all);
	if (*a->questions->frozen)
		json_put(reply, "frozen", a->questions->frozen);
	if (*a->questions->paused) {
		json_put(reply, "paused", a->questions->paused);
		json_object_set_new(reply, "paused_until", json_integer(a->paused_until));
	}
	if (a->left) {
		json_object_set_new(reply, "left", json_integer(a->left(a->data)));
		json_object_set_new(reply, "left_since", json_integer(a->left_since));
	}
	return reply;
}

/* Find the open question with the request's number and cookie. If the request names a process, it must be one of the
 * question's askers. */
static struct question *front_ops_find(struct answers *a, const json_t *o)
{
	const char *cookie = front_ops_text_of(o, "cookie");
	const json_t *pid = json_object_get(o, "pid"), *start = json_object_get(o, "start_time");
	struct question *q = questions_find(a->questions, (unsigned)json_integer_value(json_object_get(o, "id")));
	if (!q || !cookie || strcmp(cookie, q->cookie))
		return NULL;
	if (!pid && !start)
		return q;
	for (const struct asker *k = q->askers; k; k = k->next)
		if (json_integer_value(pid) == k->q->event->pid &&
		    (uint64_t)json_integer_value(start) == k->q->event->start_time)
			return q;
	return NULL;
}

/* Fill the answer from the request. Returns an error for the front end, or NULL. */
static const char *front_ops_read_answer(const json_t *o, const struct question *q, bool desktop, struct gate_answer *a)
{
	const char *choice = front_ops_text_of(o, "choice"), *text = front_ops_text_of(o, "text"),
		   *word = front_ops_text_of(o, "word");
	if (!choice || (strcmp(choice, "once") && strcmp(choice, "session") && strcmp(choice, "no")))
		return "choice must be once, session or no";
	a->choice = !strcmp(choice, "once")    ? GATE_ANSWER_ONCE :
		    !strcmp(choice, "session") ? GATE_ANSWER_SESSION :
						 GATE_ANSWER_NO;
	if (a->choice == GATE_ANSWER_SESSION && !dialog_offers(q->q, 's'))
		return "this question cannot be allowed for the session";
	if (a->choice != GATE_ANSWER_NO && (q->q->flags & GATE_QUESTION_TYPED) && q->q->word &&
	    (!word || strcmp(word, q->q->word)))
		return "a yes to this question must come with its typed word";
	if (desktop && a->choice != GATE_ANSWER_NO &&
	    (a->choice != GATE_ANSWER_ONCE || !(q->q->flags & GATE_QUESTION_DESKTOP_YES)))
		return "this question cannot be allowed from the desktop";
	if (text && strlen(text) >= sizeof a->text)
		return "the sentence is too long";
	snprintf(a->text, sizeof a->text, "%s", text ? text : "");
	a->desktop = desktop;
	if (desktop)
		snprintf(a->by, sizeof a->by, "desktop");
	else
		front_ops_put_by(a->by, sizeof a->by, o);
	return NULL;
}

/* Drop askers whose process has ended, so that another process that got its pid is not let through. False: the last
 * asker is gone and the question with it. */
static bool front_ops_still_asked(struct question *q)
{
	for (struct asker *k = q->askers, *next; k; k = next) {
		const struct gate_event *ev = k->q->event;
		bool last = q->naskers == 1;
		next = k->next;
		if (k->late || !ev->pid || !ev->start_time || proc_alive(ev->pid, ev->start_time))
			continue;
		asker_leave(k, GATE_CONV_ERR);
		if (last)
			return false;
	}
	return true;
}

static json_t *front_ops_op_answer(struct answers *a, const json_t *o, bool desktop)
{
	struct gate_answer answer = {0};
	struct question *q = front_ops_find(a, o);
	if (!q)
		return front_ops_fail("no such question is open");
	const char *error = front_ops_read_answer(o, q, desktop, &answer);
	if (error)
		return front_ops_fail(error);
	if (!front_ops_still_asked(q))
		return front_ops_fail("the process that asked is gone");
	question_finish(q, GATE_SUCCESS, &answer);
	return front_ops_done();
}

/* The person closed the notification without an answer: the question is left to the other front ends. */
static json_t *front_ops_op_pass(struct answers *a, const json_t *o, bool desktop)
{
	struct question *q = front_ops_find(a, o);
	if (!q || !desktop)
		return front_ops_fail(q ? "only the desktop can pass" : "no such question is open");
	q->passed = true;
	a->passed(a->data);
	return front_ops_done();
}

static json_t *front_ops_op_why(struct answers *a, const json_t *o, bool desktop)
{
	struct question *q = front_ops_find(a, o);
	return q ? json_pack("{s:b, s:o, s:o}", "ok", 1, "question", front_question_json(q, a->dir->id), "trace",
			     front_trace_json(q->q)) :
		   front_ops_fail("no such question is open");
}

static int front_ops_add_grant(const struct gate_grant_info *g, void *data)
{
	json_t *o = json_object();
	json_object_set_new(o, "id", json_integer(g->id));
	json_put(o, "rule", g->rule);
	json_put(o, "covers", g->text);
	json_put(o, "by", g->by);
	json_object_set_new(o, "since", json_integer(g->since));
	json_object_set_new(o, "used", json_integer(g->used));
	return json_array_append_new(data, o);
}

static json_t *front_ops_op_grants(struct answers *a, const json_t *o, bool desktop)
{
	json_t *all = json_array();
	if (!all || gate_grants(a->handle, front_ops_add_grant, all)) {
		json_decref(all);
		return front_ops_fail("out of memory");
	}
	return json_pack("{s:b, s:o}", "ok", 1, "grants", all);
}

static json_t *front_ops_op_revoke(struct answers *a, const json_t *o, bool desktop)
{
	json_int_t id = json_integer_value(json_object_get(o, "id"));
	if (id <= 0 || id > UINT32_MAX || gate_revoke(a->handle, (unsigned)id))
		return front_ops_fail("no such grant");
	if (a->revoked)
		a->revoked(a->data);
	return front_ops_done();
}

static json_t *front_ops_freeze(struct answers *a, const json_t *o, bool on)
{
	char by[sizeof a->questions->frozen];
	front_ops_put_by(by, sizeof by, o);
	int err = a->freeze(a->data, by, on);
	return err ? front_ops_fail(
			     "the policy image could not be written: commands that no rule asks about still run") :
		     front_ops_done();
}

static json_t *front_ops_op_freeze(struct answers *a, const json_t *o, bool desktop)
{
	return front_ops_freeze(a, o, true);
}

static json_t *front_ops_op_thaw(struct answers *a, const json_t *o, bool desktop)
{
	return front_ops_freeze(a, o, false);
}

static json_t *front_ops_op_pause(struct answers *a, const json_t *o, bool desktop)
{
	char by[sizeof a->questions->paused];
	json_int_t seconds = json_integer_value(json_object_get(o, "seconds"));
	const char *word = front_ops_text_of(o, "word");
	if (seconds <= 0 || seconds > FRONT_PAUSE_MAX_S)
		return front_ops_fail("a pause takes up to 8 hours");
	if (!word || strcmp(word, "pause"))
		return front_ops_fail("a pause must come with its typed word");
	front_ops_put_by(by, sizeof by, o);
	int err = a->pause(a->data, by, (unsigned)seconds);
	return !err          ? front_ops_done() :
	       err == -EBUSY ? front_ops_fail("it is frozen: gatesh thaw comes first") :
			       front_ops_fail("the pause could not be logged or published");
}

static json_t *front_ops_op_resume(struct answers *a, const json_t *o, bool desktop)
{
	char by[sizeof a->questions->paused];
	front_ops_put_by(by, sizeof by, o);
	int err = a->resume(a->data, by);
	return !err             ? front_ops_done() :
	       err == -EALREADY ? front_ops_fail("it is not paused") :
				  front_ops_fail("the policy image could not be written: its processes still ask");
}

static json_t *front_ops_op_end(struct answers *a, const json_t *o, bool desktop)
{
	char by[sizeof a->questions->frozen];
	front_ops_put_by(by, sizeof by, o);
	int n = a->end(a->data, by);
	return n < 0 ? front_ops_fail("the order could not be logged") :
		       json_pack("{s:b, s:i}", "ok", 1, "processes", n);
}

json_t *front_ops_do(struct answers *a, const json_t *request, bool desktop, bool *subscribe)
{
	static const struct {
		const char *name;
		op_fn *run;
		bool desktop; /* the desktop may request it, too */
	} ops[] = {{"pending", front_ops_op_pending, true},
		   {"subscribe", front_ops_op_pending, true},
		   {"answer", front_ops_op_answer, true},
		   {"pass", front_ops_op_pass, true},
		   {"why", front_ops_op_why},
		   {"grants", front_ops_op_grants},
		   {"revoke", front_ops_op_revoke},
		   {"freeze", front_ops_op_freeze},
		   {"thaw", front_ops_op_thaw},
		   {"pause", front_ops_op_pause},
		   {"resume", front_ops_op_resume},
		   {"end", front_ops_op_end}};
	const char *name = front_ops_text_of(request, "op");
	for (size_t i = 0; name && i < sizeof ops / sizeof *ops; i++) {
		if (strcmp(name, ops[i].name) || (desktop && !ops[i].desktop))
			continue;
		*subscribe = !strcmp(name, "subscribe");
		return ops[i].run(a, request, desktop);
	}
	return front_ops_fail(
		"op must be pending, subscribe, answer, pass, why, grants, revoke, freeze, thaw, pause, resume or end");
}
