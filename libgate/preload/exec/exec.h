/* exec.h - what every exec hook comes down to: the target, or gate-exec in its place, with the environment kept.
 * Nothing here allocates, locks or writes memory but its stack (at most 16 KiB): it runs in vfork children and signal
 * handlers. */
#ifndef GATE_PRELOAD_EXEC_EXEC_H
#define GATE_PRELOAD_EXEC_EXEC_H

#include <linux/limits.h>
#include <stddef.h>

#include "preload/exec/environment.h"
#include "preload/base/process_state.h"

enum { LAUNCH_TARGET = sizeof VAR_TARGET + PATH_MAX };

/* The environment of one start, put together on the stack. */
struct launch_env {
	char *slots[ENV_SLOTS];
	char preload[ENV_PRELOAD];
};

/* envp with both variables right: envp itself when it is, otherwise put together in `e`, with `target` unless NULL.
 * NULL when it can't be (E2BIG): that has been said. */
char *const *launch_env(struct launch_env *e, char *const *envp, const char *target);

/* Read the path of gate-exec from the session's image, and see that it can be executed.  0, or -EPERM: that has been
 * said. */
int launch_gate_exec(char path[GATE_EXEC_MAX]);

/* execve(2) and execveat(2).  Return a negative errno. */
long launch(const char *path, char *const *argv, char *const *envp);
long launch_at(int dir, const char *path, char *const *argv, char *const *envp, int flags);

/* execve(2) of a path that stands behind "GATE_TARGET=". */
long launch_var(const char *var, char *const *argv, char *const *envp);

/* execvpe(3), with glibc's search: PATH of the caller's environ, /bin/sh for a file without a format.  A negative
 * errno. */
long launch_search(const char *file, char *const *argv, char *const *envp);

/* Walk the places where PATH would find `file` (no slash in it).  `var` (LAUNCH_TARGET + NAME_MAX bytes) holds
 * "GATE_TARGET=" and then each candidate, at which `try` is called; the walk ends when it returns other than -EACCES or
 * an errno of a missing file. Returns what the search as a whole gives. */
long launch_path_walk(const char *file, char *var, long (*try)(const char *var, void *data), void *data);

#endif
