/* SPDX-License-Identifier: BSD-2-Clause */
/* origin.h - says for a person how an agent came to a command: `claude > deploy.sh:8 > rm -rf "$OUT"/x (OUT is not set)`. */
#ifndef GATESH_ASK_ORIGIN_H
#define GATESH_ASK_ORIGIN_H

#include <stddef.h>

#include "util/proc.h"

enum { ORIGIN_MAX = 512 };

struct origin {
	const struct proc *chain; /* the process that acts, then its ancestors, nearest first */
	int n;
	const char *agent; /* its name, whatever its process is called; NULL: not known */
	pid_t agent_pid;   /* 0: the outermost of the chain */
};

/* Write it, not escaped.  The agent is named once.  A shell that an agent's tool or a program starts for a text (sh -c) is left out.
 * bash's script has its line, make its goals, npm its script's name, and an interpreter its file.  Reads /proc and files, so it is
 * not for the main thread. */
void origin_describe(const struct origin *o, char text[ORIGIN_MAX]);

#endif
