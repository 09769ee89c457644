/* SPDX-License-Identifier: BSD-2-Clause */
/* state_dir.c - the place of files that outlive a session.  See state_dir.h. */
#include "util/state_dir.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"

int state_dir_file(char *buf, size_t size, const char *name)
{
	char entry[GATE_HOME_SIZE];
	const char *state = getenv("XDG_STATE_HOME");
	bool own = state && *state == '/';
	const char *home = own ? NULL : gate_home(entry, sizeof entry);
	if (!own && !home)
		return -ENOENT;
	int n = snprintf(buf, size, "%s%s/gate/%s", own ? state : home, own ? "" : "/.local/state", name);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int state_dir_make(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = '\0';
		int err = mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
		if (err) {
			*p = '/';
			return err;
		}
	}
	return 0;
}

int state_dir_check(const char *path, size_t *len)
{
	char part[PATH_MAX];
	struct stat st;
	int n = snprintf(part, sizeof part, "%s", path);
	*len = n > 0 ? (size_t)n : 0;
	if (n <= 0 || (size_t)n >= sizeof part)
		return -ENAMETOOLONG;
	if (!lstat(part, &st)) {
		/* ELOOP: as open(2) says with O_NOFOLLOW */
		int err = S_ISLNK(st.st_mode) ? -ELOOP : S_ISDIR(st.st_mode) ? -EISDIR : 0;
		return err ? err : access(part, W_OK) ? -errno : 0;
	}
	while (stat(part, &st) && (errno == ENOENT || errno == ENOTDIR) && *len > 1) {
		while (*len > 1 && part[*len - 1] != '/')
			part[--*len] = '\0';
		if (*len > 1)
			part[--*len] = '\0'; /* the slash */
	}
	if (stat(part, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return access(part, W_OK | X_OK) ? -errno : 0;
}
