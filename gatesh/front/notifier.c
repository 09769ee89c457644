/* SPDX-License-Identifier: BSD-2-Clause */
/* notifier.c - starts gate-notify on one end of a socket pair and attaches the other as the desktop's front end. */
#include "front/notifier.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/paths.h"
#include "util/spawn.h"

/* Looks where D-Bus clients look, and starts nothing. */
static bool notifier_session_bus(void)
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
	return n->starts < NOTIFIER_STARTS_MAX && notifier_session_bus() &&
	       !access(gate_path(GATE_PATH_GATE_NOTIFY), X_OK);
}

int notifier_start(struct notifier *n)
{
	int ends[2];
	const char *argv[] = {gate_path(GATE_PATH_GATE_NOTIFY), NULL};
	if (n->pid)
		return 0;
	n->starts++;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	int err = spawn_own((char *const *)argv, ends[1], n->mask, &n->pid);
	close(ends[1]);
	if (err)
		close(ends[0]);
	else
		err = front_server_attach_desktop(n->answers, ends[0]);
	return err;
}
