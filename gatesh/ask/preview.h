/* preview.h - what will be lost, shown before the person answers: a rule's `preview` command, run for a question in the
 * requester's directory under a time and an output limit.  It runs in a confinement like the session's, under the
 * interposer, with a socket where nobody is ever asked: what a rule knows is refused there. */
#ifndef GATESH_ASK_PREVIEW_H
#define GATESH_ASK_PREVIEW_H

#include "ask/ask_server.h"
#include "ask/question.h"
#include "util/session_dir.h"
#include "util/spawn.h"

enum { PREVIEW_MS = 2000, PREVIEW_BYTES = 4096, PREVIEW_LINES = 8 };

struct previews {
	struct loop *loop;
	struct ask_server ask; /* PATH/preview/ask.sock */
	char **envp;           /* owned */
	sigset_t mask;
	struct preview *first;
	/* q->preview_text is there. */
	void (*ready)(struct question *q, void *data);
	void *data;
};

/* Make the preview directory of the session (a link to its policy image and a socket answered by `w`, which never
 * asks).  0 or a negative errno. */
int previews_open(struct previews *v, struct loop *l, struct workers *w, const struct sessiondir *dir,
		  const sigset_t *mask);
void previews_close(struct previews *v);

/* Start `command` as a preview runs, in `cwd`, in a process group of its own, with `out` for both outputs.  The pid, or
 * a negative errno. */
pid_t previews_spawn(const struct previews *v, const char *command, const char *cwd, int out);

/* Run the first preview the question's rules have, if any.  A failure to start is shown in its place. */
void preview_start(struct previews *v, struct question *q);

/* The question is closed: its preview is killed. */
void preview_stop(struct previews *v, struct question *q);

/* A child ended and is about to be reaped: what is left of its process group goes too. */
void preview_child(struct previews *v, pid_t pid);

#endif
