/* standin.c - gate-exec: stands in for a program that can't load the interposer (static, setuid).  By the time main()
 * runs, the interposer's constructor in this process has judged the target, named by GATE_TARGET: a path, or
 * fd:N[,cloexec]. Without GATE_TARGET it starts the first program of a session: gate-exec CMD [ARG ...]. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/base/standin.h"
#include "preload/base/sys.h"
#include "preload/standin/standin_filter.h"

enum { EXIT_REFUSED = 126, EXIT_NOT_FOUND = 127 };

static int standin_fail(const char *what, int err)
{
	fprintf(stderr, "gate: %s: %s\n", what, strerror(err));
	return err == ENOENT ? EXIT_NOT_FOUND : EXIT_REFUSED;
}

/* By the system call itself: an exec hook would only send us round again.  Returns what went wrong. */
static int standin_execute(const char *target, char **argv)
{
	char *end;
	if (strncmp(target, "fd:", 3))
		return (int)-sys_execve(target, argv, environ);
	long fd = strtol(target + 3, &end, 10);
	if (end == target + 3 || (*end && (strcmp(end, ",cloexec") || fcntl((int)fd, F_SETFD, FD_CLOEXEC))))
		return EBADF;
	return (int)-sys_execveat((int)fd, "", argv, environ, AT_EMPTY_PATH);
}

int main(int argc, char **argv)
{
	const char *value = getenv(NAME_TARGET);
	if (!value) {
		if (argc < 2) {
			fputs("usage: gate-exec COMMAND [ARG ...]\n", stderr);
			return EXIT_REFUSED;
		}
		execvp(argv[1], argv + 1);
		return standin_fail(argv[1], errno);
	}
	if (!gate_preload_judged_target || !gate_preload_judged_target()) {
		fprintf(stderr, "gate: %s: refused: gate-exec runs without its interposer; nothing was executed\n",
			value);
		return EXIT_REFUSED;
	}
	/* It will not load the interposer: the kernel has to tell what it does. */
	const char *session = getenv(NAME_SESSION);
	enum gate_preload_supervision what = session ? gate_preload_supervises() : SUPERVISION_NOTHING;
	int err = what ? standin_filter_install(session, what == SUPERVISION_CONNECTIONS) : 0;
	if (err)
		return standin_fail("the session can't supervise this program; nothing was executed", -err);
	char *target = strdup(value);
	if (!target || unsetenv(NAME_TARGET))
		return standin_fail("gate-exec", ENOMEM);
	return standin_fail(target, standin_execute(target, argv));
}
