/* SPDX-License-Identifier: BSD-2-Clause */
/* file_limit.c - remembers the limit of open files that gatesh was started with. */
#include "supervise/file_limit.h"

#include <stdbool.h>
#include <sys/resource.h>

static struct rlimit given;
static bool raised;

void file_limit_raise(void)
{
	if (raised || getrlimit(RLIMIT_NOFILE, &given))
		return;
	const struct rlimit most = {given.rlim_max, given.rlim_max};
	raised = !setrlimit(RLIMIT_NOFILE, &most);
}

void file_limit_restore(void)
{
	if (raised)
		setrlimit(RLIMIT_NOFILE, &given);
}
