/* answer_scope.h - how far one answer about a file goes: which processes it is for, and which directory
 * (formats/remembered.h, answer-file).
 *
 * The processes are a tree: the one that acts, or an ancestor that only starts others (find, xargs, make, a shell that
 * runs a script), and all below it.  The directory is the operand of the acting command that holds the file; where the
 * operands are files, they themselves; else the first directory below the workspace, the home, or two below the
 * root. */
#ifndef GATESH_ASK_ANSWER_SCOPE_H
#define GATESH_ASK_ANSWER_SCOPE_H

#include <gate.h>

#include "ask/workspaces.h"
#include "util/proc.h"

struct answer_scope {
	char *dir;     /* owned; the directory, or the file itself where there is none */
	bool operands; /* only what the command names in it */
	struct proc root;
	char **argv; /* owned, of the process that acts; NULL-terminated */
	size_t argc;
	char *exe; /* owned; its program, where the event does not tell */
};

/* Find it for a file event of the process chain[0] with its n ancestors behind it (nearest first).  Reads /proc and
 * looks at the file system: not for the main thread.  0 or -ENOMEM. */
int reach_find(struct answer_scope *r, const struct gate_event *ev, const struct workspaces *places,
	       const struct proc *chain, int n);
void reach_clear(struct answer_scope *r);

/* Is it the same directory, and the same processes? */
bool reach_same(const struct answer_scope *a, const struct answer_scope *b);

#endif
