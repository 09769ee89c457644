/* SPDX-License-Identifier: BSD-2-Clause */
/* filecalls.c - makes one system call on files and prints its result, for tests/session/files/supervise_files.t.
 *
 *   filecalls [-u UID] CALL PATH [PATH | LENGTH]
 *
 *   -u UID  give up every right of root first.  ftruncate opens its file before that. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int opened = -1; /* for ftruncate */

static long overwrite(long fd)
{
	return fd < 0 ? -1 : write((int)fd, "new", 3) == 3 && !close((int)fd) ? 0 : -1;
}

static int drop_to(uid_t uid)
{
	return setgroups(0, NULL) || setgid(uid) || setuid(uid);
}

static long call(const char *name, const char *path, const char *more)
{
	struct open_how how = {.flags = O_WRONLY | O_TRUNC};
	if (!strcmp(name, "unlink"))
		return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	if (!strcmp(name, "rmdir"))
		return syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
	if (!strcmp(name, "rename"))
		return syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, more, 0);
	if (!strcmp(name, "truncate"))
		return truncate(path, atol(more));
	if (!strcmp(name, "ftruncate"))
		return ftruncate(opened, atol(more));
	if (!strcmp(name, "open"))
		return overwrite(open(path, O_WRONLY | O_TRUNC));
	if (!strcmp(name, "creat"))
		return overwrite(creat(path, 0644));
	if (!strcmp(name, "openat2"))
		return overwrite(syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
	return -2;
}

int main(int argc, char **argv)
{
	const char *uid = argc > 2 && !strcmp(argv[1], "-u") ? argv[2] : NULL;
	argc -= uid ? 2 : 0, argv += uid ? 2 : 0;
	if (argc > 2 && !strcmp(argv[1], "ftruncate"))
		opened = open(argv[2], O_WRONLY);
	if (uid && drop_to((uid_t)atol(uid)))
		return perror("setuid"), 99;
	long ret = argc < 3 ? -2 : call(argv[1], argv[2], argc > 3 ? argv[3] : NULL);
	printf("%ld%s%s\n", ret, ret == -1 ? " " : "", ret == -1 ? strerrorname_np(errno) : "");
	return ret != 0;
}
