/* SPDX-License-Identifier: BSD-2-Clause */
/* keepcalls.c - keeps files as gatesh does for a supervised program, and then makes that program's calls, all in one
 * process, so that crashat can stop it between the two.  Goes on after a call that is refused.
 *
 *   keepcalls CALL...    unlink PATH, rename PATH PATH, truncate PATH, open PATH */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"

/* The host of the acts.  Nobody can be asked. */
int ask_file(const struct victim *v, const char *unkept)
{
	fprintf(stderr, "keepcalls: refused: %s%s%s\n", v->path, unkept ? ": " : "", unkept ? unkept : "");
	return -EPERM;
}

int ask_file_fault(const char *what, int err)
{
	fprintf(stderr, "keepcalls: %s: %s\n", what, strerror(-err));
	return -EPERM;
}

const char *message_program_name(void)
{
	return "keepcalls";
}

void message_put(const char *what)
{
	fprintf(stderr, "keepcalls: %s\n", what);
}

void act_host_located(char *path)
{
}

struct act_actor act_actor(void)
{
	return (struct act_actor){SYS(getpid, 0, 0, 0, 0, 0, 0), SYS(getpgid, 0, 0, 0, 0, 0, 0)};
}

/* Returns how many arguments the call took.  The calls carry the cookie: this process stands for gatesh,
 * which lets them go on. */
static int keepcalls_one(char **a)
{
	long fd;
	if (!strcmp(a[0], "unlink") && a[1]) {
		if (!act_before_unlink(AT_FDCWD, a[1], 0))
			judged_unlinkat(AT_FDCWD, a[1], 0);
		return 2;
	}
	if (!strcmp(a[0], "rename") && a[1] && a[2]) {
		if (!act_before_rename(AT_FDCWD, a[1], AT_FDCWD, a[2], 0))
			judged_renameat2(AT_FDCWD, a[1], AT_FDCWD, a[2], 0);
		return 3;
	}
	if (!strcmp(a[0], "truncate") && a[1] && (fd = judged_openat(AT_FDCWD, a[1], O_WRONLY, 0)) >= 0) {
		if (!act_before_truncate((int)fd, 1))
			judged_ftruncate((int)fd, 1);
		sys_close((int)fd);
		return 2;
	}
	if (!strcmp(a[0], "open") && a[1] && (fd = sys_open(a[1], O_PATH)) >= 0) {
		if (!act_before_open((int)fd, "", O_WRONLY | O_TRUNC))
			judged_openat(AT_FDCWD, a[1], O_WRONLY | O_TRUNC, 0);
		return 2;
	}
	fprintf(stderr, "keepcalls: %s?\n", a[0]);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *dir = getenv("GATE_SESSION"), *what;
	int err = dir ? state_enter(dir, strlen(dir), &what) : -ENOENT;
	if (err)
		return fprintf(stderr, "keepcalls: no session: %s\n", strerror(-err)), 99;
	state.active = true;
	for (int at = 1; at < argc;)
		at += keepcalls_one(argv + at);
	return 0;
}
