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
static int inside_request(enum seam_request what)
{
	return (int)SYS(openat, AT_FDCWD, "", O_WRONLY | O_CLOEXEC, 0, what, SEAM_REQUEST);
}

static bool inside_has_seam(void)
{
	int fd = inside_request(SEAM_PAGE);
	if (fd >= 0)
		close(fd);
	return fd != -ENOENT;
}

/* Does the session's variable say that it holds the seam? */
static bool inside_is_marked(const char *dir)
{
	return dir && *dir && dir[strlen(dir) - 1] == *SEAM_MARK;
}

/* Connect to the socket of a session without the seam. */
static int inside_connect(const char *dir)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	if (!dir ||
	    snprintf(addr.sun_path, sizeof addr.sun_path, "%s/%s", dir, GATE_SOCKET_NAME) >= (int)sizeof addr.sun_path)
		return -ENOENT;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&addr, sizeof addr))
		return fd;
	int err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

bool session_inside(void)
{
	const char *dir = getenv("GATE_SESSION");
	if (inside_is_marked(dir) && inside_has_seam())
		return true;
	int fd = inside_connect(dir);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int session_channel(void)
{
	const char *dir = getenv("GATE_SESSION");
	int fd = inside_is_marked(dir) ? inside_request(SEAM_CHANNEL) : -ENOENT;
	return fd == -ENOENT ? inside_connect(dir) : fd;
}
