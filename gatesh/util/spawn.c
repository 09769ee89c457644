/* SPDX-License-Identifier: BSD-2-Clause */
/* spawn.c - executes a program of the session, and starts gatesh's own ungated. */
#include "util/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/exit.h"
#include "util/harden.h"

char **spawn_environment(const char *preload, const char *dir)
{
	const char *others = getenv("LD_PRELOAD");
	size_t n = 0;
	while (environ[n])
		n++;
	if (others && !strncmp(others, preload, strlen(preload)))
		others = NULL; /* left over from an outer session that has ended */
	size_t size = strlen(preload) + strlen(dir) + (others ? strlen(others) : 0) + 64;
	char **envp = malloc((n + 3) * sizeof *envp + size);
	if (!envp)
		return NULL;
	char *text = (char *)(envp + n + 3);
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "LD_PRELOAD=", 11) && strncmp(environ[i], "GATE_SESSION=", 13))
			envp[k++] = environ[i];
	envp[k++] = text;
	text += snprintf(text, size, "LD_PRELOAD=%s%s%s", preload, others && *others ? ":" : "", others ? others : "") +
		1;
	envp[k++] = text;
	snprintf(text, size - (size_t)(text - envp[k - 2]), "GATE_SESSION=%s", dir);
	envp[k] = NULL;
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

_Noreturn void spawn_exec(const struct exec_launch *l)
{
	if (l->cwd && chdir(l->cwd))
		spawn_fail("enter", l->cwd, errno);
	int err = l->harden ? harden_command() : 0;
	if (err)
		spawn_fail("confine", l->path, -err);
	if (sigprocmask(SIG_SETMASK, &l->mask, NULL))
		spawn_fail("unblock signals for", l->path, errno);
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
