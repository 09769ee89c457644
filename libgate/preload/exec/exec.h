/* SPDX-License-Identifier: BSD-2-Clause */
/* exec.h - the common end of all exec hooks: they execute the target, or gate-standin in its place, with the environment
 * kept.  Nothing here allocates, locks, or writes memory other than its stack (at most 16 KiB): it runs in vfork
 * children and signal handlers. */
#ifndef GATE_PRELOAD_EXEC_EXEC_H
#define GATE_PRELOAD_EXEC_EXEC_H

#include <linux/limits.h>
#include <stddef.h>

#include "preload/base/process_state.h"
#include "preload/exec/environment.h"

enum { EXEC_TARGET = sizeof VAR_TARGET + PATH_MAX };

/* The environment of one start, built on the stack. */
struct exec_env {
	char *slots[ENVIRONMENT_SLOTS];
	char preload[ENVIRONMENT_PRELOAD];
	char session[sizeof state.session + sizeof SEAM_MARK_ASK];
};

/* An envp with both variables correct: envp itself if it already is, otherwise one rebuilt in `e`, with `target` unless
 * that is NULL.  If the program `asks`, its constructor is told.  Returns NULL if it does not fit: with the seam the
 * program starts with envp as it is, for the session to judge; else, after a message, not at all (E2BIG). */
char *const *exec_env(struct exec_env *e, char *const *envp, const char *target, bool asks);

/* Read the path of gate-standin from the session's image and check that it is executable.  Returns 0, or -EPERM after
 * printing a message. */
int exec_standin(char path[GATE_STANDIN_MAX]);

/* execve(2) and execveat(2), judged.  Both return a negative errno. */
long exec_target(const char *path, char *const *argv, char *const *envp);
long exec_at(int dir, const char *path, char *const *argv, char *const *envp, int flags);

/* execve(2) of the path after "GATE_TARGET=". */
long exec_var(const char *var, char *const *argv, char *const *envp);

/* execvpe(3) with glibc's search: PATH of the caller's environ, and /bin/sh for a file without a known format.  Returns
 * a negative errno. */
long path_search_exec(const char *file, char *const *argv, char *const *envp);

/* Walk the places where PATH could find `file` (no slash in it).  `var` (EXEC_TARGET + NAME_MAX bytes) holds
 * "GATE_TARGET=" and each candidate in turn.  `try` is called for each; the walk goes on while it returns -EACCES or an
 * errno for a missing file.  Returns the result of the whole search. */
long path_search_walk(const char *file, char *var, long (*try)(const char *var, void *data), void *data);

#endif
