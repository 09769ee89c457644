/* SPDX-License-Identifier: BSD-2-Clause */
/* read_file.c - reads a whole regular file into memory. */
#include "base/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int read_file(const char *path, size_t max, struct strbuf *out, struct stat *st)
{
	struct stat own;
	char buf[4096];
	size_t start = out->len;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err = 0;
	if (fd < 0)
		return -errno;
	st = st ? st : &own;
	if (fstat(fd, st))
		err = -errno;
	else if (!S_ISREG(st->st_mode))
		err = S_ISDIR(st->st_mode) ? -EISDIR : -EINVAL;
	while (!err && (n = read(fd, buf, sizeof buf)) > 0) {
		strbuf_put(out, buf, (size_t)n);
		err = out->len - start > max ? -EFBIG : out->err;
	}
	if (!err && n < 0)
		err = -errno;
	close(fd);
	return err;
}
