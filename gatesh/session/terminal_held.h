/* SPDX-License-Identifier: BSD-2-Clause */
/* terminal_held.h - does a full-screen program have the session's terminal?  A line that is written to the terminal then stands in the
 * middle of what the program has drawn. */
#ifndef GATESH_SESSION_TERMINAL_HELD_H
#define GATESH_SESSION_TERMINAL_HELD_H

#include "term/relay.h"

/* Is the inner terminal the stderr of `pid`, and is it in the alternate screen, or so raw that even Ctrl-C is a key?  A shell's line
 * editor leaves Ctrl-C alone.  Main thread. */
bool terminal_held(struct relay *r, pid_t pid);

#endif
