/* SPDX-License-Identifier: BSD-2-Clause */
/* progress.c - draws the line of progress.h from a thread of its own. */
#include "util/progress.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/out.h"

enum { FIRST_MS = 1000, NEXT_MS = 100 };

#define ERASE "\r\033[K"

/* Can a line be rewritten there? */
static bool progress_possible(void)
{
	const char *term = getenv("TERM");
	return term && *term && strcmp(term, "dumb") && isatty(STDERR_FILENO);
}

static void progress_erase(struct progress *p)
{
	if (p->drawn)
		fputs(ERASE, stderr);
	p->drawn = false;
}

static void progress_draw(struct progress *p)
{
	char text[128];
	size_t columns = out_columns(stderr);
	int n = p->total ? snprintf(text, sizeof text, "gatesh: %s: %zu of %zu", p->what, p->done, p->total) :
		p->done  ? snprintf(text, sizeof text, "gatesh: %s: %zu", p->what, p->done) :
			   snprintf(text, sizeof text, "gatesh: %s", p->what);
	if (columns && (size_t)n >= columns)
		n = (int)columns - 1;
	fprintf(stderr, ERASE "%.*s", n, text);
	fflush(stderr);
	p->drawn = true;
}

static void *progress_run(void *data)
{
	struct progress *p = data;
	struct timespec at;
	long ms = FIRST_MS;
	pthread_mutex_lock(&p->lock);
	clock_gettime(CLOCK_MONOTONIC, &at);
	while (!p->ended) {
		at.tv_nsec += ms * 1000000L;
		at.tv_sec += at.tv_nsec / 1000000000L;
		at.tv_nsec %= 1000000000L;
		ms = NEXT_MS;
		while (!p->ended && !pthread_cond_timedwait(&p->wake, &p->lock, &at))
			;
		if (!p->ended)
			progress_draw(p);
	}
	progress_erase(p);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void progress_begin(struct progress *p, const char *what)
{
	pthread_condattr_t clock;
	sigset_t all, old;
	*p = (struct progress){.what = what};
	if (!progress_possible())
		return;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &clock);
	pthread_condattr_destroy(&clock);
	sigfillset(&all); /* signals are the command's */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	p->on = !pthread_create(&p->thread, NULL, progress_run, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void progress_end(struct progress *p)
{
	if (!p->on)
		return;
	pthread_mutex_lock(&p->lock);
	p->ended = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	p->on = false;
}

void progress_phase(struct progress *p, const char *what, size_t total)
{
	if (!p || !p->on)
		return;
	pthread_mutex_lock(&p->lock);
	p->what = what;
	p->total = total;
	p->done = 0;
	pthread_mutex_unlock(&p->lock);
}

void progress_step(struct progress *p)
{
	if (!p || !p->on)
		return;
	pthread_mutex_lock(&p->lock);
	p->done++;
	pthread_mutex_unlock(&p->lock);
}

void progress_hide(struct progress *p)
{
	if (!p || !p->on)
		return;
	pthread_mutex_lock(&p->lock);
	progress_erase(p);
}

void progress_show(struct progress *p)
{
	if (p && p->on)
		pthread_mutex_unlock(&p->lock);
}
