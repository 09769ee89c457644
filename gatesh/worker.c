/* worker.c - see worker.h. */
#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "refusal.h"

enum { STACK_SIZE = 256 << 10 };

/* --- in the main thread
 * --------------------------------------------------------------------------------------------- */

/* It was frozen while this was being judged: a no, by who did it. */
static void refuse_frozen(struct job *j)
{
	*j->asker.answer = (struct gate_answer){.choice = GATE_NO};
	snprintf(j->asker.answer->by, sizeof j->asker.answer->by, "%s", j->w->questions->frozen);
	asker_refuse(&j->asker, GATE_SUCCESS);
}

static void deliver_question(struct mail *m)
{
	struct job *j = (struct job *)((char *)m - offsetof(struct job, mail));
	if (j->abandoned)
		asker_refuse(&j->asker, GATE_CONV_ERR);
	else if (*j->w->questions->frozen)
		refuse_frozen(j);
	else if (!j->w->somebody(j->asker.q, j->w->data))
		asker_refuse(&j->asker, GATE_NO_AGENT);
	else
		questions_ask(j->w->questions, &j->asker);
}

static void deliver_result(struct mail *m)
{
	struct job *j = (struct job *)((char *)m - offsetof(struct job, mail));
	pthread_join(j->thread, NULL);
	j->w->running--;
	j->done(j);
}

void job_abandon(struct job *j)
{
	j->abandoned = true;
	if (j->asker.question)
		asker_leave(&j->asker, GATE_CONV_ERR);
}

/* --- in the worker
 * -------------------------------------------------------------------------------------------------- */

static int ask(const struct gate_question *gq, struct gate_answer *answer, void *data)
{
	struct job *j = data;
	asker_init(&j->asker, gq, answer);
	j->mail.deliver = deliver_question;
	mailbox_post(j->w->box, &j->mail);
	int ret = asker_wait(&j->asker);
	asker_destroy(&j->asker);
	return ret;
}

static int probe(const char *command, const struct gate_event *event, void *data)
{
	struct job *j = data;
	return j->w->probes ? probe_run(j->w->probes, command, event->cwd) : -ENOSYS;
}

static void tell(enum gate_style style, const char *text, void *data)
{
	struct job *j = data;
	j->w->tell(style, text, j->w->data);
}

/* Nothing is allowed that is not written down. */
static void record(struct job *j, struct decision *d)
{
	int err = audit_write(j->w->audit, d);
	if (!err)
		return;
	char text[128];
	snprintf(text, sizeof text, "gate: the audit log cannot be written: %s", strerror(-err));
	j->w->tell(GATE_TELL_ERROR, text, j->w->data);
	if (j->ret == GATE_SUCCESS && !j->w->on_fault_allow) {
		j->ret = GATE_SYSTEM_ERR;
		gate_set_item(j->handle, GATE_REASON, text + strlen("gate: "));
	}
}

/* In a frozen session nothing is judged: no module runs, no rule is looked at. */
static int judge(struct job *j)
{
	char why[sizeof j->frozen + 64];
	if (!*j->frozen)
		return gate_check(j->handle, &j->event, j->w->never_ask ? GATE_CHECK_NO_ASK : 0);
	snprintf(why, sizeof why, "the session is frozen by %s", j->frozen);
	gate_set_item(j->handle, GATE_REASON, why);
	return GATE_DENY;
}

static void *work(void *data)
{
	struct job *j = data;
	j->ret = judge(j);
	struct decision d = {.handle = j->handle, .event = &j->event, .ret = j->ret, .id = j->asker.id};
	if (j->ret >= GATE_SERVICE_ERR && j->w->on_fault_allow) {
		j->ret = GATE_SUCCESS;
		d.allowed_on_fault = true;
	}
	record(j, &d);
	if (j->ret == GATE_DENY && *j->frozen)
		refusal_frozen(&j->event, j->line, sizeof j->line);
	else if (j->ret != GATE_SUCCESS)
		refusal_line(j->handle, &j->event, j->ret, j->line, sizeof j->line);
	gate_end(j->handle, j->ret);
	j->mail.deliver = deliver_result;
	mailbox_post(j->w->box, &j->mail);
	return NULL;
}

void job_record(struct workers *w, const struct gate_event *ev, bool refused)
{
	struct gate_conv conv = {.tell = w->tell, .data = w->data};
	struct job j = {.w = w, .event = *ev, .ret = GATE_SYSTEM_ERR};
	if (gate_dup(w->base, &conv, &j.handle)) {
		w->tell(GATE_TELL_ERROR, "gate: a connection is not in the audit log: out of memory", w->data);
		return;
	}
	gate_check(j.handle, ev, GATE_CHECK_NO_ASK); /* for what rules log, and for the verdict lines */
	j.ret = refused ? GATE_DENY : GATE_SUCCESS;
	struct decision d = {.handle = j.handle, .event = ev, .ret = j.ret};
	record(&j, &d);
	gate_end(j.handle, j.ret);
}

static int start_thread(struct job *j)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);
	if (err)
		return -err;
	err = pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (!err)
		err = pthread_create(&j->thread, &attr, work, j);
	pthread_attr_destroy(&attr);
	return -err;
}

int job_start(struct workers *w, struct job *j)
{
	struct gate_conv conv = {.ask = ask, .tell = tell, .data = j, .probe = probe};
	j->w = w;
	memcpy(j->frozen, w->questions->frozen, sizeof j->frozen);
	int err = w->running >= JOBS_MAX ? -EAGAIN : gate_dup(w->base, &conv, &j->handle);
	if (!err) {
		err = start_thread(j);
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
