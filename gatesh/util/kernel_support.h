/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel_support.h - what newer kernels give to a session with the seam, and what it means to do without.  gatesh doctor and
 * the line at a session's start say the same.  SECURITY.md, "Where it runs", has the whole table. */
#ifndef GATESH_UTIL_KERNEL_SUPPORT_H
#define GATESH_UTIL_KERNEL_SUPPORT_H

#include <stdbool.h>

#include "base/strbuf.h"

enum kernel_part {
	KERNEL_WAIT_KILLABLE, /* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */
	KERNEL_SCOPES,        /* Landlock's, for signals and abstract sockets (ABI 6) */
	KERNEL_PARTS
};

struct kernel_support {
	bool has[KERNEL_PARTS];
};

/* Try this kernel: two system calls that change nothing. */
void kernel_support_probe(struct kernel_support *s);

/* The behaviour of a session without the part, as a sentence; and the release that came with it: "Linux 5.19".  Static storage. */
const char *kernel_support_without(enum kernel_part part);
const char *kernel_support_since(enum kernel_part part);

/* Append the line for a session's start, without a newline; nothing if nothing is missing. */
void kernel_support_say(const struct kernel_support *s, struct strbuf *out);

#endif
