/* proc.h - what /proc tells about a process: its start time, its ancestors, the session it is in. */
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

/* 0, -ESRCH, or another negative errno. */
int proc_read(pid_t pid, struct proc *out);

/* The ancestors of `pid`, itself included, nearest first, into out (PROC_DEPTH_MAX places), up to and without the
 * process `root` (0: to init).  Returns their number; *inside (may be NULL) tells whether `root` was reached. */
int proc_ancestry(pid_t pid, pid_t root, struct proc *out, bool *inside);

/* "bash(8) > git(9)", outermost first, comm names escaped; NULL when nothing is known or memory is out.  The caller
 * frees. */
char *proc_describe(const struct proc *chain, int n);

/* The words that `pid` was started with, NULL-terminated; *n their number.  NULL when it has none or can't be read.
 * Freed with proc_argv_free(). */
char **proc_argv(pid_t pid, size_t *n);
void proc_argv_free(char **argv);

/* Where a link of /proc/PID points ("exe", "cwd"), allocated; NULL when it can't be read. */
char *proc_link(pid_t pid, const char *name);

/* Is there `name=` in the environment `pid` was started with?  1, 0, or a negative errno (unreadable).  With `value`,
 * only when it has that value. */
int proc_has_env(pid_t pid, const char *name, const char *value);

/* Is a process with that pid and start time alive (a zombie is not)? */
bool proc_alive(pid_t pid, uint64_t start_time);

#endif
