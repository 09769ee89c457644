/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.c - asks the kernel's seam, or without it the session's socket, whether there is a session. */
#include "seam/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "formats/seam.h"
#include "formats/session_names.h"
#include "preload/base/sys.h"

/* Where no session answers the request, the kernel answers ENOENT.  By a system call of its own: gatesh may run with the
 * library, which hooks syscall(2). */
static bool inside_has_seam(void)
{
	long fd = SYS(openat, AT_FDCWD, "", O_WRONLY | O_CLOEXEC, 0, SEAM_PAGE, SEAM_REQUEST);
	if (fd >= 0)
		close((int)fd);
	return fd != -ENOENT;
}

bool session_inside(void)
{
	const char *dir = getenv("GATE_SESSION");
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	if (dir && *dir && dir[strlen(dir) - 1] == *SEAM_MARK && inside_has_seam())
		return true;
	if (!dir ||
	    snprintf(addr.sun_path, sizeof addr.sun_path, "%s/%s", dir, GATE_SOCKET_NAME) >= (int)sizeof addr.sun_path)
		return false;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 && !connect(fd, (struct sockaddr *)&addr, sizeof addr);
	if (fd >= 0)
		close(fd);
	return alive;
}
