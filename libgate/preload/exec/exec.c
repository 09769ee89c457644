/* SPDX-License-Identifier: BSD-2-Clause */
/* exec.c - executes a target, or gate-standin in its place, with the session's variables kept in the environment. */
#include "preload/exec/exec.h"

#include <errno.h>
#include <unistd.h>

#include "formats/session_names.h"
#include "preload/base/message.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/exec/standin_route.h"

char *const *exec_env(struct exec_env *e, char *const *envp, const char *target)
{
	if (!target && environment_is_right(envp))
		return envp;
	if (!environment_build(envp, target, e->slots, ENVIRONMENT_SLOTS, e->preload))
		return e->slots;
	message_put("the environment is too large to restore GATE_SESSION; nothing was executed");
	return NULL;
}

int exec_standin(char path[GATE_STANDIN_MAX])
{
	char image[SESSION_PATH_MAX];
	state_path(GATE_IMAGE_NAME, image);
	long fd = sys_open(image, O_RDONLY | O_CLOEXEC);
	long n = fd < 0 ? fd : sys_pread((int)fd, path, GATE_STANDIN_MAX - 1, state.head.standin);
	if (fd >= 0)
		sys_close((int)fd);
	path[n > 0 ? n : 0] = '\0';
	if (*path == '/' && !SYS(faccessat, AT_FDCWD, path, X_OK, 0, 0, 0))
		return 0;
	message_put(*path == '/' ? "refused: gate-standin is missing; nothing was executed" :
				   "refused: " GATE_IMAGE_NAME " can't be read; nothing was executed");
	return -EPERM;
}

/* Execute gate-standin in place of the target in `var`, "GATE_TARGET=...". */
static long __attribute__((noinline)) exec_launch_gated(const char *var, char *const *argv, char *const *envp)
{
	struct exec_env e;
	char standin[GATE_STANDIN_MAX];
	int err = exec_standin(standin);
	char *const *mended = err ? NULL : exec_env(&e, envp, var);
	return mended ? sys_execve(standin, argv, mended) : err ? err : -E2BIG;
}

static long __attribute__((noinline))
exec_launch_mended(int dir, const char *path, char *const *argv, char *const *envp, int flags)
{
	struct exec_env e;
	char *const *mended = exec_env(&e, envp, NULL);
	return mended ? sys_execveat(dir, path, argv, mended, flags) : -E2BIG;
}

static long exec_launch_direct(const char *path, char *const *argv, char *const *envp)
{
	if (!state.active || environment_is_right(envp))
		return sys_execve(path, argv, envp);
	return exec_launch_mended(AT_FDCWD, path, argv, envp, 0);
}

static long __attribute__((noinline)) exec_launch_gated_path(const char *path, char *const *argv, char *const *envp)
{
	char var[EXEC_TARGET];
	struct text t = text_in(var, sizeof var);
	text_put(&t, VAR_TARGET);
	text_put(&t, path);
	return t.cut ? -ENAMETOOLONG : exec_launch_gated(var, argv, envp);
}

long exec_target(const char *path, char *const *argv, char *const *envp)
{
	if (path && state.active && standin_route_needed(AT_FDCWD, path, 0, argv))
		return exec_launch_gated_path(path, argv, envp);
	return exec_launch_direct(path, argv, envp);
}

long exec_var(const char *var, char *const *argv, char *const *envp)
{
	const char *path = var + sizeof VAR_TARGET - 1;
	if (state.active && standin_route_needed(AT_FDCWD, path, 0, argv))
		return exec_launch_gated(var, argv, envp);
	return exec_launch_direct(path, argv, envp);
}

/* Execute gate-standin in place of an open file, whose descriptor must stay open for gate-standin. */
static long exec_launch_gated_fd(int fd, char *const *argv, char *const *envp)
{
	char var[64];
	long flags = sys_fcntl(fd, F_GETFD, 0);
	if (flags < 0)
		return flags;
	struct text t = text_in(var, sizeof var);
	text_put(&t, VAR_TARGET "fd:");
	text_put_number(&t, (unsigned)fd);
	if (flags & FD_CLOEXEC) {
		text_put(&t, ",cloexec");
		sys_fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
	}
	long err = exec_launch_gated(var, argv, envp);
	sys_fcntl(fd, F_SETFD, flags);
	return err;
}

/* Execute gate-standin in place of a file under an open directory.  The target is named by its /dev/fd path, or by a new
 * descriptor if the exec closes the directory. */
static long exec_launch_gated_under(int dir, const char *path, char *const *argv, char *const *envp, int flags)
{
	char var[EXEC_TARGET];
	struct text t = text_in(var, sizeof var);
	if (sys_fcntl(dir, F_GETFD, 0) & FD_CLOEXEC) {
		long fd = sys_openat(dir, path, O_PATH | O_CLOEXEC | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0));
		long err = fd < 0 ? fd : exec_launch_gated_fd((int)fd, argv, envp);
		if (fd >= 0)
			sys_close((int)fd);
		return err;
	}
	text_put(&t, VAR_TARGET "/dev/fd/");
	text_put_number(&t, (unsigned)dir);
	text_put(&t, "/");
	text_put(&t, path);
	return t.cut ? -ENAMETOOLONG : exec_launch_gated(var, argv, envp);
}

long exec_at(int dir, const char *path, char *const *argv, char *const *envp, int flags)
{
	if (path && !flags && (dir == AT_FDCWD || *path == '/'))
		return exec_target(path, argv, envp);
	if (path && state.active && standin_route_needed(dir, path, flags, argv)) {
		if (*path == '/' || (dir == AT_FDCWD && *path))
			return exec_launch_gated_path(path, argv, envp);
		return *path ? exec_launch_gated_under(dir, path, argv, envp, flags) :
			       exec_launch_gated_fd(dir, argv, envp);
	}
	if (!state.active || environment_is_right(envp))
		return sys_execveat(dir, path, argv, envp, flags);
	return exec_launch_mended(dir, path, argv, envp, flags);
}
