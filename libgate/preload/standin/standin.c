/* SPDX-License-Identifier: BSD-2-Clause */
/* standin.c - gate-standin, which stands in for a program that can't load the interposer (static, setuid).  Before main()
 * runs, the interposer's constructor in this process judges the target that GATE_TARGET names: a path, or
 * fd:N[,cloexec].  Without GATE_TARGET, gate-standin starts the first program of a session: gate-standin CMD [ARG ...]. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/base/standin.h"

enum { EXIT_REFUSED = 126, EXIT_NOT_FOUND = 127 };

static int standin_fail(const char *what, int err)
{
	fprintf(stderr, "gate: %s: %s\n", what, strerror(err));
	return err == ENOENT ? EXIT_NOT_FOUND : EXIT_REFUSED;
}

static int standin_first_fails(const char *program, int err)
{
	if (err != ENOENT || strchr(program, '/'))
		return standin_fail(program, err);
	fprintf(stderr, "gate: %s: no such program in PATH\n", program);
	return EXIT_NOT_FOUND;
}

/* By the interposer, which has judged the target: its exec hook would start gate-standin again, and a call of this program's
 * own would be judged a second time.  Returns the errno. */
static int standin_execute(const char *target, char **argv)
{
	char *end;
	if (strncmp(target, "fd:", 3))
		return (int)-gate_preload_execute_target(AT_FDCWD, target, argv, environ, 0);
	long fd = strtol(target + 3, &end, 10);
	if (end == target + 3 || (*end && (strcmp(end, ",cloexec") || fcntl((int)fd, F_SETFD, FD_CLOEXEC))))
		return EBADF;
	return (int)-gate_preload_execute_target((int)fd, "", argv, environ, AT_EMPTY_PATH);
}

int main(int argc, char **argv)
{
	const char *value = getenv(NAME_TARGET);
	if (!value && argc < 2) {
		fputs("usage: gate-standin COMMAND [ARG ...]\n", stderr);
		return EXIT_REFUSED;
	}
	if (!gate_preload_judged_target || !gate_preload_execute_target || (value && !gate_preload_judged_target())) {
		fprintf(stderr, "gate: %s: refused: gate-standin runs without the interposer; nothing was executed\n",
			value ? value : argv[1]);
		return EXIT_REFUSED;
	}
	if (!value) {
		execvp(argv[1], argv + 1);
		return standin_first_fails(argv[1], errno);
	}
	char *target = strdup(value);
	if (!target || unsetenv(NAME_TARGET))
		return standin_fail("gate-standin", ENOMEM);
	return standin_fail(target, standin_execute(target, argv));
}
