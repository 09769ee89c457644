/* SPDX-License-Identifier: BSD-2-Clause */
/* file_limit.h - gatesh's limit of open files.  Each open question takes a descriptor, and the usual limit, 1,024, is for
 * programs that use select(2).  gatesh raises its own to the hard limit; the session's programs get theirs back. */
#ifndef GATESH_SUPERVISE_FILE_LIMIT_H
#define GATESH_SUPERVISE_FILE_LIMIT_H

/* Main thread; harmless if it fails or is called again. */
void file_limit_raise(void);

/* In a child, before it executes a program of the session.  Async-signal-safe. */
void file_limit_restore(void);

#endif
