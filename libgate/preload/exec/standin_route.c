/* SPDX-License-Identifier: BSD-2-Clause */
/* standin_route.c - checks a target against the image and its ELF headers to see if gate-standin must stand in for it. */
#include "preload/exec/standin_route.h"

#include <errno.h>
#include <linux/limits.h>
#include <unistd.h>

#include "formats/image.h"
#include "preload/base/elf_loadable.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

static long route_open_target(int dir, const char *path, int flags)
{
	const int how = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
	char link[64];
	if (*path || !(flags & AT_EMPTY_PATH))
		return sys_openat(dir, path, how | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0));
	struct text t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned)dir);
	return sys_open(link, how); /* it may be O_PATH */
}

static bool route_is_executable(int dir, const char *path, int flags)
{
	long err = SYS(faccessat2, dir, path, X_OK, AT_EACCESS | flags, 0, 0);
	return !err || err == -ENOSYS;
}

/* The name of an open file, in buf; "" if it is unknown. */
static const char *route_name_of_descriptor(int fd, char buf[PATH_MAX])
{
	char link[64];
	struct text t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned)fd);
	long n = sys_readlink(link, buf, PATH_MAX - 1);
	buf[n > 0 ? n : 0] = '\0';
	return buf;
}

bool standin_route_needed(int dir, const char *path, int flags, char *const *argv)
{
	char buf[PATH_MAX];
	const char *name = *path || !(flags & AT_EMPTY_PATH) ? path : route_name_of_descriptor(dir, buf);
	if (!(state.head.flags & GATE_IMAGE_SUPERVISE) &&
	    !gate_image_may_concern(&state.head, name, (const char *const *)argv))
		return false;
	flags &= AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
	/* A script's interpreter opens the script by a descriptor, which must still be open then. */
	bool scripts = dir == AT_FDCWD || *path == '/' || !(sys_fcntl(dir, F_GETFD, 0) & FD_CLOEXEC);
	return elf_not_loadable(route_open_target(dir, path, flags), scripts) && route_is_executable(dir, path, flags);
}
