/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_arguments.c - searches the pack directories of a session for the packs that a command line names. */
#include "lint/pack_arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory of packs that a session reads, and how it trusts it. */
struct location {
	char path[PATH_MAX];
	enum ruleset_trust trust;
};
enum { PLACES = 4 };

static size_t arguments_places(const struct policy_dirs *dirs, struct location out[PLACES])
{
	const char *parents[PLACES] = {dirs->rules[0], dirs->rules[1], dirs->user, dirs->project};
	size_t n = 0;
	for (size_t i = 0; i < PLACES; i++) {
		struct location *p = &out[n];
		int len =
			parents[i] ? snprintf(p->path, sizeof p->path, "%s%s", parents[i], i < 2 ? "" : "/rules") : -1;
		p->trust = i < 2 ? TRUST_SYSTEM : i == 2 ? TRUST_USER : TRUST_PROJECT;
		n += len > 0 && len < PATH_MAX;
	}
	return n;
}

bool pack_arguments_path(const struct policy_dirs *dirs, const char *arg, char path[PATH_MAX])
{
	struct location *at = calloc(PLACES, sizeof *at);
	size_t n = at && !strchr(arg, '/') ? arguments_places(dirs, at) : 0;
	bool found = strlen(arg) < PATH_MAX && !access(arg, F_OK);
	if (found)
		memcpy(path, arg, strlen(arg) + 1);
	for (size_t i = 0; i < n && !found; i++) {
		char pack[PATH_MAX];
		if (snprintf(pack, sizeof pack, "%s/%s/pack.rules", at[i].path, arg) < PATH_MAX && !access(pack, F_OK))
			found = snprintf(path, PATH_MAX, "%s/%s", at[i].path, arg) < PATH_MAX;
		else if (snprintf(path, PATH_MAX, "%s/%s.rules", at[i].path, arg) < PATH_MAX)
			found = !access(path, F_OK);
	}
	free(at);
	return found;
}

enum ruleset_trust pack_arguments_trust(const struct policy_dirs *dirs, const char *path)
{
	char real[PATH_MAX];
	const char *where = realpath(path, real) ? real : path;
	size_t n = dirs->user ? strlen(dirs->user) : 0;
	if (strstr(where, "/.gate/"))
		return TRUST_PROJECT;
	return n && !strncmp(where, dirs->user, n) && where[n] == '/' ? TRUST_USER : TRUST_SYSTEM;
}

int pack_arguments_installed(struct ruleset *installed, const struct policy_dirs *dirs)
{
	struct diag quiet = {0};
	struct location *at = calloc(PLACES, sizeof *at);
	if (!at)
		return -ENOMEM;
	size_t n = arguments_places(dirs, at);
	for (size_t i = 0; i < n; i++)
		if (at[i].trust != TRUST_PROJECT)
			ruleset_load(installed, at[i].path, at[i].trust, &quiet);
	free(at);
	return ruleset_finish(installed, &quiet) == -ENOMEM ? -ENOMEM : 0;
}

int pack_arguments_beside(struct ruleset *rs, struct ruleset *installed, const struct policy_dirs *dirs)
{
	bool needed = rs->nadjustments;
	for (size_t i = 0; i < rs->npacks; i++)
		needed |= rs->packs[i]->nneeds > 0;
	if (!needed)
		return 0;
	rs->beside = installed;
	return pack_arguments_installed(installed, dirs);
}
