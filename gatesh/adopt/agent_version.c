/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_version.c - which version of an agent is installed, without starting it.  See agents.h.
 *
 * All six are packages of npm: the program in PATH leads to a file of the package, and the nearest package.json above it that has
 * a version is the package's own. */
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "adopt/agents.h"
#include "adopt/shim.h"

enum { AGENT_VERSION_STEPS = 4 }; /* folders of a package between its program and its package.json */

/* Copy the version that `file`, a package.json, states.  A version is printed, so it may have no other characters than semver's. */
static bool agent_version_read(const char *file, char *buf, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+";
	json_t *package = json_load_file(file, 0, NULL);
	const char *version = json_string_value(json_object_get(package, "version"));
	bool good = version && *version && strlen(version) < size && !version[strspn(version, plain)];
	if (good)
		strcpy(buf, version);
	json_decref(package);
	return good;
}

bool agent_version(const struct agent *a, char *buf, size_t size)
{
	static const char name[] = "/package.json";
	char program[PATH_MAX], path[PATH_MAX + sizeof name];
	if (!shim_find_program(a->program, program, sizeof program) || !realpath(program, path))
		return false;
	for (int i = 0; i < AGENT_VERSION_STEPS; i++) {
		char *slash = strrchr(path, '/');
		if (!slash || slash == path)
			return false;
		strcpy(slash, name);
		if (agent_version_read(path, buf, size))
			return true;
		*slash = '\0';
	}
	return false;
}
