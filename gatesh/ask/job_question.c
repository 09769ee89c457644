/* SPDX-License-Identifier: BSD-2-Clause */
/* job_question.c - puts a job's question.  See job_question.h. */
#include "ask/job_question.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ask/job_keep.h"
#include "ask/refusal_text.h"

enum { ASKED_LATER = -1 }; /* no gate code: there is somebody to ask, but first something is kept */

/* --- in the main thread ------------------------------------------------------------------------------------------- */

/* The session was frozen or paused while this was being judged: answer in the name of whoever did it. */
static void job_answer_ordered(struct job *j, enum gate_choice choice, const char *by)
{
	*j->asker.answer = (struct gate_answer){.choice = choice};
	snprintf(j->asker.answer->by, sizeof j->asker.answer->by, "%s", by);
	j->asker.ordered = true;
	asker_refuse(&j->asker, GATE_SUCCESS);
}

/* Log the refusal of a process that is told to come back.  The worker waits in gate_check(), so its handle holds still. */
static void job_log_told(struct job *j)
{
	struct decision d = {
		.handle = j->handle, .event = &j->event, .ret = GATE_TIMEOUT, .id = j->asker.id, .come_back = true};
	if (audit_write(j->w->audit, &d))
		j->w->tell(GATE_STYLE_ERROR, "gate: a refusal is not in the audit log: it cannot be written",
			   j->w->data);
}

/* The agent waits no longer: its process is refused for now, and the question stays open. */
static void job_told(struct asker *a)
{
	static const struct gate_answer none;
	struct job *j = (struct job *)((char *)a - offsetof(struct job, asker));
	struct tool_call *call = j->w->calls ? tool_calls_find(j->w->calls, j->chain, j->nchain) : NULL;
	refusal_come_back(j->handle, &j->event, j->line, sizeof j->line);
	if (call)
		tool_call_refused(call, j->line);
	job_log_told(j);
	if (a->file && strcmp(a->file->reach->dir, a->file->path) != 0) { /* no question for each file that follows */
		remembered_file(j->w->covers, a->file, GATE_TIMEOUT, &none);
		remembered_told(j->w->covers, a->file, GATE_TIMEOUT);
	}
	j->told(j);
}

/* The ms of patience that the asker's tool has left; 0: no limit. */
static unsigned job_patience(const struct job *j)
{
	uint64_t spent = loop_now() - j->started;
	if (!j->told || !j->patience_ms)
		return 0;
	return j->patience_ms > spent ? (unsigned)(j->patience_ms - spent) : 1;
}

/* An answer that came late is for this process: it has got it, or is going to. */
static void job_answered_late(struct job *j)
{
	if (j->looks != JOB_LOOKS_NOT)
		asker_refuse(&j->asker, ASKED_LATER);
}

static void job_deliver_question(struct mail *m)
{
	struct job *j = (struct job *)((char *)m - offsetof(struct job, mail));
	int ret;
	if (j->abandoned)
		asker_refuse(&j->asker, GATE_CONV_ERR);
	else if (*j->w->questions->frozen)
		job_answer_ordered(j, GATE_ANSWER_NO, j->w->questions->frozen);
	else if (*j->w->questions->paused && !j->w->never_ask)
		job_answer_ordered(j, GATE_ANSWER_ONCE, j->w->questions->paused);
	else if (j->told && questions_late(j->w->questions, &j->asker, j->looks == JOB_LOOKS_NOT))
		job_answered_late(j);
	else if (j->asker.file && remembered_find(j->w->covers, j->asker.file, &ret, j->asker.answer, &j->everywhere))
		asker_refuse(&j->asker, ret);
	else if (j->event.type == GATE_EVENT_STATEMENT &&
		 remembered_statement(j->w->covers, j->asker.q, j->chain, j->nchain, j->asker.answer))
		asker_refuse(&j->asker, GATE_SUCCESS);
	else if (j->looks == JOB_LOOKS_TO_PASS)
		asker_refuse(&j->asker, ASKED_LATER);
	else if (!j->w->somebody(j->asker.q, j->w->data))
		asker_refuse(&j->asker, GATE_NO_AGENT);
	else if (j->looks == JOB_LOOKS_FOR_SOMEBODY)
		asker_refuse(&j->asker, ASKED_LATER);
	else
		questions_ask(j->w->questions, &j->asker);
}

/* --- in the worker ------------------------------------------------------------------------------------------------ */

/* Put the question, or with j->looks see whether it would be put.  Returns as conv.ask, or ASKED_LATER. */
static int job_put_question(struct job *j, const struct gate_question *gq, struct gate_answer *answer,
			    enum job_look looks)
{
	j->looks = looks;
	asker_init(&j->asker, gq, j->file.reach ? &j->file : NULL, answer);
	j->asker.environment = &j->environment;
	j->asker.patience_ms = job_patience(j);
	j->asker.told = j->told ? job_told : NULL;
	j->mail.deliver = job_deliver_question;
	mailbox_post(j->w->box, &j->mail);
	int ret = asker_wait(&j->asker);
	asker_destroy(&j->asker);
	return ret;
}

/* Keep what the rules keep.  Nothing is kept for a question that nobody would get, unless a keep could make it pass.  Returns as
 * job_put_question(); ASKED_LATER: go on. */
static int job_keep_first(struct job *j, const struct gate_question *gq, struct gate_answer *answer)
{
	int ret = ASKED_LATER;
	if (job_keep_is_due(j) && !job_keep_may_pass(j, gq))
		ret = job_put_question(j, gq, answer, JOB_LOOKS_FOR_SOMEBODY);
	if (ret == ASKED_LATER)
		job_keep(j);
	return ret;
}

/* Gate has kept all that the act would lose: it passes, if nobody has frozen or paused the session meanwhile. */
static int job_pass_question(struct job *j, const struct gate_question *gq, struct gate_answer *answer)
{
	int ret = job_put_question(j, gq, answer, JOB_LOOKS_TO_PASS);
	if (ret != ASKED_LATER)
		return ret;
	*answer = (struct gate_answer){.choice = GATE_ANSWER_ONCE, .by = "keep"};
	return GATE_SUCCESS;
}

int job_question(struct job *j, const struct gate_question *gq, struct gate_answer *answer)
{
	int ret = job_keep_first(j, gq, answer);
	if (ret != ASKED_LATER)
		return ret;
	return job_keep_suffices(j, gq) ? job_pass_question(j, gq, answer) :
					  job_put_question(j, gq, answer, JOB_LOOKS_NOT);
}
