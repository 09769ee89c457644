/* SPDX-License-Identifier: BSD-2-Clause */
/* job.c - judges an event in a worker thread, asks if necessary, and logs the decision. */
#include "ask/job.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "ask/job_debug.h"
#include "ask/job_end.h"
#include "ask/job_keep.h"
#include "ask/job_question.h"
#include "base/name.h"
#include "base/strbuf.h"
#include "engine/engine.h"
#include "formats/event.h"
#include "rules/target.h"

enum {
	STACK_SIZE = 256 << 10,
	OWN_TIMEOUT_MS = 300000, /* as gate_confirm's */
};

/* --- in the main thread ------------------------------------------------------------------------------------------- */

static void job_deliver_result(struct mail *m)
{
	struct job *j = (struct job *)((char *)m - offsetof(struct job, mail));
	j->w->running--;
	if (j->allowed && !j->asker.late)
		remembered_exec(j->w->covers, j->event.pid, j->event.start_time, j->by, j->rules);
	struct tool_call *call = j->ret != GATE_SUCCESS && !j->asker.late && j->w->calls ?
					 tool_calls_find(j->w->calls, j->chain, j->nchain) :
					 NULL;
	if (call && *j->line)
		tool_call_refused(call, j->line);
	bool frozen = *j->frozen || (j->asker.ordered && j->ret == GATE_DENY);
	if (j->file.reach && j->ret != GATE_SUCCESS &&
	    remembered_told(j->w->covers, &j->file, frozen ? REMEMBERED_FROZEN : j->ret))
		j->line[0] = '\0';
	reach_clear(&j->reach);
	asker_environment_free(&j->environment);
	j->event.settings = j->event.says = j->event.origin = NULL;
	j->done(j);
}

void job_abandon(struct job *j)
{
	j->abandoned = true;
	if (j->asker.question)
		asker_leave(&j->asker, GATE_CONV_ERR);
}

/* --- in the worker ------------------------------------------------------------------------------------------------ */

/* "what find(12) and its children delete under /srv/x" */
static void job_put_tree(const struct answer_scope *r, const struct gate_event *ev, struct strbuf *b)
{
	static const char *const verbs[] = {[GATE_EVENT_UNLINK] = "delete",
					    [GATE_EVENT_RENAME] = "move",
					    [GATE_EVENT_TRUNCATE] = "overwrite",
					    [GATE_EVENT_WRITE] = "write in place",
					    [GATE_EVENT_READ] = "read"};
	strbuf_puts(b, "what ");
	strbuf_puts(b, r->root.comm);
	strbuf_printf(b, "(%d) and its children %s%s %s ", r->root.pid, r->operands ? "are told to " : "",
		      verbs[ev->type],
		      r->operands              ? "in" :
		      strcmp(r->dir, ev->path) ? "under" :
						 "at");
	strbuf_puts(b, r->dir);
}

/* Set the event's `once` text. */
static void job_put_once(struct job *j)
{
	const struct answer_scope *r = &j->reach;
	cleanup_strbuf struct strbuf b = {0};
	if (r->program)
		strbuf_printf(&b, "what %s writes in place, in this session, under %s", name_base(r->program), r->dir);
	else
		job_put_tree(r, &j->event, &b);
	snprintf(j->once, sizeof j->once, "%s", b.s ? b.s : "");
	j->event.once = j->once;
}

/* Read the variables that choose the command's target.  The event must be an exec. */
static void job_read_environment(struct job *j)
{
	if (!j->environment.read && j->event.type == GATE_EVENT_EXEC)
		asker_environment_read(&j->environment, j->event.pid, j->envp);
}

/* Set the event's `settings` text, which the engine has the address of: a yes for the session is for this target. */
static void job_put_settings(struct job *j, const char *subject)
{
	char program[NAME_MAX + 1];
	snprintf(program, sizeof program, "%.*s", (int)strcspn(subject, " "), subject);
	if (*j->settings || j->event.type != GATE_EVENT_EXEC || !target_tool(program))
		return;
	job_read_environment(j);
	asker_environment_describe(&j->environment, program, j->settings, sizeof j->settings);
}

/* Set the event's `origin` text, which the engine has the address of. */
static void job_put_origin(struct job *j)
{
	const struct origin o = {.chain = j->chain,
				 .n = j->nchain,
				 .agent = *j->agent ? j->agent : gate_get_item(j->handle, GATE_ITEM_AGENT),
				 .agent_pid = j->agent_pid};
	if (!*j->origin)
		origin_describe(&o, j->origin);
}

static int job_ask(const struct gate_question *gq, struct gate_answer *answer, void *data)
{
	struct job *j = data;
	j->file.severity = gq->findings->severity;
	if (j->reach.program && gq->findings->severity >= GATE_SEVERITY_CRITICAL) {
		reach_narrow(&j->reach);
		job_put_once(j); /* the question has its address */
	}
	job_read_environment(j);
	job_put_settings(j, gq->findings->subject ? gq->findings->subject : "");
	job_put_origin(j);
	return job_question(j, gq, answer);
}

static int job_probe(const char *command, const struct gate_event *event, void *data)
{
	struct job *j = data;
	if (!j->w->probes || *j->paused)
		return -ENOSYS;
	job_read_environment(j);
	return j->environment.err ? j->environment.err : probe_run(j->w->probes, command, event->cwd, &j->environment);
}

static void job_tell(enum gate_style style, const char *text, void *data)
{
	struct job *j = data;
	j->w->tell(style, text, j->w->data);
}

static int job_check(struct job *j, unsigned flags)
{
	return j->own.rule ? gate_check_finding(j->handle, &j->event, &j->own, OWN_TIMEOUT_MS, flags) :
			     gate_check(j->handle, &j->event, flags);
}

/* In a frozen session nothing is judged: no module runs and no rule is matched.  In a paused one the verdict is for the
 * log alone. */
static int job_judge(struct job *j)
{
	char why[sizeof j->frozen + 64];
	if (*j->paused) {
		job_check(j, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN);
		gate_set_item(j->handle, GATE_ITEM_REASON, "the session is paused");
		return GATE_SUCCESS;
	}
	if (!*j->frozen) {
		int ret = job_check(j, j->w->never_ask ? GATE_CHECK_NO_ASK : 0);
		if (ret == GATE_SUCCESS && j->event.text_flags & GATE_TEXT_OWN)
			gate_set_item(j->handle, GATE_ITEM_REASON, "the session itself created what this is about");
		return ret;
	}
	snprintf(why, sizeof why, "the session is frozen by %s", j->frozen);
	gate_set_item(j->handle, GATE_ITEM_REASON, why);
	return GATE_DENY;
}

/* Find the acting process and the scope of an answer. */
static int job_look_at_file(struct job *j)
{
	struct gate_event *ev = &j->event;
	int err = reach_find(&j->reach, ev, j->w->places, j->chain, j->nchain);
	if (err)
		return err;
	j->file = (struct cover_event){.type = ev->type,
				       .path = ev->path,
				       .unkept = ev->unkept,
				       .reach = &j->reach,
				       .chain = j->chain,
				       .n = j->nchain};
	ev->argv = (const char *const *)j->reach.argv;
	ev->argc = j->reach.argc;
	ev->exe = ev->exe ? ev->exe : j->reach.exe;
	ev->top = j->reach.operands ? ev->path : j->reach.top ? j->reach.top : j->reach.dir;
	job_put_once(j);
	return 0;
}

/* An exec that a rule asked about was allowed. */
static void job_note_rule(struct job *j, const char *rule)
{
	size_t n = strlen(j->rules);
	j->allowed = true;
	if (n + strlen(rule) + sizeof "  " <= sizeof j->rules)
		snprintf(j->rules + n, sizeof j->rules - n, "%s%s ", n ? "" : " ", rule);
}

/* Note what the decision covers beyond this event. */
static void job_note_reach(struct job *j)
{
	size_t n;
	const struct gate_answer *a = gate_answer(j->handle);
	const struct gate_finding *f = gate_findings(j->handle, &n);
	if (j->event.type == GATE_EVENT_EXEC) {
		bool lasts = j->ret == GATE_SUCCESS && !*j->paused && !j->asker.ordered;
		for (size_t i = 0; i < n && lasts; i++)
			if (f[i].action == GATE_ACTION_ASK)
				job_note_rule(j, f[i].rule);
		snprintf(j->by, sizeof j->by, "%s", a ? a->by : "");
		return;
	}
	if (!j->file.reach)
		return;
	if (!a && n)
		j->file.severity = f->severity;
	j->severity = j->file.severity;
	if (j->everywhere && j->ret == GATE_SUCCESS) {
		j->severity = GATE_SEVERITY_CRITICAL;
		strcpy(j->covers, "/");
		return;
	}
	bool once = a && !j->asker.ordered && a->choice != GATE_ANSWER_SESSION &&
		    (j->ret == GATE_SUCCESS || j->ret == GATE_DENY);
	if (once && !j->reach.operands && strcmp(j->reach.dir, j->event.path) &&
	    strlen(j->reach.dir) < sizeof j->covers)
		strcpy(j->covers, j->reach.dir);
}

static bool job_is_of_file(const struct gate_event *ev)
{
	return ev->path && event_is_of_file(ev->type);
}

static void *job_work(void *data)
{
	struct job *j = data;
	int err = job_is_of_file(&j->event) ? job_look_at_file(j) : 0;
	j->event.settings = j->settings;
	j->event.keeps = j->kept.text;
	j->event.origin = j->origin;
	job_put_settings(j, asker_program(&j->event));
	j->ret = err && !*j->paused ? GATE_SYSTEM_ERR : job_judge(j);
	if (j->ret == GATE_SYSTEM_ERR && err)
		gate_set_item(j->handle, GATE_ITEM_REASON, strerror(-err));
	else if (!err && !j->own.rule)
		job_note_reach(j);
	if (j->ret == GATE_SUCCESS && !*j->paused && !j->asker.late) {
		job_read_environment(j);
		job_keep(j); /* a granted act is kept, too */
	}
	job_end(j);
	gate_end(j->handle, j->ret);
	if (job_is_of_file(&j->event)) {
		j->event.argv = NULL; /* these belong to the reach, not to the message */
		j->event.argc = 0;
	}
	j->mail.deliver = job_deliver_result;
	mailbox_post(j->w->box, &j->mail); /* from here on, the main thread may free the job */
	return NULL;
}

/* A new thread for each: one that waits is woken later than a new one begins, where the machine is busy. */
static int job_start_thread(struct job *j)
{
	pthread_t thread;
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (!err)
		err = pthread_create(&thread, &attr, job_work, j);
	pthread_attr_destroy(&attr);
	return -err;
}

/* Find the tool call: what the agent said about it, and how long it waits. */
static void job_find_call(struct job *j)
{
	const struct workers *w = j->w;
	const struct tool_call *call = w->calls ? tool_calls_find(w->calls, j->chain, j->nchain) : NULL;
	j->started = loop_now();
	tool_call_describe(call, j->says, sizeof j->says);
	if (call) {
		memcpy(j->agent, call->agent, sizeof j->agent);
		j->agent_pid = call->pid;
	}
	j->patience_ms = call ? tool_call_patience(call, j->chain, j->nchain) : 0;
	if (!j->patience_ms && w->tool_limit_ms)
		j->patience_ms = w->tool_limit_ms - tool_call_margin(w->tool_limit_ms);
}

int job_start(struct workers *w, struct job *j)
{
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv),
				 .ask = job_ask,
				 .tell = job_tell,
				 .data = j,
				 .probe = job_probe};
	j->w = w;
	job_find_call(j);
	if (*j->says)
		j->event.says = j->says;
	job_debug_event(j, "event");
	memcpy(j->frozen, w->questions->frozen, sizeof j->frozen);
	if (!w->never_ask) /* a pause is for the session's processes, not for what a preview would run */
		memcpy(j->paused, w->questions->paused, sizeof j->paused);
	int err = w->running >= JOBS_MAX ? -EAGAIN : gate_dup(w->base, &conv, &j->handle);
	if (!err) {
		err = job_start_thread(j);
		if (err)
			gate_end(j->handle, GATE_SYSTEM_ERR);
	}
	if (err) {
		j->ret = err == -EAGAIN ? GATE_BUF_ERR : GATE_SYSTEM_ERR;
		snprintf(j->line, sizeof j->line, "gate: refused: %s. Wait, and try again.",
			 w->running >= JOBS_MAX ? "too many commands are being judged at once" : strerror(-err));
		return err;
	}
	w->running++;
	return 0;
}
