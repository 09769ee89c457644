/* exec.h - what every exec hook comes down to: the target, or gate-exec in its place, with the environment kept.
 * Nothing here allocates, locks or writes memory but its stack (at most 16 KiB): it runs in vfork children and signal
 * handlers. */
#ifndef GATE_PRELOAD_EXEC_EXEC_H
#define GATE_PRELOAD_EXEC_EXEC_H

#include <linux/limits.h>
#include <stddef.h>

#include "preload/base/process_state.h"
#include "preload/exec/environment.h"

enum { EXEC_TARGET = sizeof VAR_TARGET + PATH_MAX };

/* The environment of one start, put together on the stack. */
struct exec_env {
	char *slots[ENVIRONMENT_SLOTS];
	char preload[ENVIRONMENT_PRELOAD];
};

/* envp with both variables right: envp itself when it is, otherwise put together in `e`, with `target` unless NULL.
 * NULL when it can't be (E2BIG): that has been said. */
char *const *exec_env(struct exec_env *e, char *const *envp, const char *target);

/* Read the path of gate-exec from the session's image, and see that it can be executed.  0, or -EPERM: that has been
 * said. */
int exec_standin(char path[GATE_EXEC_MAX]);

/* execve(2) and execveat(2).  Return a negative errno. */
long exec_target(const char *path, char *const *argv, char *const *envp);
long exec_at(int dir, const char *path, char *const *argv, char *const *envp, int flags);

/* execve(2) of a path that stands behind "GATE_TARGET=". */
long exec_var(const char *var, char *const *argv, char *const *envp);

/* execvpe(3), with glibc's search: PATH of the caller's environ, /bin/sh for a file without a format.  A negative
 * errno. */
long path_search_exec(const char *file, char *const *argv, char *const *envp);

/* Walk the places where PATH would find `file` (no slash in it).  `var` (EXEC_TARGET + NAME_MAX bytes) holds
 * "GATE_TARGET=" and then each candidate, at which `try` is called; the walk ends when it returns other than -EACCES or
 * an errno of a missing file. Returns what the search as a whole gives. */
long path_search_walk(const char *file, char *var, long (*try)(const char *var, void *data), void *data);

#endif
