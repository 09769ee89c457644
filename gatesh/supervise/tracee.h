/* tracee.h - what a process that waits in a system call means by its arguments: strings of its memory, paths as it
 * would resolve them.  It stands still meanwhile, unless its memory has other threads: what they change in between is
 * theirs. */
#ifndef GATESH_SUPERVISE_TRACEE_H
#define GATESH_SUPERVISE_TRACEE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The NUL-terminated string at `addr` into buf.  Its length, or a negative errno (-ENAMETOOLONG, -EFAULT, -EPERM). */
long tracee_string(pid_t tid, uint64_t addr, char *buf, size_t size);

/* The process that a thread belongs to; `tid` when that can't be told. */
pid_t tracee_process(pid_t tid);

/* `n` bytes at `addr` into buf.  0 or a negative errno. */
int tracee_bytes(pid_t tid, uint64_t addr, void *buf, size_t n);

enum { TRACEE_WORDS_MAX = 8 << 20 }; /* bytes */

/* The NULL-terminated array of strings at `addr` (0: empty) as one allocation, pointers first: free(*out) frees all.
 * Their number, or a negative errno (-E2BIG). */
long tracee_words(pid_t tid, uint64_t addr, char ***out);

/* A path of a system call, taken apart as the process would resolve it. */
struct tracee_path {
	int parent;              /* O_PATH on the directory that holds it; the caller closes it; -1: none */
	char name[NAME_MAX + 1]; /* the last component, not followed; "." for a directory that is named by itself */
	char path[PATH_MAX];     /* parent's path and the name, absolute, in this namespace */
};

/* `dirfd` is the process's own, AT_FDCWD included.  0, or the negative errno with which the kernel will answer as well
 * (-ENOENT,
 * -ENOTDIR, -ELOOP, ...): then let it. */
int tracee_resolve(pid_t tid, int dirfd, const char *path, struct tracee_path *out);

/* Where the descriptor `fd` of the process leads, into buf (PATH_MAX bytes).  0 or a negative errno. */
int tracee_fd_path(pid_t tid, int fd, char *buf);

/* Open that file again, as O_PATH.  A descriptor or a negative errno. */
int tracee_open_fd(pid_t tid, int fd);

/* The file that a resolved path leads to, through a last symbolic link unless `nofollow`, as O_PATH.  A descriptor or a
 * negative errno. */
int tracee_follow(pid_t tid, const struct tracee_path *p, bool nofollow);

/* The process's open file itself, as a descriptor here.  Or a negative errno. */
int tracee_take_fd(pid_t tid, int fd);

/* Is the address in what the process has mapped of `file`? */
bool tracee_is_in(pid_t tid, uint64_t addr, const char *file);

/* Has the process mapped `file`?  1, 0, or a negative errno. */
int tracee_maps(pid_t tid, const char *file);

/* /proc/TID/`what` as a link, into buf (PATH_MAX bytes).  0 or a negative errno. */
int tracee_link(pid_t tid, const char *what, char *buf);

/* Write a line on the process's stderr, without waiting.  Best effort. */
void tracee_say(pid_t tid, const char *line);

#endif
