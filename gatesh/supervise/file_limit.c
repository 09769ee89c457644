/* SPDX-License-Identifier: BSD-2-Clause */
/* file_limit.c - remembers the limits that gatesh was started with. */
#include "supervise/file_limit.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

static struct {
	int resource;
	struct rlimit given;
	bool raised;
} limits[] = {{.resource = RLIMIT_NOFILE}, {.resource = RLIMIT_FSIZE}, {.resource = RLIMIT_AS}};

enum { LIMITS = sizeof limits / sizeof *limits };

static struct sigaction given_action;
static bool ignores;

void file_limit_raise(void)
{
	for (int i = 0; i < LIMITS; i++) {
		if (limits[i].raised || getrlimit(limits[i].resource, &limits[i].given))
			continue;
		const struct rlimit most = {limits[i].given.rlim_max, limits[i].given.rlim_max};
		limits[i].raised = !setrlimit(limits[i].resource, &most);
	}
	/* The hard limit may be low as well: then a write fails, and does not kill. */
	if (!ignores)
		ignores = !sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, &given_action);
}

void file_limit_restore(void)
{
	for (int i = 0; i < LIMITS; i++)
		if (limits[i].raised)
			setrlimit(limits[i].resource, &limits[i].given);
	if (ignores)
		sigaction(SIGXFSZ, &given_action, NULL);
}
