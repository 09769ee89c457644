/* SPDX-License-Identifier: BSD-2-Clause */
/* when_probe.c - runs `when` commands on the main thread's loop for the workers that wait for them. */
#include "ask/when_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include "ask/preview.h"

/* A running probe, on the stack of the worker that waits for it. */
struct probe {
	struct probe *next;
	struct probes *all;
	const struct probe_terms *terms;
	struct mail mail;
	struct timer limit;
	pid_t pid;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done;
	int result;
};

/* Main thread.  The probe must not be used afterwards, because its worker goes on. */
static void probe_finish(struct probe *p, int result)
{
	struct probes *v = p->all;
	for (struct probe **q = &v->first; *q; q = &(*q)->next) {
		if (*q == p) {
			*q = p->next;
			break;
		}
	}
	timer_clear(v->loop, &p->limit);
	pthread_mutex_lock(&p->lock);
	p->result = result;
	p->done = true;
	pthread_cond_signal(&p->ended);
	pthread_mutex_unlock(&p->lock);
}

static void probe_out_of_time(struct timer *t)
{
	struct probe *p = t->data;
	previews_kill(p->pid);
	probe_finish(p, -ETIMEDOUT);
}

static void probe_start(struct mail *m)
{
	struct probe *p = (struct probe *)((char *)m - offsetof(struct probe, mail));
	struct probes *v = p->all;
	const struct probe_terms *t = p->terms;
	int null = v->closed || t->out >= 0 ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);
	int out = v->closed ? -1 : t->out >= 0 ? t->out : null;
	p->pid = out < 0 ? -ECANCELED : previews_spawn(v->previews, t->command, t->cwd, t->environment, out);
	if (null >= 0)
		close(null);
	if (p->pid < 0) {
		probe_finish(p, (int)p->pid);
		return;
	}
	p->next = v->first;
	v->first = p;
	p->limit = (struct timer){.expired = probe_out_of_time, .data = p};
	timer_set(v->loop, &p->limit, t->ms);
}

int probe_run_as(struct probes *v, const struct probe_terms *terms)
{
	struct probe p = {.all = v, .terms = terms, .mail.deliver = probe_start};
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.ended, NULL);
	mailbox_post(v->box, &p.mail);
	pthread_mutex_lock(&p.lock);
	while (!p.done)
		pthread_cond_wait(&p.ended, &p.lock);
	pthread_mutex_unlock(&p.lock);
	pthread_cond_destroy(&p.ended);
	pthread_mutex_destroy(&p.lock);
	return p.result;
}

int probe_run(struct probes *v, const char *command, const char *cwd, const struct asker_environment *environment)
{
	const struct probe_terms terms = {
		.command = command, .cwd = cwd, .environment = environment, .out = -1, .ms = PROBE_MS};
	int status = probe_run_as(v, &terms);
	return status < 0 ? status : status < 2 ? !status : -EPROTO;
}

void probe_child(struct probes *v, const siginfo_t *info)
{
	struct probe *p = v->first;
	while (p && p->pid != info->si_pid)
		p = p->next;
	if (!p)
		return;
	previews_kill(p->pid); /* kill the processes it left behind */
	probe_finish(p, info->si_code == CLD_EXITED ? info->si_status : -EPROTO);
}

void probes_close(struct probes *v)
{
	v->closed = true;
	while (v->first) {
		previews_kill(v->first->pid);
		probe_finish(v->first, -ECANCELED);
	}
}

void probes_init(struct probes *v, struct loop *l, struct mailbox *box, const struct previews *previews)
{
	*v = (struct probes){.loop = l, .box = box, .previews = previews};
}
