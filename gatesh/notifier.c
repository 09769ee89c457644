/* notifier.c - see notifier.h. */
#include "notifier.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "paths.h"

/* Where D-Bus clients look; nothing is started for them to find. */
static bool session_bus(void)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS"), *dir = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];
	if (address && *address)
		return true;
	return dir && snprintf(path, sizeof path, "%s/bus", dir) < (int)sizeof path && !access(path, F_OK);
}

bool notifier_possible(const struct notifier *n)
{
	if (n->pid)
		return true;
	return n->starts < NOTIFIER_STARTS_MAX && session_bus() && !access(gate_path(PATH_GATE_NOTIFY), X_OK);
}

/* This environment without what would gate it, should gatesh itself have been started from a gated process. */
static char **environment(void)
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

/* In a session of its own, so that the terminal's signals do not reach it; what GLib has to say is not for the person's
 * screen.  0 or a negative errno. */
static int spawn(struct notifier *n, int fd, char **envp)
{
	char *argv[] = {(char *)"gate-notify", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	err = posix_spawnattr_init(&attr);
	if (err) {
		posix_spawn_file_actions_destroy(&actions);
		return -err;
	}
	err = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	for (int out = STDOUT_FILENO; !err && out <= STDERR_FILENO; out++)
		err = posix_spawn_file_actions_addopen(&actions, out, "/dev/null", O_WRONLY, 0);
	if (!err)
		err = posix_spawnattr_setsigmask(&attr, n->mask);
	if (!err)
		err = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
	if (!err)
		err = posix_spawn(&n->pid, gate_path(PATH_GATE_NOTIFY), &actions, &attr, argv, envp);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		n->pid = 0;
	return -err;
}

int notifier_start(struct notifier *n)
{
	int ends[2];
	if (n->pid)
		return 0;
	n->starts++;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	char **envp = environment();
	int err = envp ? spawn(n, ends[1], envp) : -ENOMEM;
	free(envp);
	close(ends[1]);
	if (err)
		close(ends[0]);
	else
		err = answers_attach_desktop(n->answers, ends[0]);
	return err;
}
