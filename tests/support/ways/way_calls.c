/* SPDX-License-Identifier: BSD-2-Clause */
/* way_calls.c - the ways that go through libc: by name, by a symbol looked up, by a second copy of libc, by
 * syscall(), and by what libc calls on its own account (stdio, posix_spawn). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

static const struct way_calls by_name = {
	.name = "libc",
	.unlink = unlink,
	.rename = rename,
	.truncate = truncate,
	.open = open,
	.execve = execve,
	.connect = connect,
};

#ifndef WAY_STATIC
/* Fill `c` from a handle of libc. */
static const struct way_calls *calls_from(void *libc, struct way_calls *c)
{
	if (!libc)
		return NULL;
	*(void **)&c->unlink = dlsym(libc, "unlink");
	*(void **)&c->rename = dlsym(libc, "rename");
	*(void **)&c->truncate = dlsym(libc, "truncate");
	*(void **)&c->open = dlsym(libc, "open");
	*(void **)&c->execve = dlsym(libc, "execve");
	*(void **)&c->connect = dlsym(libc, "connect");
	return c->connect ? c : NULL;
}
#endif

/* --- syscall(), with the newest call for each act */

static int raw_unlink(const char *path)
{
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
static int raw_rename(const char *from, const char *to)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
static int raw_truncate(const char *path, off_t length)
{
	return (int)syscall(SYS_truncate, path, (long)length);
}
static int raw_open(const char *path, int flags, ...)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0666);
}
static int raw_execve(const char *path, char *const *argv, char *const *env)
{
	return (int)syscall(SYS_execveat, AT_FDCWD, path, argv, env, 0);
}
static int raw_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	return (int)syscall(SYS_connect, fd, to, len);
}
static long raw(long nr, long a, long b, long c, long d)
{
	return syscall(nr, a, b, c, d, 0L, 0L);
}

static const struct way_calls by_syscall = {
	.name = "syscall",
	.unlink = raw_unlink,
	.rename = raw_rename,
	.truncate = raw_truncate,
	.open = raw_open,
	.execve = raw_execve,
	.connect = raw_connect,
	.raw = raw,
};

/* --- stdio: fopen, remove, mkstemp, system */

static int stdio_close(FILE *f, int ret)
{
	int err = errno;
	if (fclose(f))
		return -1;
	errno = err;
	return ret;
}

static int stdio_truncate(const char *path, off_t length)
{
	FILE *f = fopen(path, "r+");
	return f ? stdio_close(f, ftruncate(fileno(f), length)) : -1;
}

static int stdio_make(const char *path)
{
	char name[4096];
	snprintf(name, sizeof name, "%sXXXXXX", path);
	int fd = mkstemp(name);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return -1;
	fputs(WAY_NEW, f);
	return fclose(f) || rename(name, path) ? -1 : 0;
}

static int stdio_put(const char *path, int flags, off_t where)
{
	if (flags & O_CREAT)
		return stdio_make(path);
	FILE *f = fopen(path, flags & O_TRUNC ? "w" : "r+");
	if (!f)
		return -1;
	int ret = fseeko(f, where, SEEK_SET) || fputs(WAY_NEW, f) < 0 ? -1 : 0;
	return stdio_close(f, ret);
}

static int stdio_run(char *const *argv)
{
	char text[8192];
	snprintf(text, sizeof text, "%s %s 2>/dev/null", argv[0], argv[1]);
	return system(text);
}

static const struct way_calls by_stdio = {
	.name = "stdio",
	.unlink = remove,
	.rename = rename,
	.truncate = stdio_truncate,
	.open = open,
	.execve = execve,
	.connect = connect,
	.put = stdio_put,
	.run = stdio_run,
};

/* --- posix_spawn: libc opens the files in the child, before the program starts */

static int spawn_wait(int err, pid_t pid)
{
	int status;
	if (err || waitpid(pid, &status, 0) < 0) {
		errno = err ? err : errno;
		return -1;
	}
	return status;
}

static int spawn_put(const char *path, int flags, off_t where)
{
	char *argv[] = {(char *)"printf", (char *)WAY_NEW, NULL}, *env[] = {NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;
	(void)where; /* the program writes where the descriptor stands: at the beginning */
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, flags, 0666);
	int ret = spawn_wait(posix_spawn(&pid, "/usr/bin/printf", &actions, NULL, argv, env), pid), err = errno;
	posix_spawn_file_actions_destroy(&actions);
	errno = err;
	return ret;
}

static int spawn_truncate(const char *path, off_t length)
{
	int fd = open(path, O_RDWR);
	int ret = fd < 0 ? -1 : ftruncate(fd, length), err = errno;
	if (fd >= 0)
		close(fd);
	errno = err;
	return ret;
}

static int spawn_run(char *const *argv)
{
	char *env[] = {(char *)"OWN=environment", NULL};
	pid_t pid = 0;
	return spawn_wait(posix_spawn(&pid, argv[0], NULL, NULL, argv, env), pid);
}

static const struct way_calls by_spawn = {
	.name = "spawn",
	.unlink = unlink,
	.rename = rename,
	.truncate = spawn_truncate,
	.open = open,
	.execve = execve,
	.connect = connect,
	.put = spawn_put,
	.run = spawn_run,
};

const struct way_calls *way_calls_find(const char *name)
{
	static const struct way_calls *const table[] = {&by_name, &by_syscall, &by_stdio, &by_spawn};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i]->name, name))
			return table[i];
#ifndef WAY_STATIC
	static struct way_calls looked_up;
	if (!strcmp(name, "dlsym"))
		return calls_from(dlopen("libc.so.6", RTLD_NOW), &looked_up);
	if (!strcmp(name, "dlmopen"))
		return calls_from(dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW), &looked_up);
#endif
	return way_abi_find(name);
}
