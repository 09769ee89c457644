/* SPDX-License-Identifier: BSD-2-Clause */
/* pathwalk.c - opens a path component by component and follows no symbolic link. */
#include "util/pathwalk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Open the directory `name` in `dir`.  Returns a descriptor or a negative errno. */
static int pathwalk_step(int dir, const char *name)
{
	struct stat st;
	int fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	int err = -errno;
	if (err == -ENOTDIR && !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode))
		err = -ELOOP;
	return err;
}

int pathwalk_parent(const char *path, const char **name)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *p = path + 1;
	if (fd < 0)
		return -errno;
	for (size_t n; p[n = strcspn(p, "/")]; p += n + 1) {
		char component[NAME_MAX + 1];
		if (n > NAME_MAX) {
			close(fd);
			return -ENAMETOOLONG;
		}
		memcpy(component, p, n);
		component[n] = '\0';
		int next = pathwalk_step(fd, component);
		close(fd);
		if (next < 0)
			return next;
		fd = next;
	}
	*name = *p ? p : ".";
	return fd;
}

int pathwalk_stat(const char *path, struct stat *st)
{
	const char *name;
	int dir = pathwalk_parent(path, &name);
	if (dir < 0)
		return dir;
	int err = fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
	close(dir);
	return err;
}
