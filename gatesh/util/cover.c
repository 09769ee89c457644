/* SPDX-License-Identifier: BSD-2-Clause */
/* cover.c - a mount namespace with one file over others: unshare(2), mount(2). */
#include "util/cover.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>

static int cover_one(const char *with, const char *file)
{
	if (mount(with, file, NULL, MS_BIND, NULL))
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	mount(NULL, file, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY,
	      NULL); /* else a program may write there, which hurts nobody */
	return 0;
}

int cover_files(const struct cover *c)
{
	/* Otherwise the mounts would reach the namespace that this one was copied from. */
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return -errno;
	int err = 0;
	for (char *const *f = c->files; *f; f++) {
		int one = cover_one(c->with, *f);
		err = err ? err : one;
	}
	return err;
}
