/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_question.c - the way of a question from a client's thread to the main thread and back.  The one that lets go of it last
 * frees it. */
#include "sshagent/agent_question.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/proc.h"

struct agent_question {
	struct agent_asking *asking;
	struct job job;
	struct mail mail;
	char **words;
	char *exe, *cwd, *ancestry, *says;
	bool done, yes, left; /* under the lock */
};

static void agent_question_free(struct agent_question *q)
{
	proc_argv_free(q->words);
	free(q->exe);
	free(q->cwd);
	free(q->ancestry);
	free(q->says);
	free(q);
}

static void agent_question_answer(struct agent_question *q, bool yes)
{
	struct agent_asking *a = q->asking;
	pthread_mutex_lock(&a->lock);
	q->done = true;
	q->yes = yes;
	bool left = q->left;
	pthread_cond_broadcast(&a->answered);
	pthread_mutex_unlock(&a->lock);
	if (left)
		agent_question_free(q);
}

static void agent_question_judged(struct job *j)
{
	agent_question_answer(j->data, j->ret == GATE_SUCCESS);
}

static void agent_question_arrived(struct mail *m)
{
	struct agent_question *q = (struct agent_question *)((char *)m - offsetof(struct agent_question, mail));
	struct job *j = &q->job;
	j->nchain = proc_ancestry(j->event.pid, q->asking->root ? q->asking->root : getpid(), j->chain, NULL);
	j->event.ancestry = q->ancestry = proc_describe(j->chain, j->nchain);
	if (job_start(q->asking->workers, j))
		agent_question_answer(q, false);
}

static struct agent_question *agent_question_make(struct agent_asking *a, pid_t pid, const char *says)
{
	struct agent_question *q = calloc(1, sizeof *q);
	struct proc p = {0};
	size_t argc = 0;
	if (!q)
		return NULL;
	proc_read(pid, &p);
	q->asking = a;
	q->words = proc_argv(pid, &argc);
	q->exe = proc_link(pid, "exe");
	q->cwd = proc_link(pid, "cwd");
	q->says = strdup(says);
	q->mail.deliver = agent_question_arrived;
	q->job.event = (struct gate_event){.struct_size = sizeof(struct gate_event),
					   .type = GATE_EVENT_EXEC,
					   .pid = pid,
					   .uid = getuid(),
					   .start_time = p.start_time,
					   .exe = q->exe,
					   .argv = (const char *const *)q->words,
					   .argc = argc,
					   .cwd = q->cwd};
	q->job.own_name = "credential";
	q->job.own = (struct gate_finding){.rule = "session.ssh-key",
					   .severity = GATE_SEVERITY_DANGER,
					   .action = GATE_ACTION_ASK,
					   .reason = q->says,
					   .subject = q->says,
					   .file = "gatesh itself"};
	q->job.done = agent_question_judged;
	q->job.data = q;
	return q;
}

void agent_asking_open(struct agent_asking *a, struct workers *w)
{
	*a = (struct agent_asking){.workers = w};
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->answered, NULL);
}

bool agent_ask(struct agent_asking *a, pid_t pid, const char *says)
{
	struct agent_question *q = agent_question_make(a, pid, says);
	if (!q || !q->says) {
		if (q)
			agent_question_free(q);
		return false;
	}
	pthread_mutex_lock(&a->lock);
	if (!a->closing)
		mailbox_post(a->workers->box, &q->mail);
	else
		q->done = true;
	while (!q->done && !a->closing)
		pthread_cond_wait(&a->answered, &a->lock);
	bool yes = q->done && q->yes, done = q->done;
	q->left = true;
	pthread_mutex_unlock(&a->lock);
	if (done)
		agent_question_free(q);
	return yes;
}

void agent_asking_close(struct agent_asking *a)
{
	pthread_mutex_lock(&a->lock);
	a->closing = true;
	pthread_cond_broadcast(&a->answered);
	pthread_mutex_unlock(&a->lock);
}
