/* SPDX-License-Identifier: BSD-2-Clause */
/* proc.h - reads facts about a process from /proc: start time, ancestors, arguments, environment. */
#ifndef GATESH_UTIL_PROC_H
#define GATESH_UTIL_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { PROC_DEPTH_MAX = 64 };

struct proc {
	pid_t pid, ppid, pgid;
	uint64_t start_time; /* proc(5) stat field 22, clock ticks */
	char comm[64];
};

/* Returns 0, -ESRCH, or another negative errno. */
int proc_read(pid_t pid, struct proc *out);

/* List `pid` and its ancestors in out (PROC_DEPTH_MAX entries), nearest first, up to but without the process `root`
 * (0: to init).  Returns their number.  *inside (may be NULL) is set to whether `root` was reached. */
int proc_ancestry(pid_t pid, pid_t root, struct proc *out, bool *inside);

/* Format a chain as "bash(8) > git(9)", outermost first, comm names escaped.  Returns NULL if nothing is known or
 * memory is out.  The caller frees the result. */
char *proc_describe(const struct proc *chain, int n);

/* The arguments that `pid` was started with, NULL-terminated; *n is their number.  NULL if there are none or they can't
 * be read.  Free with proc_argv_free(). */
char **proc_argv(pid_t pid, size_t *n);
void proc_argv_free(char **argv);

/* The target of a link in /proc/PID ("exe", "cwd"), allocated; NULL if it can't be read. */
char *proc_link(pid_t pid, const char *name);

/* Read the environment that `pid` was started with: NAME=VALUE strings, each with its NUL, *len bytes.  The caller frees it.
 * Returns NULL and sets *err if it can't be read. */
char *proc_environ(pid_t pid, size_t *len, int *err);

/* Does the environment that `pid` was started with have the variable `name`, with the value `value` unless that is
 * NULL?  Returns 1, 0, or a negative errno (unreadable). */
int proc_has_env(pid_t pid, const char *name, const char *value);

/* The number of seccomp filters that `pid` is behind; -ESRCH if there is no such process or it is a zombie, -ENODATA if the
 * kernel doesn't say (before Linux 5.10), or another negative errno. */
int proc_filters(pid_t pid);

/* Is a process with this pid and start time alive?  A zombie is not. */
bool proc_alive(pid_t pid, uint64_t start_time);

#endif
