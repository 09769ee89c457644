/* SPDX-License-Identifier: BSD-2-Clause */
/* exit.h - the exit statuses that gatesh's commands share. */
#ifndef GATESH_UTIL_EXIT_H
#define GATESH_UTIL_EXIT_H

/* From sysexits(3) where it defines one; 0 to 3 are gatesh check's. */
enum {
	EXIT_ALLOW = 0,
	EXIT_DENY = 1,
	EXIT_NOBODY = 2,
	EXIT_DISMISSED = 3,
	EXIT_USAGE = 64,
	EXIT_SOFTWARE = 70,
	EXIT_IO = 74,
	EXIT_CONFIG = 78,
	EXIT_REFUSED = 126,
	EXIT_NOT_FOUND = 127,
};

#endif
