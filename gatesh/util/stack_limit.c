/* SPDX-License-Identifier: BSD-2-Clause */
/* stack_limit.c - refuses to start on a stack that is too small. */
#include "util/stack_limit.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>

/* Tried, all commands: with 96 KiB a session's threads crash, with 128 nothing does.  The rest is for paths and lists of
 * people who nest deeper. */
enum { STACK_LEAST = 256 << 10 };

int stack_limit_check(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= STACK_LEAST)
		return 0;
	fprintf(stderr, "gatesh: the stack is limited to %lu KiB, and gatesh needs %d: raise it (ulimit -s)\n",
		(unsigned long)limit.rlim_cur >> 10, STACK_LEAST >> 10);
	return -ENOMEM;
}
