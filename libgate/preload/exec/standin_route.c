/* SPDX-License-Identifier: BSD-2-Clause */
/* standin_route.c - checks a target against the image, and its ELF headers, to see who asks about it. */
#include "preload/exec/standin_route.h"

#include <errno.h>
#include <linux/limits.h>
#include <unistd.h>

#include "formats/image.h"
#include "preload/base/elf_loadable.h"
#include "preload/base/process_state.h"
#include "preload/base/program_file.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/exec/environment.h"

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

/* Without the seam only the head is at hand; it may say yes too often. */
static bool route_concerns(int dir, const char *path, int flags, const char *name, const char *const *argv)
{
	if (!state.seam)
		return gate_image_may_concern(state_head(), name, argv) ||
		       program_file_may_be_known(state_head(), dir, path, flags);
	if (gate_image_concerns(state.image, name, argv))
		return true;
	const char *known = program_file_known(state.image, dir, path, flags, name);
	return known && gate_image_concerns(state.image, known, argv);
}

/* A rule may concern it: who asks? */
static enum exec_route __attribute__((noinline)) route_of_concern(int dir, const char *path, int flags)
{
	flags &= AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
	/* A script's interpreter opens the script by a descriptor, which must still be open then. */
	bool scripts = dir == AT_FDCWD || *path == '/' || !(sys_fcntl(dir, F_GETFD, 0) & FD_CLOEXEC);
	if (!environment_finds_library())
		return EXEC_UNJUDGED;
	return elf_not_loadable(route_open_target(dir, path, flags), scripts) && route_is_executable(dir, path, flags) ?
		       EXEC_STANDIN :
		       EXEC_ASKS;
}

enum exec_route standin_route(int dir, const char *path, int flags, char *const *argv)
{
	char buf[PATH_MAX];
	if (!path || !state_judges())
		return EXEC_UNJUDGED;
	const char *name = *path || !(flags & AT_EMPTY_PATH) ? path : route_name_of_descriptor(dir, buf);
	return route_concerns(dir, path, flags, name, (const char *const *)argv) ? route_of_concern(dir, path, flags) :
										   EXEC_FREE;
}
