/* SPDX-License-Identifier: BSD-2-Clause */
/* way.h - a way in: how a program reaches the kernel, for tests/session/seam/ways.t.
 *
 * The acts (way.c) are the same for every way.  A way (way_calls.c, way_abi.c) supplies the calls they are made of.  A
 * setting (way_settings.c) changes the process before its first act.  Everything compiles with glibc and musl, static
 * (-DWAY_STATIC) and dynamic, for x86-64 and i386 (-m32). */
#ifndef WAY_H
#define WAY_H
#include <sys/socket.h>
#include <sys/types.h>

/* The text that overwrites a file. */
#define WAY_NEW "new"

/* Each function behaves as its namesake of libc: -1 and errno if it fails. */
struct way_calls {
	const char *name;
	int (*unlink)(const char *path);
	int (*rename)(const char *from, const char *to);
	int (*truncate)(const char *path, off_t length);
	int (*open)(const char *path, int flags, ...);
	int (*execve)(const char *path, char *const *argv, char *const *env);
	int (*connect)(int fd, const struct sockaddr *to, socklen_t len);
	/* A system call by its number; NULL where the way has none. */
	long (*raw)(long nr, long a, long b, long c, long d);
	/* Open with these flags, write WAY_NEW at that offset, close; NULL: by `open`. */
	int (*put)(const char *path, int flags, off_t where);
	/* Start, wait, return the wait status; NULL: by fork and `execve`. */
	int (*run)(char *const *argv);
};

/* Return the way of that name, ready to use, or NULL if this build does not have it. */
const struct way_calls *way_calls_find(const char *name);
/* The same for the ways of x86-64's three system call interfaces. */
const struct way_calls *way_abi_find(const char *name);

/* Apply a setting.  Exits with a message if the name is unknown or the kernel refuses. */
void way_settings_apply(const char *name, char **argv);
/* True once the process may not fork. */
extern int way_settings_confined;
#endif
