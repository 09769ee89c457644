/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_mode.h - gatesh in place of a shell: runs the user's real shell in a session. */
#ifndef GATESH_SESSION_SHELL_MODE_H
#define GATESH_SESSION_SHELL_MODE_H

#include <stdbool.h>

/* Should gatesh act as a shell? Yes if argv[0] starts with a dash (a login shell); if the arguments are those of a
 * shell (-c TEXT, other shell options, or a script: a word with a slash, or a file here); or, without arguments, if
 * gatesh is $SHELL or this is inside a session, where nobody could answer anyway. */
bool shell_mode_wanted(int argc, char **argv);

/* Run the real shell with these arguments, in the session that this process is in, else in a new one. Returns its exit
 * status; if a signal ended the shell, gatesh ends by the same signal. EXIT_CONFIG when gate.conf is bad or names
 * gatesh itself. */
int shell_mode_run(int argc, char **argv);

#endif
