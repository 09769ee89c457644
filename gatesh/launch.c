/* launch.c - see launch.h. */
#include "launch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "harden.h"

char **launch_environment(const char *preload, const char *dir)
{
	const char *others = getenv("LD_PRELOAD");
	size_t n = 0;
	while (environ[n])
		n++;
	if (others && !strncmp(others, preload, strlen(preload)))
		others = NULL; /* an outer session that ended left it */
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
	text += snprintf(text, size, "LD_PRELOAD=%s%s%s", preload, others && *others ? ":" : "", others ? others : "") + 1;
	envp[k++] = text;
	snprintf(text, size - (size_t)(text - envp[k - 2]), "GATE_SESSION=%s", dir);
	envp[k] = NULL;
	return envp;
}

static _Noreturn void fail(const char *what, const char *path, int err)
{
	char line[512];
	int n = snprintf(line, sizeof line, "gate: cannot %s %s: %s\n", what, path, strerrordesc_np(err));
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1) < 0)
		_exit(EXIT_REFUSED);
	_exit(err == ENOENT ? EXIT_NOT_FOUND : EXIT_REFUSED);
}

_Noreturn void launch_exec(const struct launch *l)
{
	if (l->cwd && chdir(l->cwd))
		fail("enter", l->cwd, errno);
	int err = l->harden ? harden_command() : 0;
	if (err)
		fail("confine", l->path, -err);
	if (sigprocmask(SIG_SETMASK, &l->mask, NULL))
		fail("unblock signals for", l->path, errno);
	execve(l->path, l->argv, l->envp);
	fail("run", l->path, errno);
}
