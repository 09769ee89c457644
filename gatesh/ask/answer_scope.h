/* SPDX-License-Identifier: BSD-2-Clause */
/* answer_scope.h - finds how far one answer about a file reaches: to which processes and to which directory
 * (formats/remembered.h, answer-file).
 *
 * The processes are a tree.  Its root is the acting process, or an ancestor if that only starts others (find, xargs,
 * make, a shell that runs a script).  The directory is the operand of the acting command that holds the file.  If the
 * operands are files, the answer is for these files only.  Without such an operand, it is the first directory below the
 * workspace or the home, or the second below the root; but this path alone if the root is the session's first process, or
 * an interpreter that has run for a minute: an agent's next act has nothing to do with this one.
 * There, a yes for the session is for that first directory.
 *
 * A file that can't be kept and is opened to be written in place is another matter: a server opens many, in processes
 * that come and go.  The directory is an operand or the working directory, if it holds the file, else the file's own, and
 * the root is the first process of the same program.  A yes is for the program: every process of the session that runs
 * it. */
#ifndef GATESH_ASK_ANSWER_SCOPE_H
#define GATESH_ASK_ANSWER_SCOPE_H

#include <gate.h>

#include "ask/workspaces.h"
#include "util/proc.h"

struct answer_scope {
	char *dir;     /* owned; the directory, or the file itself if there is none */
	char *top;     /* owned; what a yes for the session would cover, if that is not `dir`; NULL: it is */
	bool operands; /* true: only for files in it that the command names */
	struct proc root;
	char *program; /* owned; the path of the program that a yes is for, in any process; NULL: the tree of `root` alone */
	char **argv; /* owned; the arguments of the acting process, NULL-terminated */
	size_t argc;
	char *exe; /* owned; its program, if the event does not name it */
};

/* Find the scope for a file event.  `chain` holds n processes: the acting one first, then its ancestors, nearest first.
 * Reads /proc and the file system, so it is not for the main thread.  Returns 0 or -ENOMEM. */
int reach_find(struct answer_scope *r, const struct gate_event *ev, const struct workspaces *places,
	       const struct proc *chain, int n);
void reach_clear(struct answer_scope *r);

/* Make it the tree of the root alone. */
void reach_narrow(struct answer_scope *r);

/* Do both have the same directory, and the same processes or program? */
bool reach_same(const struct answer_scope *a, const struct answer_scope *b);

#endif
