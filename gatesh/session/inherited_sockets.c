/* SPDX-License-Identifier: BSD-2-Clause */
/* inherited_sockets.c - finds the connected sockets without FD_CLOEXEC among gatesh's descriptors and logs them. */
#include "session/inherited_sockets.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "formats/address.h"

static int inherited_option_of(int fd, int option)
{
	int value = 0;
	socklen_t len = sizeof value;
	return getsockopt(fd, SOL_SOCKET, option, &value, &len) ? 0 : value;
}

/* Log one socket; for a unix socket the path that its peer has bound. */
static void inherited_sockets_record(struct workers *w, int fd, const char *program)
{
	struct sockaddr_storage to;
	socklen_t len = sizeof to;
	struct gate_dest d;
	char cwd[PATH_MAX], real[PATH_MAX];
	if (getpeername(fd, (struct sockaddr *)&to, &len) || !gate_dest_of(&to, len, &d))
		return;
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event),
		.type = GATE_EVENT_CONNECT,
		.pid = getpid(),
		.uid = getuid(),
		.exe = program,
		.cwd = getcwd(cwd, sizeof cwd),
		.address = (const struct sockaddr *)&to,
		.address_len = len,
		.socket_type = inherited_option_of(fd, SO_TYPE),
		.socket_protocol = inherited_option_of(fd, SO_PROTOCOL),
	};
	if (d.family == AF_UNIX)
		ev.path = *d.path == '/' && realpath(d.path, real) ? real : d.path;
	job_record(w, &ev, JOB_INHERITED);
}

void inherited_record(struct workers *w, const char *program)
{
	DIR *dir = opendir("/proc/self/fd");
	for (const struct dirent *e; dir && (e = readdir(dir));) {
		char *end;
		long fd = strtol(e->d_name, &end, 10);
		int flags = *end || end == e->d_name ? -1 : fcntl((int)fd, F_GETFD);
		if (flags >= 0 && !(flags & FD_CLOEXEC))
			inherited_sockets_record(w, (int)fd, program);
	}
	if (dir)
		closedir(dir);
}
