/* SPDX-License-Identifier: BSD-2-Clause */
/* preview.h - shows the person what an action would lose, before they answer: runs a rule's `preview` command for a
 * question, in the requester's directory and under a time and an output limit.  It is confined like the session and
 * runs under the interposer, with a socket that never asks: actions that a rule asks about or denies are refused. */
#ifndef GATESH_ASK_PREVIEW_H
#define GATESH_ASK_PREVIEW_H

#include "ask/ask_server.h"
#include "ask/question.h"
#include "util/session_dir.h"
#include "util/spawn.h"

enum { PREVIEW_MS = 2000, PREVIEW_BYTES = 4096, PREVIEW_LINES = 8 };

struct previews {
	struct loop *loop;
	struct ask_server ask; /* without the seam, PATH/preview/ask.sock */
	char **envp;           /* owned */
	/* Makes a guard for a program that is started; NULL: there is none, and *err says why, or is 0. */
	struct exec_guard *(*guard)(void *data, int *err);
	sigset_t mask;
	struct preview *first;
	/* Called when q->preview_text is set. */
	void (*ready)(struct question *q, void *data);
	void *data;
};

/* Prepare previews whose questions are answered by `w`, which never asks.  `mark` (SEAM_MARK or "") ends GATE_SESSION.
 * Returns 0 or a negative errno. */
int previews_open(struct previews *v, struct loop *l, struct workers *w, const struct session_dir *dir,
		  const char *mark, const sigset_t *mask);
void previews_close(struct previews *v);

/* For a session without the seam: make its preview directory, with a link to the policy image and a socket.  Returns 0 or a
 * negative errno. */
int previews_publish(struct previews *v, const struct session_dir *dir);

/* Start `command` confined as a preview, in `cwd` and in a POSIX session of its own, with the asker's variables that choose a
 * target (NULL: gatesh's own) and `out` as both outputs.  Returns the pid or a negative errno. */
pid_t previews_spawn(const struct previews *v, const char *command, const char *cwd,
		     const struct asker_environment *environment, int out);

/* Kill a program that was started so and not reaped, with its process group. */
void previews_kill(pid_t pid);

/* Run the first preview of the question's rules, or for a file question without one, gatesh count.  Where it fails, is not
 * done in PREVIEW_MS or can't look where the command would act, its text says that the loss is unknown.  False: there is none. */
bool preview_start(struct previews *v, struct question *q);

/* The question is closed: kill its preview. */
void preview_stop(struct previews *v, struct question *q);

/* A child has ended (waitid(2)) and is about to be reaped: kill the rest of its process group. */
void preview_child(struct previews *v, const siginfo_t *info);

#endif
