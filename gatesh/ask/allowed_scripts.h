/* SPDX-License-Identifier: BSD-2-Clause */
/* allowed_scripts.h - scripts whose execution by a raw call was just allowed.  The interpreter of a script always asks at its
 * start (preload/exec/ctor.c), with the kernel's arguments before the script's own; it must not ask a person again.
 * An answer holds for the same process, script and arguments, once, and only for the process's next question.  Main
 * thread. */
#ifndef GATESH_ASK_ALLOWED_SCRIPTS_H
#define GATESH_ASK_ALLOWED_SCRIPTS_H

#include <gate.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/* More than that at once are forgotten, the oldest first, and ask a second time. */
enum { ALLOWED_SCRIPTS_MAX = 64, ALLOWED_SCRIPTS_MS = 10000 };

struct allowed_scripts {
	struct {
		pid_t pid; /* 0: free */
		uint64_t start_time, until;
		struct strbuf words; /* the path and the arguments after argv[0], each with its NUL */
	} v[ALLOWED_SCRIPTS_MAX];
	unsigned next;
};

/* The exec `ev` was allowed and is about to happen. */
void allowed_scripts_add(struct allowed_scripts *s, const struct gate_event *ev);

/* A program asks at its start: is it the interpreter of such a script?  Forgets it. */
bool allowed_scripts_take(struct allowed_scripts *s, const struct gate_event *ev);

void allowed_scripts_free(struct allowed_scripts *s);

#endif
