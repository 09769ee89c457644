/* SPDX-License-Identifier: BSD-2-Clause */
/* standard_descriptors.h - what gatesh does when it is started with descriptors 0 to 2 closed. */
#ifndef GATESH_UTIL_STANDARD_DESCRIPTORS_H
#define GATESH_UTIL_STANDARD_DESCRIPTORS_H

/* Open /dev/null on those of descriptors 0 to 2 that are closed, so that no socket, terminal or log of gatesh's gets such
 * a number, where messages would be written into it.  Reading and writing still fail with EBADF, as on a closed
 * descriptor, and lost output is reported.  Call it before anything else opens a file.  Returns 0, or a negative errno
 * that was reported on stderr. */
int standard_descriptors_open(void);

#endif
