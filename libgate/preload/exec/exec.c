/* SPDX-License-Identifier: BSD-2-Clause */
/* exec.c - executes a target, or gate-standin in its place, with the session's variables kept in the environment. */
#include "preload/exec/exec.h"

#include <errno.h>
#include <unistd.h>

#include "formats/session_names.h"
#include "preload/base/cookie.h"
#include "preload/base/message.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/exec/standin_route.h"

/* "GATE_SESSION=DIR/." in the room of `e`. */
static const char *exec_marked_session(struct exec_env *e)
{
	struct text t = text_in(e->session, sizeof e->session);
	text_put(&t, state.session);
	text_put(&t, SEAM_MARK_ASK);
	return e->session;
}

/* Where the seam judges without the library, a program that won't find it is not told to load it: the loader would print
 * an error at each start. */
static bool exec_loads_library(void)
{
	return !state.seam || state.leaves || environment_finds_library();
}

char *const *exec_env(struct exec_env *e, char *const *envp, const char *target, bool asks)
{
	const char *session = asks && state.seam ? exec_marked_session(e) : state.session;
	bool loads = exec_loads_library();
	if (!target && session == state.session && loads && environment_is_right(envp))
		return envp;
	if (!environment_build(envp, session, loads, target, e->slots, ENVIRONMENT_SLOTS, e->preload))
		return e->slots;
	if (!state.seam)
		message_put("the environment is too large to restore GATE_SESSION; nothing was executed");
	return NULL;
}

int exec_standin(char path[GATE_STANDIN_MAX])
{
	struct text t = text_in(path, GATE_STANDIN_MAX);
	int err = state_load();
	text_put(&t, err ? "" : (const char *)state.image + state_head()->standin);
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
	char *const *mended = err ? NULL : exec_env(&e, envp, var, true);
	return mended ? COOKIE_CALL(execve, standin, argv, mended, 0, 0) : err ? err : -E2BIG;
}

/* Without the cookie, the session judges it. */
static long exec_now(int dir, const char *path, char *const *argv, char *const *envp, int flags, enum exec_route route)
{
	bool plain = dir == AT_FDCWD && !flags;
	if (route == EXEC_UNJUDGED)
		return plain ? sys_execve(path, argv, envp) : sys_execveat(dir, path, argv, envp, flags);
	return plain ? COOKIE_CALL(execve, path, argv, envp, 0, 0) :
		       COOKIE_CALL(execveat, dir, path, argv, envp, flags);
}

static long __attribute__((noinline))
exec_launch_mended(int dir, const char *path, char *const *argv, char *const *envp, int flags, enum exec_route route)
{
	struct exec_env e;
	char *const *mended = exec_env(&e, envp, NULL, route == EXEC_ASKS);
	if (mended)
		return exec_now(dir, path, argv, mended, flags, route);
	return state.seam ? exec_now(dir, path, argv, envp, flags, EXEC_UNJUDGED) : -E2BIG;
}

/* Execute the target itself. */
static long exec_launch(int dir, const char *path, char *const *argv, char *const *envp, int flags,
			enum exec_route route)
{
	if (!state.active ||
	    (environment_is_right(envp) && !(route == EXEC_ASKS && state.seam) && exec_loads_library()))
		return exec_now(dir, path, argv, envp, flags, route);
	return exec_launch_mended(dir, path, argv, envp, flags, route);
}

static long exec_launch_gated_var(const char *var, char *const *argv, char *const *envp)
{
	long err = exec_launch_gated(var, argv, envp);
	if (err != -E2BIG || !state.seam)
		return err;
	return exec_now(AT_FDCWD, var + sizeof VAR_TARGET - 1, argv, envp, 0, EXEC_UNJUDGED);
}

static long __attribute__((noinline)) exec_launch_gated_path(const char *path, char *const *argv, char *const *envp)
{
	char var[EXEC_TARGET];
	struct text t = text_in(var, sizeof var);
	text_put(&t, VAR_TARGET);
	text_put(&t, path);
	return t.cut ? -ENAMETOOLONG : exec_launch_gated_var(var, argv, envp);
}

long exec_target(const char *path, char *const *argv, char *const *envp)
{
	enum exec_route route = standin_route(AT_FDCWD, path, 0, argv);
	if (route == EXEC_STANDIN)
		return exec_launch_gated_path(path, argv, envp);
	return exec_launch(AT_FDCWD, path, argv, envp, 0, route);
}

long exec_var(const char *var, char *const *argv, char *const *envp)
{
	const char *path = var + sizeof VAR_TARGET - 1;
	enum exec_route route = standin_route(AT_FDCWD, path, 0, argv);
	if (route == EXEC_STANDIN)
		return exec_launch_gated_var(var, argv, envp);
	return exec_launch(AT_FDCWD, path, argv, envp, 0, route);
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
	enum exec_route route = standin_route(dir, path, flags, argv);
	if (route == EXEC_STANDIN) {
		if (*path == '/' || (dir == AT_FDCWD && *path))
			return exec_launch_gated_path(path, argv, envp);
		long err = *path ? exec_launch_gated_under(dir, path, argv, envp, flags) :
				   exec_launch_gated_fd(dir, argv, envp);
		if (err != -E2BIG || !state.seam)
			return err;
		route = EXEC_UNJUDGED;
	}
	return exec_launch(dir, path, argv, envp, flags, route);
}
