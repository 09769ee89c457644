/* SPDX-License-Identifier: BSD-2-Clause */
/* file_limit.h - gatesh's limits of open files, of the size of a file and of memory.  Each open question takes a
 * descriptor, and the usual limit, 1,024, is for programs that use select(2).  gatesh keeps files for programs that may not
 * write them (ulimit -f).  gatesh raises its own limits to the hard ones; the session's programs get theirs back. */
#ifndef GATESH_SUPERVISE_FILE_LIMIT_H
#define GATESH_SUPERVISE_FILE_LIMIT_H

/* Main thread; harmless if it fails or is called again.  Also ignores SIGXFSZ. */
void file_limit_raise(void);

/* In a child, before it executes a program of the session.  Async-signal-safe. */
void file_limit_restore(void);

#endif
