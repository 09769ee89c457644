/* SPDX-License-Identifier: BSD-2-Clause */
/* seam_guard.c - in the child, enters the filter; in gatesh, takes its listener and lets the child go on. */
#include "supervise/seam_guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "formats/seam.h"
#include "formats/session_names.h"
#include "seam/handover.h"
#include "supervise/file_limit.h"
#include "util/harden.h"

struct seam_guard {
	struct exec_guard guard; /* first */
	struct supervisor *supervisor;
	struct handover handover;
	struct watch source;
	void (*refused)(int err, void *data);
	void *data;
};

static void seam_guard_free(struct seam_guard *g)
{
	loop_unwatch(g->supervisor->loop, &g->source);
	handover_close(&g->handover);
	free(g);
}

/* Without the seam the interposer asks by the pathname socket: take the mark off GATE_SESSION.  The strings are this
 * child's own copies. */
static void seam_guard_unmark(char *const *envp)
{
	for (; *envp; envp++) {
		size_t n = strlen(*envp);
		if (!strncmp(*envp, NAME_SESSION "=", sizeof NAME_SESSION) && (*envp)[n - 1] == *SEAM_MARK)
			(*envp)[n - 1] = '\0';
	}
}

static int seam_guard_enter(struct exec_guard *guard, char *const *envp)
{
	const struct seam_guard *g = (struct seam_guard *)guard;
	file_limit_restore();
	int err = handover_enter(&g->handover);
	if (!err || err == -EPIPE)
		return err;
	seam_guard_unmark(envp);
	return harden_refuse_io_uring();
}

/* Nobody can look at the arguments of this child, a copy of gatesh, unless he is root. */
static int seam_guard_exec(struct exec_guard *guard, const char *path, char *const *argv, char *const *envp)
{
	return handover_exec(&((struct seam_guard *)guard)->handover, path, argv, envp);
}

static void seam_guard_ready(struct watch *w, uint32_t events)
{
	struct seam_guard *g = w->data;
	pid_t first = 0;
	int fd = handover_receive(&g->handover, &first);
	if (fd >= 0)
		supervisor_know_first(g->supervisor, first);
	int err = fd < 0 ? fd : supervisor_take(g->supervisor, fd);
	if (err && g->refused && err != -EPIPE)
		g->refused(err, g->data);
	if (!err || (fd < 0 && err != -EPIPE))
		handover_confirm(&g->handover);
	seam_guard_free(g);
}

static void seam_guard_forked(struct exec_guard *guard, pid_t pid)
{
	struct seam_guard *g = (struct seam_guard *)guard;
	handover_close_theirs(&g->handover);
	if (pid < 0 || loop_watch(g->supervisor->loop, &g->source))
		seam_guard_free(g); /* the child finds its socket closed and executes nothing */
}

struct exec_guard *seam_guard_make(struct supervisor *s, void (*refused)(int err, void *data), void *data, int *err)
{
	const struct gate_image_head *image = page_image(s->page);
	struct seam_guard *g = calloc(1, sizeof *g);
	*err = -ENOMEM;
	if (!g)
		return NULL;
	*g = (struct seam_guard){.supervisor = s, .refused = refused, .data = data};
	/* The interposer's requests come as opens for writing (formats/seam.h), whatever the service judges. */
	*err = handover_prepare(&g->handover,
				&(struct seam_filter_options){.cookie = s->page->cookie,
							      .files = true,
							      .connections = image->flags & GATE_IMAGE_CONNECT,
							      .execs = true});
	if (*err) {
		free(g);
		return NULL;
	}
	g->guard = (struct exec_guard){.enter = seam_guard_enter,
				       .exec = seam_guard_exec,
				       .forked = seam_guard_forked,
				       .fd = g->handover.theirs};
	g->source = (struct watch){.fd = g->handover.ours, .events = EPOLLIN, .ready = seam_guard_ready, .data = g};
	return &g->guard;
}
