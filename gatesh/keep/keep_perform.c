/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_perform.c - runs an undo command.  See keep_perform.h. */
#include "keep/keep_perform.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keep/keep_environment.h"

/* In the child. */
static _Noreturn void keep_perform_child(const struct keep_entry *e)
{
	char data[PATH_MAX];
	if (!keep_path(e, "data", data, sizeof data) || keep_environment_apply(e->record) ||
	    setenv("GATE_KEEP", data, 1) || setenv("GATE_KEEP_ID", e->id, 1) || chdir(keep_text(e, "cwd")))
		_exit(126);
	execl("/bin/sh", "sh", "-c", keep_text(e, "undo"), (char *)NULL);
	_exit(127);
}

int keep_perform(struct keep_entry *e)
{
	int status;
	pid_t pid = fork();
	if (!pid)
		keep_perform_child(e);
	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status))
		return 128 + WTERMSIG(status);
	if (!WEXITSTATUS(status) &&
	    !json_object_set_new(e->record, "undone", json_integer((json_int_t)time(NULL) * 1000)))
		keep_write(e);
	return WEXITSTATUS(status);
}
