/* fileops.h - what the parts of fileops share. */
#ifndef TESTS_FILEOPS_H
#define TESTS_FILEOPS_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The files for `many`, of each thread and of the signal handler. */
enum { UNTOUCHED = 4242, THREADS = 16, FILES = 50 };

/* One operation: its result, and errno, which success leaves alone. */
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

/* Type, mode, links, size and content of a name. */
void show(const char *name);

/* Threads, children, handlers, little stack, deep and vanished directories, chroot. */
void fileops_hard(void);

#endif
