/* SPDX-License-Identifier: BSD-2-Clause */
/* foreign_root.c - see foreign_root.h. */
#include "util/foreign_root.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool foreign_root_is(const char *path, const struct stat *root)
{
	struct stat st;
	return !stat(path, &st) && st.st_dev == root->st_dev && st.st_ino == root->st_ino;
}

void foreign_root_find(pid_t pid, char above[PATH_MAX])
{
	char link[32];
	struct stat root;
	snprintf(link, sizeof link, "/proc/%d/root", (int)pid);
	ssize_t n = readlink(link, above, PATH_MAX - 1);
	above[n > 0 ? n : 0] = '\0';
	if (n <= 1 || stat(link, &root)) {
		*above = '\0';
		return;
	}
	/* Its root may lie deeper than gatesh's: the process made a chroot of its own.  What gatesh can find is not above. */
	char *own = above;
	while (own && !foreign_root_is(own, &root))
		own = strchr(own + 1, '/');
	if (own)
		*own = '\0';
}

void foreign_root_cut(const char *above, char *path)
{
	size_t n = strlen(above), left = strlen(path);
	if (!n || strncmp(path, above, n) || (path[n] && path[n] != '/'))
		return;
	if (path[n])
		memmove(path, path + n, left - n + 1);
	else
		strcpy(path, "/");
}
