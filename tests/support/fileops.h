/* SPDX-License-Identifier: BSD-2-Clause */
/* fileops.h - the functions that the parts of fileops share. */
#ifndef TESTS_FILEOPS_H
#define TESTS_FILEOPS_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* UNTOUCHED: an errno that no call sets.  FILES: the files that each thread and the signal handler unlink in `many`. */
enum { UNTOUCHED = 4242, THREADS = 16, FILES = 50 };

/* Print one operation: its result, and errno, which success leaves alone. */
#define OP(call)                                                                                              \
	({                                                                                                    \
		errno = UNTOUCHED;                                                                            \
		long result_ = (long)(call);                                                                  \
		int errno_ = errno;                                                                           \
		printf("%s = %ld %s\n", #call, result_, errno_ == UNTOUCHED ? "-" : strerrorname_np(errno_)); \
		fflush(stdout);                                                                               \
		result_;                                                                                      \
	})

/* Make a file. */
void put(const char *name, const char *text);

/* Print the type, mode, links, size and content of a name. */
void show(const char *name);

/* Run operations in threads, children and handlers, on a small stack, in deep and vanished directories, and in a
 * chroot. */
void fileops_hard(void);

#endif
