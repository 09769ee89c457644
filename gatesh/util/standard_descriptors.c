/* SPDX-License-Identifier: BSD-2-Clause */
/* standard_descriptors.c - reserves descriptors 0 to 2, and replaces them. */
#include "util/standard_descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The access modes are the wrong way round.  open(2) takes the lowest free number, which is `fd`. */
int standard_descriptors_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == fd)
			continue;
		int err = -errno;
		fprintf(stderr, "gatesh: descriptors 0 to 2: some are closed, and /dev/null can't be opened: %s\n",
			strerror(-err));
		return err;
	}
	return 0;
}

void standard_descriptors_let_go(int last, bool keep_terminals)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = STDIN_FILENO; null >= 0 && fd <= last; fd++)
		if (!keep_terminals || !isatty(fd))
			dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}
