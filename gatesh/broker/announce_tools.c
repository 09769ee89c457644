/* SPDX-License-Identifier: BSD-2-Clause */
/* announce_tools.c - the secrets with a tool, and the files that are written for them. */
#include "broker/announce_tools.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int announce_file(const char *dir, const char *name, const struct strbuf *text, const char *variable)
{
	char path[PATH_MAX];
	if (text->err || snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
		return text->err ? text->err : -ENAMETOOLONG;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, text->s, text->len);
	close(fd);
	if (n != (ssize_t)text->len)
		return -EIO;
	return setenv(variable, path, 1) ? -errno : 0;
}

int broker_announce_tools(const struct broker *b, const char *dir)
{
	int err = 0;
	for (size_t i = 0; !err && i < b->nsecrets; i++) {
		const struct secret *s = &b->secrets[i];
		char address[128];
		snprintf(address, sizeof address, "http://127.0.0.1:%u/%s/%s", b->port, b->key, s->name);
		if (s->tool == SECRET_TOOL_AWS)
			err = announce_aws(address, dir);
		if (s->tool == SECRET_TOOL_KUBECTL)
			err = announce_kubectl(address, s->name, dir);
	}
	return err;
}
