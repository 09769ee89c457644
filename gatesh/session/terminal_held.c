/* SPDX-License-Identifier: BSD-2-Clause */
/* terminal_held.c - looks at the mode of the inner terminal.  See terminal_held.h. */
#include "session/terminal_held.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>

static bool terminal_held_is_stderr(int master, pid_t pid)
{
	char name[64], path[64];
	struct stat inner, its;
	snprintf(path, sizeof path, "/proc/%d/fd/2", (int)pid);
	return !ptsname_r(master, name, sizeof name) && !stat(name, &inner) && !stat(path, &its) &&
	       S_ISCHR(its.st_mode) && its.st_rdev == inner.st_rdev;
}

bool terminal_held(struct relay *r, pid_t pid)
{
	struct termios mode;
	int master = r->inner.fd;
	if (r->inner_gone || master < 0 || !terminal_held_is_stderr(master, pid))
		return false;
	screen_sync(&r->screen);
	return r->screen.alternate || (!tcgetattr(master, &mode) && !(mode.c_lflag & (ICANON | ISIG)));
}
