/* SPDX-License-Identifier: BSD-2-Clause */
/* stay.c - waits for the session's last process, without the terminal and without the files of whoever started it. */
#include "session/stay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "session/left_behind.h"
#include "session/presence.h"
#include "util/debug_log.h"
#include "util/standard_descriptors.h"

/* --- what is left still prints ------------------------------------------------------------------------------------ */

static void stay_lose_outer(struct stay *s)
{
	if (s->outer >= 0)
		close(s->outer);
	s->outer = -1;
}

/* Somebody must read the inner terminal, or its writers would block.  What the person's terminal does not take is lost. */
static void stay_inner_ready(struct watch *w, uint32_t events)
{
	struct stay *s = w->data;
	char buf[4096];
	ssize_t n = read(w->fd, buf, sizeof buf);
	if (n > 0 && s->outer >= 0 && write(s->outer, buf, (size_t)n) < 0 && errno != EAGAIN && errno != EINTR)
		stay_lose_outer(s);
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	loop_unwatch(s->live->loop, w);
	stay_lose_outer(s);
}

static void stay_watch_inner(struct stay *s, int master)
{
	s->inner = (struct watch){.fd = master, .events = EPOLLIN, .ready = stay_inner_ready, .data = s};
	if (master >= 0)
		loop_watch(s->live->loop, &s->inner);
}

/* --- letting go --------------------------------------------------------------------------------------------------- */

/* Close what gatesh inherited besides: pipes and locks of whoever started it.  Its own files are close-on-exec. */
static void stay_close_inherited(void)
{
	DIR *dir = opendir("/proc/self/fd");
	for (const struct dirent *e; dir && (e = readdir(dir));) {
		char *end;
		long fd = strtol(e->d_name, &end, 10);
		int flags = *end || end == e->d_name || fd <= STDERR_FILENO ? -1 : fcntl((int)fd, F_GETFD);
		if (flags >= 0 && !(flags & FD_CLOEXEC))
			close((int)fd);
	}
	if (dir)
		closedir(dir);
}

/* Any thread. */
static void stay_tell(enum gate_style style, const char *text, void *data)
{
	int priority = style == GATE_STYLE_ERROR ? LOG_ERR : style == GATE_STYLE_DEBUG ? LOG_DEBUG : LOG_NOTICE;
	syslog(priority, "%s", text);
}

void stay_say(const struct stay *s, int left)
{
	if (left && isatty(STDERR_FILENO))
		fprintf(stderr, "gate: %d process%s of session %s still run%s, gated; to end: gatesh sessions end %s\n",
			left, left == 1 ? "" : "es", s->live->dir.id, left == 1 ? "s" : "", s->live->dir.id);
}

static int stay_left(void *data)
{
	return left_behind_count();
}

/* Processes are left that do not end soon. */
static void stay_begin(struct timer *t)
{
	struct stay *s = t->data;
	int left = left_behind_count();
	if (!left && s->looks++ < STAY_LOOKS) { /* the last one has ended and is about to be reaped */
		timer_set(s->live->loop, t, STAY_WAIT_MS);
		return;
	}
	debug_log("session", "%s: the command has ended, %d processes are left", s->live->dir.id, left);
	s->stays = true;
	openlog("gatesh", LOG_PID, LOG_AUTHPRIV);
	s->live->tell = stay_tell;
	s->live->answers.left = stay_left;
	s->live->answers.left_since = s->since;
	s->outer = isatty(STDERR_FILENO) ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
	stay_watch_inner(s, s->let_go(left, s->data));
	standard_descriptors_let_go(STDERR_FILENO, false);
	stay_close_inherited();
	if (setsid() < 0 || chdir("/"))
		debug_log("fault", "the session can't leave its group and directory");
	presence_unattended(s->live);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void stay_over(void *data)
{
	struct stay *s = data;
	s->live->loop->stop = true;
}

static void stay_out_of_time(struct timer *t)
{
	stay_over(t->data);
}

void stay_command_ended(struct stay *s)
{
	s->outer = s->inner.fd = -1;
	s->since = time(NULL);
	if (!supervisor_busy(&s->live->supervisor)) {
		stay_over(s);
		return;
	}
	s->live->supervisor.alone = stay_over;
	s->live->supervisor.alone_data = s;
	s->limit = (struct timer){.expired = stay_begin, .data = s};
	timer_set(s->live->loop, &s->limit, STAY_WAIT_MS);
}

bool stay_signalled(struct stay *s, int sig)
{
	if (!s->stays || sig != SIGTERM)
		return s->stays;
	if (s->limit.expired == stay_out_of_time) { /* for the second time */
		stay_over(s);
		return true;
	}
	left_behind_kill(SIGTERM);
	s->limit.expired = stay_out_of_time;
	timer_set(s->live->loop, &s->limit, STAY_PARTING_MS);
	return true;
}

void stay_close(struct stay *s)
{
	if (s->limit.expired) {
		timer_clear(s->live->loop, &s->limit);
		s->live->supervisor.alone = NULL;
	}
	if (!s->stays)
		return;
	stay_lose_outer(s);
	loop_unwatch(s->live->loop, &s->inner);
	if (s->inner.fd >= 0)
		close(s->inner.fd);
}
