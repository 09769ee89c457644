/* SPDX-License-Identifier: BSD-2-Clause */
/* filecalls.c - makes one system call on files and prints its result, for tests/session/files/supervise*.t.
 *
 *   filecalls [-u UID | -l | -c DIR] CALL PATH [PATH | LENGTH]
 *
 *   -u UID  give up every right of root first
 *   -l      enter a Landlock domain that may change nothing; exit status 99 where there is none
 *   -c DIR  enter a chroot
 * ftruncate opens its file before that. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE /* Linux 6.2 */
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static int opened = -1; /* for ftruncate */

static long overwrite(long fd)
{
	return fd < 0 ? -1 : write((int)fd, "new", 3) == 3 && !close((int)fd) ? 0 : -1;
}

static int drop_to(uid_t uid)
{
	return setgroups(0, NULL) || setgid(uid) || setuid(uid);
}

/* Every right to change a file or directory is taken away, and no rule gives it back. */
static int enter_domain(void)
{
	struct landlock_ruleset_attr a = {.handled_access_fs = (LANDLOCK_ACCESS_FS_TRUNCATE << 1) - 1};
	a.handled_access_fs &=
		~(__u64)(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	int fd = (int)syscall(SYS_landlock_create_ruleset, &a, sizeof a.handled_access_fs, 0);
	return fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_landlock_restrict_self, fd, 0);
}

/* Returns how many arguments the option takes, or -1. */
static int confine(char **argv)
{
	if (!strcmp(argv[1], "-l"))
		return enter_domain() ? -1 : 1;
	if (!strcmp(argv[1], "-u") && argv[2])
		return drop_to((uid_t)atol(argv[2])) ? -1 : 2;
	if (!strcmp(argv[1], "-c") && argv[2])
		return chroot(argv[2]) || chdir("/") ? -1 : 2;
	return 0;
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
	if (argc > 2 && !strcmp(argv[argc - 3], "ftruncate"))
		opened = open(argv[argc - 2], O_WRONLY);
	int option = argc > 2 ? confine(argv) : 0;
	if (option < 0)
		return perror(argv[1]), 99;
	argc -= option, argv += option;
	long ret = argc < 3 ? -2 : call(argv[1], argv[2], argc > 3 ? argv[3] : NULL);
	printf("%ld%s%s\n", ret, ret == -1 ? " " : "", ret == -1 ? strerrorname_np(errno) : "");
	return ret != 0;
}
