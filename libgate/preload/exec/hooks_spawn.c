/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_spawn.c - the hooks of posix_spawn and posix_spawnp.  libc starts the child, with a corrected path and
 * environment. */
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <spawn.h>
#include <unistd.h>

#include "preload/base/hooks.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/exec/exec.h"
#include "preload/exec/standin_route.h"

typedef int spawn_fn(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
		     char *const[], char *const[]);

/* The arguments of one start, without the program. */
struct spawn {
	pid_t *pid;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	char *const *argv, *const *envp;
};

/* libc executes it by itself, without the cookie; gatesh sees the mark of a program that asks. */
static int hooks_spawn_start(spawn_fn *fn, const char *path, const struct spawn *s, enum exec_route route)
{
	struct exec_env e;
	char *const *envp = state.active ? exec_env(&e, s->envp, NULL, route == EXEC_ASKS) : s->envp;
	if (!envp && state.active && !state.seam)
		return E2BIG;
	return fn(s->pid, path, s->actions, s->attr, s->argv, envp ? envp : s->envp);
}

/* Start gate-standin in place of `var`, "GATE_TARGET=PATH". */
static int hooks_spawn_start_gated(const char *var, const struct spawn *s)
{
	static spawn_fn *next;
	struct exec_env e;
	char standin[GATE_STANDIN_MAX];
	int err = exec_standin(standin);
	char *const *envp = err ? NULL : exec_env(&e, s->envp, var, true);
	if (!next)
		next = hook_next("posix_spawn");
	if (!envp && !err && state.seam)
		return next(s->pid, var + sizeof VAR_TARGET - 1, s->actions, s->attr, s->argv, s->envp);
	if (!envp)
		return err ? -err : E2BIG;
	return next(s->pid, standin, s->actions, s->attr, s->argv, envp);
}

static int hooks_spawn_start_gated_path(const char *path, const struct spawn *s)
{
	char var[EXEC_TARGET];
	struct text t = text_in(var, sizeof var);
	text_put(&t, VAR_TARGET);
	text_put(&t, path);
	return t.cut ? ENAMETOOLONG : hooks_spawn_start_gated(var, s);
}

/* The PATH search ends at the first file that can be executed. */
static long hooks_spawn_is_found(const char *var, void *data)
{
	const char *path = var + sizeof VAR_TARGET - 1;
	return SYS(faccessat, AT_FDCWD, path, X_OK, 0, 0, 0);
}

HOOK int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		     const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	static spawn_fn *next;
	const struct spawn s = {pid, actions, attr, argv, envp};
	if (!next)
		next = hook_next("posix_spawn");
	enum exec_route route = standin_route(AT_FDCWD, path, 0, argv);
	if (route == EXEC_STANDIN)
		return hooks_spawn_start_gated_path(path, &s);
	return hooks_spawn_start(next, path, &s, route);
}

HOOK int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
		      const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	static spawn_fn *next;
	const struct spawn s = {pid, actions, attr, argv, envp};
	char var[EXEC_TARGET + NAME_MAX];
	if (!next)
		next = hook_next("posix_spawnp");
	enum exec_route route = EXEC_UNJUDGED;
	if (!state.active)
		return hooks_spawn_start(next, file, &s, route);
	if (text_has_slash(file)) {
		route = standin_route(AT_FDCWD, file, 0, argv);
		if (route == EXEC_STANDIN)
			return hooks_spawn_start_gated_path(file, &s);
	} else if (!path_search_walk(file, var, hooks_spawn_is_found, NULL)) {
		route = standin_route(AT_FDCWD, var + sizeof VAR_TARGET - 1, 0, argv);
		if (route == EXEC_STANDIN)
			return hooks_spawn_start_gated(var, &s);
	}
	return hooks_spawn_start(next, file, &s, route);
}
