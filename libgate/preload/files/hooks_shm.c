/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_shm.c - the hooks of shm_open and shm_unlink, which glibc makes files below /dev/shm of by calls of its own.  Names
 * that libc refuses, opens for reading, and musl, whose flags differ, are libc's own. */
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/mman.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"

#define DIRECTORY "/dev/shm/"

enum { FILE_PATH_MAX = sizeof DIRECTORY + NAME_MAX };

/* Put the file's path into `path`.  Returns false if the name is libc's to judge. */
static bool hooks_shm_path(const char *name, char path[FILE_PATH_MAX])
{
	while (*name == '/')
		name++;
	if (!*name || text_has_slash(name) || text_equal(name, ".") || text_equal(name, ".."))
		return false;
	struct text t = text_in(path, FILE_PATH_MAX);
	text_put(&t, DIRECTORY);
	text_put(&t, name);
	return !t.cut;
}

static bool hooks_shm_is_ours(const char *name, char path[FILE_PATH_MAX])
{
	return state_judges() && state.seam && hook_is_glibc() && hooks_shm_path(name, path);
}

HOOK int shm_open(const char *name, int flags, mode_t mode)
{
	static int (*next)(const char *, int, mode_t);
	char path[FILE_PATH_MAX];
	if (flags & (O_ACCMODE | O_TRUNC) && hooks_shm_is_ours(name, path)) {
		long fd = act_openat(AT_FDCWD, path, flags | O_NOFOLLOW | O_CLOEXEC, mode);
		return (int)hook_return(fd == -EISDIR ? -EINVAL : fd);
	}
	if (!next)
		next = hook_next("shm_open");
	return next(name, flags, mode);
}

HOOK int shm_unlink(const char *name)
{
	static int (*next)(const char *);
	char path[FILE_PATH_MAX];
	if (hooks_shm_is_ours(name, path)) {
		long err = act_unlink(AT_FDCWD, path, 0);
		return (int)hook_return(err == -EPERM ? -EACCES : err);
	}
	if (!next)
		next = hook_next("shm_unlink");
	return next(name);
}
