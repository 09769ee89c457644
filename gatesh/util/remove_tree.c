/* SPDX-License-Identifier: BSD-2-Clause */
/* remove_tree.c - removes a tree through directory descriptors. */
#include "util/remove_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int remove_tree_at(int dir, const char *name)
{
	if (!unlinkat(dir, name, 0))
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	int err = d ? 0 : -errno;
	if (!d && fd >= 0)
		close(fd);
	for (struct dirent *e; d && (e = readdir(d));) {
		int one = strcmp(e->d_name, ".") && strcmp(e->d_name, "..") ? remove_tree_at(fd, e->d_name) : 0;
		err = err ? err : one;
	}
	if (d)
		closedir(d);
	if (!err && unlinkat(dir, name, AT_REMOVEDIR))
		err = -errno;
	return err;
}
