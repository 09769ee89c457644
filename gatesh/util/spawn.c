/* SPDX-License-Identifier: BSD-2-Clause */
/* spawn.c - executes a program of the session, and starts gatesh's own ungated. */
#include "util/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/paths.h"
#include "util/cover.h"
#include "util/exit.h"
#include "util/harden.h"
#include "util/identity.h"
#include "util/preload_item.h"

#define PRELOAD_NAME "libgate-preload.so"

static const struct identity *spawn_identity; /* NULL: gatesh's own */

void spawn_become(const struct identity *as)
{
	spawn_identity = as;
}

bool spawn_is_other(void)
{
	return spawn_identity;
}

void spawn_give_terminal(int slave)
{
	if (spawn_identity && fchown(slave, spawn_identity->uid, (gid_t)-1))
		errno = 0;
}

int spawn_hold_interposer(void)
{
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s", gate_path(GATE_PATH_PRELOAD));
	*strrchr(dir, '/') = '\0';
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* A file system without locks protects nothing, but the session can start.  An uninstallation that came first
	 * has removed the files by the time the lock is granted. */
	while (flock(fd, LOCK_SH) && errno == EINTR)
		;
	if (!faccessat(fd, PRELOAD_NAME, R_OK, 0) && !access(gate_path(GATE_PATH_STANDIN), X_OK))
		return fd;
	int err = -errno;
	close(fd);
	return err;
}

/* Put the items of an LD_PRELOAD into `out`, each after a colon, but no interposer: one may be left over from an outer
 * session that has ended, and of another version. */
static void spawn_put_others(char *out, const char *list)
{
	*out = '\0';
	while (*list) {
		size_t n = strcspn(list, ": "), base = n;
		while (base && list[base - 1] != '/')
			base--;
		bool interposer = n - base == sizeof PRELOAD_NAME - 1 && !strncmp(list + base, PRELOAD_NAME, n - base);
		if (n && !interposer)
			out += sprintf(out, ":%.*s", (int)n, list);
		list += n + (list[n] != '\0');
	}
}

/* `own` without the variables that gate a program, with those of the session. */
static char **spawn_session_environment(char *const *own, const char *dir, const char *mark)
{
	const char *preload = preload_item(), *others = getenv("LD_PRELOAD");
	size_t n = 0, k = 0;
	while (own[n])
		n++;
	size_t size = strlen(preload) + strlen(dir) + strlen(mark) + (others ? strlen(others) : 0) + 64;
	char **envp = malloc((n + 3) * sizeof *envp + size);
	if (!envp)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(own[i], "LD_PRELOAD=", 11) && strncmp(own[i], "GATE_SESSION=", 13))
			envp[k++] = own[i];
	envp[k++] = (char *)(envp + n + 3);
	char *end = envp[k - 1] + sprintf(envp[k - 1], "LD_PRELOAD=%s", preload);
	spawn_put_others(end, others ? others : "");
	envp[k] = end + strlen(end) + 1;
	sprintf(envp[k++], "GATE_SESSION=%s%s", dir, mark);
	envp[k] = NULL;
	return envp;
}

char **spawn_environment(const char *dir, const char *mark)
{
	char **own = spawn_identity ? identity_environment(spawn_identity, environ) : environ;
	char **envp = own ? spawn_session_environment(own, dir, mark) : NULL;
	if (own != environ)
		free(own);
	return envp;
}

static _Noreturn void spawn_fail(const char *what, const char *path, int err)
{
	char line[512];
	int n = snprintf(line, sizeof line, "gate: cannot %s %s: %s\n", what, path, strerrordesc_np(err));
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1) < 0)
		_exit(EXIT_REFUSED);
	_exit(err == ENOENT ? EXIT_NOT_FOUND : EXIT_REFUSED);
}

static void spawn_cover(const struct cover *c)
{
	char line[512];
	int err = cover_files(c);
	int n = err ? snprintf(
			      line, sizeof line,
			      "gate: no mounts over the files of credentials: %s; a static program of the session can read them\n",
			      strerrordesc_np(-err)) :
		      0;
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1) < 0)
		errno = 0; /* nobody listens */
}

_Noreturn void spawn_exec(const struct exec_launch *l)
{
	if (l->cover)
		spawn_cover(l->cover);
	if (l->cwd && chdir(l->cwd))
		spawn_fail("enter", l->cwd, errno);
	int err = l->harden ? harden_command() : 0;
	if (!err && l->harden)
		err = l->guard ? l->guard->enter(l->guard, l->envp) : harden_refuse_io_uring();
	if (err)
		spawn_fail("confine", l->path, -err);
	err = spawn_identity ? identity_take(spawn_identity) : 0;
	if (err)
		spawn_fail("become the user for", l->path, -err);
	if (sigprocmask(SIG_SETMASK, &l->mask, NULL))
		spawn_fail("unblock signals for", l->path, errno);
	if (l->harden && l->guard)
		l->guard->exec(l->guard, l->path, l->argv, l->envp);
	else
		execve(l->path, l->argv, l->envp);
	spawn_fail("run", l->path, errno);
}

/* This environment without the variables that gate a program: gatesh itself may run in a gated process. */
static char **spawn_own_environment(void)
{
	size_t n = 0, k = 0;
	while (environ[n])
		n++;
	char **envp = calloc(n + 1, sizeof *envp);
	for (size_t i = 0; envp && i < n; i++)
		if (strncmp(environ[i], "LD_PRELOAD=", 11) && strncmp(environ[i], "GATE_SESSION=", 13))
			envp[k++] = environ[i];
	return envp;
}

static int spawn_with(const posix_spawn_file_actions_t *actions, char *const *argv, const sigset_t *mask, pid_t *pid)
{
	char **envp = spawn_own_environment();
	posix_spawnattr_t attr;
	int err = envp ? posix_spawnattr_init(&attr) : ENOMEM;
	if (!err) {
		err = posix_spawnattr_setsigmask(&attr, mask);
		if (!err)
			err = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
		if (!err)
			err = posix_spawnp(pid, argv[0], actions, &attr, argv, envp);
		posix_spawnattr_destroy(&attr);
	}
	free(envp);
	return err;
}

int spawn_own(char *const *argv, int input, const sigset_t *mask, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	if (input >= 0)
		err = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	for (int fd = input >= 0 ? STDOUT_FILENO : STDIN_FILENO; !err && fd <= STDERR_FILENO; fd++)
		err = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	if (!err)
		err = spawn_with(&actions, argv, mask, pid);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		*pid = 0;
	return -err;
}
