/* SPDX-License-Identifier: BSD-2-Clause */
/* tracee.h - reads the arguments of a process that waits in a system call: strings in its memory, and paths as it would
 * resolve them.  The calling thread does not run meanwhile, but other threads that share its memory can still change
 * it.  Every function may be called in any thread of gatesh. */
#ifndef GATESH_SUPERVISE_TRACEE_H
#define GATESH_SUPERVISE_TRACEE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Copy the NUL-terminated string at `addr` into buf.  Returns its length, or a negative errno (-ENAMETOOLONG, -EFAULT,
 * -EPERM). */
long tracee_string(pid_t tid, uint64_t addr, char *buf, size_t size);

/* The process that a thread belongs to, `tid` if it is unknown, and its effective uid, that of nobody if it is unknown. */
struct tracee_owner {
	pid_t pid;
	uid_t uid;
};
struct tracee_owner tracee_owner(pid_t tid);

/* Copy `n` bytes at `addr` into buf.  Returns 0 or a negative errno. */
int tracee_bytes(pid_t tid, uint64_t addr, void *buf, size_t n);

enum { TRACEE_WORDS_MAX = 8 << 20 }; /* bytes */

/* Copy the NULL-terminated array of strings at `addr` (0: empty), of pointers that are `size` bytes wide, into one
 * allocation, pointers first: free(*out) frees everything.  Returns their number, or a negative errno (-E2BIG). */
long tracee_words(pid_t tid, uint64_t addr, size_t size, char ***out);

/* A system call's path, split as the process would resolve it. */
struct tracee_path {
	int parent;              /* O_PATH descriptor of the directory that holds it; the caller closes it; -1: none */
	char name[NAME_MAX + 1]; /* the last component, not followed; "." for the root */
	char path[PATH_MAX];     /* tracee_resolve(): parent's path and the name, in gatesh's namespace */
};

/* `dirfd` belongs to the process and may be AT_FDCWD.  Returns 0, or the negative errno that the kernel will also
 * return (-ENOENT, -ENOTDIR, -ELOOP, ...): then let the kernel answer. */
int tracee_resolve(pid_t tid, int dirfd, const char *path, struct tracee_path *out);

/* The same without the absolute path, which may be too long for out->path: it is "". */
int tracee_enter(pid_t tid, int dirfd, const char *path, struct tracee_path *out);

/* Put the path of the process's descriptor `fd` into buf (PATH_MAX bytes).  Returns 0 or a negative errno. */
int tracee_fd_path(pid_t tid, int fd, char *buf);

/* Open that file again, with these open(2) flags.  Returns a descriptor or a negative errno. */
int tracee_open_fd(pid_t tid, int fd, int flags);

/* Open the file that a resolved path leads to, as O_PATH.  Follows a last symbolic link unless `nofollow`.  Returns a
 * descriptor or a negative errno. */
int tracee_follow(pid_t tid, const struct tracee_path *p, bool nofollow);

/* Duplicate the process's open file into gatesh.  Returns a descriptor or a negative errno. */
int tracee_take_fd(pid_t tid, int fd);

/* May gatesh read this process?  Another user's only as root, and one that must not be dumped, such as one whose file it
 * may not read, neither. */
bool tracee_is_readable(pid_t tid);

/* Cut off what a path of the process's that readlink(2) reported has above gatesh's root: util/foreign_root.h. */
void tracee_cut(pid_t tid, char *path);

/* Read the link /proc/TID/`what` into buf (PATH_MAX bytes).  Returns 0 or a negative errno. */
int tracee_link(pid_t tid, const char *what, char *buf);

/* Write a line to the process's stderr without waiting; if gatesh may not take that descriptor, to that of its nearest
 * ancestor whose it may take, gatesh included unless that is a terminal.  Best effort. */
void tracee_say(pid_t tid, const char *line);

#endif
