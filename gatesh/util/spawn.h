/* SPDX-License-Identifier: BSD-2-Clause */
/* spawn.h - starts programs: those of the session, and gatesh's own, which are not gated. */
#ifndef GATESH_UTIL_SPAWN_H
#define GATESH_UTIL_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* Somebody who has a say before the program is executed. */
struct exec_guard {
	/* In the child, after it was confined: 0 or a negative errno.  May change the strings of its envp.
	 * Async-signal-safe. */
	int (*enter)(struct exec_guard *g, char *const *envp);
	/* In the child, the last: execve(2).  Returns -1 with errno set. */
	int (*exec)(struct exec_guard *g, const char *path, char *const *argv, char *const *envp);
	/* In gatesh after the fork; `pid` is negative if it failed.  The guard is not used afterwards. */
	void (*forked)(struct exec_guard *g, pid_t pid);
	int fd; /* the child needs it open until then */
};

/* From now on, what spawn_exec() executes is that user's, and so is the environment of spawn_environment().  `as` outlives both.
 * Before there are threads. */
struct cover;
struct identity;
void spawn_become(const struct identity *as);

/* Is it another user than gatesh's? */
bool spawn_is_other(void);

/* Let the session's user own the terminal.  Best effort: a program that has it open needs no more. */
void spawn_give_terminal(int slave);

/* The program to execute and how.  Filled before fork(2), because gatesh has threads. */
struct exec_launch {
	const char *path;
	char *const *argv;
	char *const *envp;
	const char *cwd; /* or NULL */
	bool harden;
	const struct cover *cover; /* files that it can't read, or NULL; best effort, it says where that fails */
	struct exec_guard *guard;  /* with harden; or NULL */
	sigset_t mask;             /* signals blocked in the program: the mask gatesh was started with */
};

/* Hold the interposer and gate-standin: as long as the descriptor is open, neither installing nor uninstalling Gate touches
 * them.  Returns the descriptor, or a negative errno if they are not there. */
int spawn_hold_interposer(void);

/* Make the environment of a session's process: this one with the interposer (preload_item.h) first in LD_PRELOAD, no other
 * interposer there, and GATE_SESSION=dir with `mark` (formats/seam.h) at its end.  One allocation, which the caller frees;
 * NULL if memory is out. */
char **spawn_environment(const char *dir, const char *mark);

/* Execute it.  Descriptors 0 to 2 must be in place, all others close-on-exec.  Async-signal-safe.  Does not return: on
 * failure it writes a message to descriptor 2 and exits with status 127 (no such program) or 126. */
_Noreturn void spawn_exec(const struct exec_launch *l);

/* Start one of gatesh's own programs, ungated: LD_PRELOAD and GATE_SESSION are not in its environment.  Its standard
 * input is `input` (-1: /dev/null), its outputs are /dev/null, and its signal mask is `mask`.  It gets its own POSIX
 * session so that the terminal's signals do not reach it.  A name without a slash is searched in PATH.  Does not wait.
 * Returns 0 and sets *pid, or returns a negative errno and sets *pid to 0. */
int spawn_own(char *const *argv, int input, const sigset_t *mask, pid_t *pid);

#endif
