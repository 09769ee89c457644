/* spawn.h - from a fork of gatesh to a program of the session. */
#ifndef GATESH_UTIL_SPAWN_H
#define GATESH_UTIL_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What is executed and how.  Built before the fork, because gatesh has threads. */
struct exec_launch {
	const char *path;
	char *const *argv;
	char *const *envp;
	const char *cwd; /* or NULL */
	bool harden;
	sigset_t mask; /* signals blocked in the program: as gatesh found them */
};

/* The environment of a session's process: this one's with LD_PRELOAD led by the interposer and GATE_SESSION=dir.  One
 * allocation, the caller frees; NULL when memory is out. */
char **spawn_environment(const char *preload, const char *dir);

/* Execute it.  Descriptors 0 to 2 are already in place, everything else is close-on-exec.  Async-signal-safe; does not
 * return: a failure is told on descriptor 2 and is exit status 127 (no such program) or 126. */
_Noreturn void spawn_exec(const struct exec_launch *l);

/* Start a program of gatesh's own, which is not gated: with `input` (-1: nothing) as its standard input and no output,
 * in a session of its own so that the terminal's signals do not reach it, with the signal mask `mask`, and without what
 * would gate it in its environment.  A name without a slash is looked for in PATH.  Does not wait.  0 and *pid (else
 * 0), or a negative errno. */
int spawn_own(char *const *argv, int input, const sigset_t *mask, pid_t *pid);

#endif
