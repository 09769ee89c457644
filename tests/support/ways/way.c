/* SPDX-License-Identifier: BSD-2-Clause */
/* way.c - does what it is told to files, commands and ports, in the way it is told to.
 *
 *   way -w WAY [-s SETTING]... ACT A B [ACT A B]...
 *
 * Prints a line for each act, "= ACT A: ok", "= ACT A: errno N", "= ACT A: status N", or "= ACT A: n/a" if the way has
 * no such call. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

/* An act returns 0, -1 with errno, a wait status, or this: the way has no such call. */
enum { NOT_HERE = -2 };
static const off_t MIDDLE = 100;
static const struct way_calls *calls;

static int written(int fd, off_t where)
{
	if (fd < 0)
		return -1;
	int ret = pwrite(fd, WAY_NEW, strlen(WAY_NEW), where) < 0 ? -1 : 0, err = errno;
	close(fd);
	errno = err;
	return ret;
}

static int put(const char *path, int flags, off_t where)
{
	return calls->put ? calls->put(path, flags, where) : written(calls->open(path, flags, 0666), where);
}

static int act_make(const char *path, const char *unused)
{
	(void)unused;
	return put(path, O_WRONLY | O_CREAT | O_EXCL, 0);
}

static int act_unlink(const char *path, const char *unused)
{
	(void)unused;
	return calls->unlink(path);
}

static int act_rename(const char *from, const char *to)
{
	return calls->rename(from, to);
}

static int act_truncate(const char *path, const char *unused)
{
	(void)unused;
	return calls->truncate(path, 1);
}

static int act_overwrite(const char *path, const char *unused)
{
	(void)unused;
	return put(path, O_WRONLY | O_TRUNC, 0);
}

static int act_inplace(const char *path, const char *unused)
{
	(void)unused;
	return put(path, O_WRONLY, MIDDLE);
}

static int act_creat(const char *path, const char *unused)
{
	(void)unused;
#ifdef SYS_creat
	if (calls->raw)
		return written((int)calls->raw(SYS_creat, (long)path, 0666, 0, 0), 0);
#endif
	return NOT_HERE;
}

static int act_openat2(const char *path, const char *unused)
{
	(void)unused;
	/* struct open_how: musl-gcc does not find the kernel's headers */
	struct {
		uint64_t flags, mode, resolve;
	} how = {.flags = O_WRONLY | O_TRUNC};
	if (!calls->raw)
		return NOT_HERE;
	return written((int)calls->raw(SYS_openat2, AT_FDCWD, (long)path, (long)&how, sizeof how), 0);
}

/* open_by_handle_at: the path is nowhere in the call. */
static int act_handle(const char *path, const char *unused)
{
	(void)unused;
	struct {
		unsigned bytes;
		int type;
		unsigned char data[128];
	} handle = {.bytes = sizeof handle.data};
	int id, root, ret = NOT_HERE;
	if (!calls->raw)
		return NOT_HERE;
	root = calls->open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root >= 0 && !name_to_handle_at(AT_FDCWD, path, (void *)&handle, &id, 0))
		ret = written((int)calls->raw(SYS_open_by_handle_at, root, (long)&handle, O_WRONLY, 0), MIDDLE);
	if (ret == -1 && errno == EPERM && geteuid())
		ret = NOT_HERE;
	close(root);
	return ret;
}

/* Open for writing without harm, then call `change` on the descriptor. */
static int through(const char *path, int (*change)(int fd))
{
	if (calls->put || way_settings_confined)
		return NOT_HERE;
	int fd = calls->open(path, O_RDWR, 0), ret = fd < 0 ? -1 : change(fd), err = errno;
	if (fd >= 0)
		close(fd);
	errno = err;
	return ret;
}

static int change_ftruncate(int fd)
{
	return calls->raw ? (int)calls->raw(SYS_ftruncate, fd, 1, 0, 0) : ftruncate(fd, 1);
}

static int change_punch(int fd)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, MIDDLE, MIDDLE);
}

static int change_copyrange(int fd)
{
	int from = calls->open("dir/keep", O_RDONLY | O_CLOEXEC);
	long n = copy_file_range(from, NULL, fd, NULL, 4, 0);
	close(from);
	return n < 0 ? -1 : 0;
}

static int change_mmap(int fd)
{
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return -1;
	memcpy(p + MIDDLE, WAY_NEW, strlen(WAY_NEW));
	return munmap(p, 4096);
}

static int act_ftruncate(const char *path, const char *unused)
{
	(void)unused;
	return through(path, change_ftruncate);
}
static int act_punch(const char *path, const char *unused)
{
	(void)unused;
	return through(path, change_punch);
}
static int act_copyrange(const char *path, const char *unused)
{
	(void)unused;
	return through(path, change_copyrange);
}
static int act_mmap(const char *path, const char *unused)
{
	(void)unused;
	return through(path, change_mmap);
}

/* Run the command with one argument.  A failed exec is status 200 and more: its errno. */
static int act_exec(const char *path, const char *argument)
{
	char *argv[] = {(char *)path, (char *)argument, NULL}, *env[] = {(char *)"OWN=environment", NULL};
	int status = 0;
	if (way_settings_confined)
		return NOT_HERE;
	if (calls->run)
		return calls->run(argv);
	pid_t pid = fork();
	if (pid < 0)
		return -1;
	if (!pid) {
		calls->execve(path, argv, env);
		_exit(200 + (errno & 63));
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

static int act_connect(const char *address, const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	inet_pton(AF_INET, address, &to.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int ret = calls->connect(fd, (struct sockaddr *)&to, sizeof to), err = errno;
	close(fd);
	errno = err;
	return ret;
}

/* Files that libc opens and removes on its own account. */
static int act_temp(const char *unused, const char *unused_too)
{
	(void)unused, (void)unused_too;
	char first[] = "own/tXXXXXX", second[] = "own/tXXXXXX", name[32];
	if (way_settings_confined || calls->raw)
		return NOT_HERE;
	int a = mkstemp(first), b = mkostemp(second, O_CLOEXEC), ret = 0;
	if (a < 0 || b < 0 || unlink(first) || unlink(second))
		ret = -1;
	FILE *f = tmpfile();
	snprintf(name, sizeof name, "/gate-way-%d", getpid());
	int c = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (c >= 0 && (ftruncate(c, 4096) || shm_unlink(name)))
		ret = -1;
	int err = errno;
	close(a), close(b), close(c);
	if (f)
		fclose(f);
	errno = err;
	return f && c >= 0 ? ret : -1;
}

static const struct {
	const char *name;
	int (*act)(const char *a, const char *b);
} acts[] = {
	{"make", act_make},           {"unlink", act_unlink},       {"rename", act_rename},
	{"truncate", act_truncate},   {"overwrite", act_overwrite}, {"inplace", act_inplace},
	{"creat", act_creat},         {"openat2", act_openat2},     {"handle", act_handle},
	{"ftruncate", act_ftruncate}, {"punch", act_punch},         {"copyrange", act_copyrange},
	{"mmap", act_mmap},           {"exec", act_exec},           {"connect", act_connect},
	{"temp", act_temp},
};

/* Written by one call, so that nothing is lost when the next act ends the process. */
static void tell(const char *act, const char *a, int ret)
{
	char line[4200];
	const char *kind = ret == -1 ? "errno" : WIFSIGNALED(ret) ? "signal" : "status";
	int value = ret == -1 ? errno : WIFSIGNALED(ret) ? WTERMSIG(ret) : WEXITSTATUS(ret), n;
	if (!ret || ret == NOT_HERE)
		n = snprintf(line, sizeof line, "= %s %s: %s\n", act, a, ret ? "n/a" : "ok");
	else
		n = snprintf(line, sizeof line, "= %s %s: %s %d\n", act, a, kind, value);
	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		_exit(3);
}

int main(int argc, char **argv)
{
	int i = 1;
	for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		if (!strcmp(argv[i], "-w"))
			calls = way_calls_find(argv[i + 1]);
		else
			way_settings_apply(argv[i + 1], argv);
	}
	if (!calls)
		return fputs("way: no such way in this build\n", stderr), 2;
	for (; i + 2 < argc; i += 3) {
		int ret = NOT_HERE;
		for (size_t k = 0; k < sizeof acts / sizeof *acts; k++)
			if (!strcmp(acts[k].name, argv[i]))
				ret = acts[k].act(argv[i + 1], argv[i + 2]);
		tell(argv[i], argv[i + 1], ret);
	}
	_exit(0); /* a setting may have taken away what exit() would call */
}
