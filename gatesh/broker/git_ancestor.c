/* SPDX-License-Identifier: BSD-2-Clause */
/* git_ancestor.c - asks git whether one commit is an ancestor of another. */
#include "broker/git_ancestor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "util/proc.h"

/* The process's $GIT_DIR as "GIT_DIR=...", which git sets for its remote helpers. */
static void git_ancestor_put_dir(pid_t pid, struct strbuf *out)
{
	size_t n;
	int err;
	char *environment = proc_environ(pid, &n, &err);
	for (size_t i = 0; environment && i < n && !out->len; i += strlen(environment + i) + 1)
		if (!strncmp(environment + i, "GIT_DIR=", strlen("GIT_DIR=")))
			strbuf_puts(out, environment + i);
	free(environment);
}

/* Read what git prints: a number; -1 if it prints none, or not in time. */
static int git_ancestor_read(int fd)
{
	char text[16] = "";
	struct pollfd p = {.fd = fd, .events = POLLIN};
	if (poll(&p, 1, GIT_ANCESTOR_MS) != 1 || read(fd, text, sizeof text - 1) <= 0)
		return -1;
	return *text == '0' ? 1 : *text == '1' ? 0 : -1;
}

static int git_ancestor_spawn(const char *cwd, char *const *argv, char *const *envp, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid;
	sigemptyset(&none);
	if (posix_spawn_file_actions_init(&actions))
		return -1;
	int err = posix_spawnattr_init(&attributes);
	if (!err) {
		posix_spawnattr_setsigmask(&attributes, &none);
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
		err = posix_spawn_file_actions_addchdir_np(&actions, cwd) |
		      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) |
		      posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) |
		      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
		err = err ? err : posix_spawnp(&pid, "git", &actions, &attributes, argv, envp);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return err ? -1 : 0; /* the session's main thread reaps it */
}

/* How many commits of `before`, counting to one, `after` does not have. */
static int git_ancestor_count(const char *cwd, char *dir, const char *before, const char *after)
{
	cleanup_strbuf struct strbuf path = {0}, without = {0};
	int out[2], result = -1;
	strbuf_printf(&path, "PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	strbuf_printf(&without, "^%s", after);
	char *const argv[] = {(char *)"git",
			      (char *)"rev-list",
			      (char *)"--count",
			      (char *)"--max-count=1",
			      (char *)before,
			      without.s,
			      NULL};
	char *const envp[] = {path.s,
			      (char *)"HOME=/nonexistent",
			      (char *)"GIT_CONFIG_NOSYSTEM=1",
			      (char *)"GIT_CONFIG_GLOBAL=/dev/null",
			      (char *)"GIT_NO_REPLACE_OBJECTS=1",
			      (char *)"GIT_GRAFT_FILE=/dev/null",
			      (char *)"GIT_ALLOW_PROTOCOL=none",
			      (char *)"GIT_NO_LAZY_FETCH=1",
			      (char *)"GIT_CONFIG_COUNT=2",
			      (char *)"GIT_CONFIG_KEY_0=safe.directory",
			      (char *)"GIT_CONFIG_VALUE_0=*",
			      (char *)"GIT_CONFIG_KEY_1=core.commitGraph",
			      (char *)"GIT_CONFIG_VALUE_1=false",
			      dir,
			      NULL};
	if (path.err || without.err || pipe2(out, O_CLOEXEC))
		return -1;
	int err = git_ancestor_spawn(cwd, argv, envp, out[1]);
	close(out[1]);
	if (!err)
		result = git_ancestor_read(out[0]);
	close(out[0]);
	return result;
}

int git_ancestor(pid_t pid, const char *before, const char *after)
{
	cleanup_strbuf struct strbuf dir = {0};
	char *cwd = pid ? proc_link(pid, "cwd") : NULL;
	if (cwd)
		git_ancestor_put_dir(pid, &dir);
	int result = cwd && !dir.err ? git_ancestor_count(cwd, dir.s, before, after) : -1;
	free(cwd);
	return result;
}
