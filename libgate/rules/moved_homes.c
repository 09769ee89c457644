/* SPDX-License-Identifier: BSD-2-Clause */
/* moved_homes.c - a path of a file rule that lies in a directory which a variable may move (~/.config/gh/) also means the directory
 * where the variable of gatesh's own environment has moved it. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "formats/image.h"
#include "rules/rules_internal.h"

/* XDG Base Directory Specification; each tool's own manual for the others.  Only variables that hold one directory. */
static const struct moved_home {
	const char *variable, *usual; /* below the home */
} moved_homes[] = {
	{"XDG_CONFIG_HOME", "/.config/"},
	{"XDG_DATA_HOME", "/.local/share/"},
	{"XDG_STATE_HOME", "/.local/state/"},
	{"XDG_CACHE_HOME", "/.cache/"},
	{"AZURE_CONFIG_DIR", "/.azure/"},
	{"BUN_INSTALL", "/.bun/"},
	{"CARGO_HOME", "/.cargo/"},
	{"CLAUDE_CONFIG_DIR", "/.claude/"},
	{"CLOUDSDK_CONFIG", "/.config/gcloud/"},
	{"CODEX_HOME", "/.codex/"},
	{"COMPOSER_HOME", "/.composer/"},
	{"DOCKER_CONFIG", "/.docker/"},
	{"GH_CONFIG_DIR", "/.config/gh/"},
	{"GNUPGHOME", "/.gnupg/"},
	{"GOPATH", "/go/"},
	{"GRADLE_USER_HOME", "/.gradle/"},
	{"NVM_DIR", "/.nvm/"},
	{"PYENV_ROOT", "/.pyenv/"},
	{"RBENV_ROOT", "/.rbenv/"},
	{"RUSTUP_HOME", "/.rustup/"},
};

/* Is it a directory that a glob can begin with, and neither the usual one nor one that holds the home or the workspace?  A
 * variable may say anything, and rules give files up by such paths. */
static bool moved_homes_fits(const char *dir, const char *usual)
{
	char buf[GATE_HOME_SIZE], home[PATH_MAX], here[PATH_MAX];
	const char *told = gate_home(buf, sizeof buf);
	if (!strcmp(dir, "/") || dir[strcspn(dir, "*?[")] || !told || !realpath(told, home) ||
	    gate_path_is_under(home, dir))
		return false;
	size_t n = strlen(home);
	bool same =
		!strncmp(dir, home, n) && !strncmp(dir + n, usual, strlen(usual) - 1) && !dir[n + strlen(usual) - 1];
	return !same && (!realpath(".", here) || !gate_path_is_under(here, dir));
}

/* Add to a rule's globs those for `dir`.  Returns 0 or -ENOMEM. */
static int moved_homes_add(char ***globs, const char *usual, const char *dir)
{
	size_t n = 0, len = strlen(usual);
	while (*globs && (*globs)[n])
		n++;
	for (size_t i = 0, had = n; i < had; i++) {
		const char *glob = (*globs)[i];
		if (*glob != '~' || strncmp(glob + 1, usual, len))
			continue;
		char **more = reallocarray(*globs, n + 2, sizeof *more);
		if (!more)
			return -ENOMEM;
		*globs = more;
		more[n] = malloc(strlen(dir) + strlen(glob) - len + 1);
		if (!more[n])
			return -ENOMEM;
		stpcpy(stpcpy(more[n], dir), glob + len); /* from its last slash on */
		more[++n] = NULL;
	}
	return 0;
}

static int moved_homes_rule(struct rule *r, const char *usual, const char *dir)
{
	int err = r->events & RULE_FILE_EVENTS ? moved_homes_add(&r->paths, usual, dir) : 0;
	return err || !(r->events & RULE_FILE_EVENTS) ? err : moved_homes_add(&r->excepts, usual, dir);
}

int rules_add_moved_homes(struct ruleset *rs)
{
	char dir[PATH_MAX];
	int err = 0;
	for (size_t k = 0; k < sizeof moved_homes / sizeof *moved_homes; k++) {
		const char *told = getenv(moved_homes[k].variable);
		if (!told || *told != '/' || !realpath(told, dir) || !moved_homes_fits(dir, moved_homes[k].usual))
			continue;
		for (size_t i = 0; i < rs->n && !err; i++)
			err = moved_homes_rule(rs->rules[i], moved_homes[k].usual, dir);
	}
	return err;
}
