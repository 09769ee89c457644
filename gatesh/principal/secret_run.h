/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_run.h - runs a program outside of the session and takes what it prints. */
#ifndef GATESH_PRINCIPAL_SECRET_RUN_H
#define GATESH_PRINCIPAL_SECRET_RUN_H

#include <stddef.h>

enum { SECRET_RUN_MS = 30000 };

/* Run it with this environment (NAME=VALUE, each with its NUL, then one more NUL), in /, without a terminal, with an empty
 * input, and with a process group of its own; its errors are dropped.  Write what it prints to out[0..size), NUL-terminated.
 * Returns 0; its exit status, or 128 and the signal; -EFBIG, -ETIMEDOUT (the group was killed), or another negative errno.
 * Any thread.  gatesh's main loop reaps every child by the number of its own choice (session_core_reap()): the program is a
 * grandchild, and the process between tells how it ended. */
int secret_run(const char *path, char *const *argv, const char *environment, char *out, size_t size);

#endif
