/* SPDX-License-Identifier: BSD-2-Clause */
/* workspaces.c - resolves a session's workspaces, temporary directories and home. */
#include "ask/workspaces.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/paths.h"
#include "formats/image.h"

/* Where the person's tools keep caches, as gatesh's own environment says at the start.  A session's program can't add
 * any.  XDG Base Directory Specification; npm, pip, uv, Yarn, Go, ccache and sccache each name theirs. */
static const char *const workspaces_caches[] = {
	"XDG_CACHE_HOME",    "npm_config_cache", "NPM_CONFIG_CACHE", "PIP_CACHE_DIR", "UV_CACHE_DIR",
	"YARN_CACHE_FOLDER", "GOCACHE",          "GOMODCACHE",       "CCACHE_DIR",    "SCCACHE_DIR"};
static const char *const workspaces_temporaries[] = {"/tmp", "/var/tmp", "/dev/shm"};
enum {
	CACHES = sizeof workspaces_caches / sizeof *workspaces_caches,
	TEMPORARIES = sizeof workspaces_temporaries / sizeof *workspaces_temporaries,
};

/* Resolve the directory `dir`; allocated.  Returns NULL with errno set if it is not a directory. */
static char *workspaces_resolved(const char *dir)
{
	struct stat st;
	char *path = realpath(dir, NULL);
	if (path && (stat(path, &st) || !S_ISDIR(st.st_mode))) {
		free(path);
		errno = ENOTDIR;
		return NULL;
	}
	return path;
}

/* Add `path` to the list, which has room, unless it is there already.  Takes over `path`. */
static void workspaces_take(char **list, char *path)
{
	size_t n = 0;
	for (; list[n]; n++) {
		if (!strcmp(list[n], path)) {
			free(path);
			return;
		}
	}
	list[n] = path;
}

static int workspaces_find_workspaces(struct workspaces *p, char *const *more)
{
	size_t n = 0;
	while (more && more[n])
		n++;
	p->workspaces = calloc(n + 2, sizeof *p->workspaces);
	if (!p->workspaces)
		return -ENOMEM;
	char *here = workspaces_resolved(".");
	if (here)
		workspaces_take(p->workspaces, here);
	else if (errno != ENOENT) /* a removed one has no files to keep */
		fprintf(stderr, "gate: the current directory can't be a workspace: %m\n");
	for (size_t i = 0; i < n; i++) {
		char *dir = workspaces_resolved(more[i]);
		int err = -errno;
		if (!dir) {
			fprintf(stderr, "gate: %s can't be a workspace: %m\n", more[i]);
			return err;
		}
		workspaces_take(p->workspaces, dir);
	}
	return 0;
}

/* A variable may say anything, so it does not make a directory that holds the home temporary.  A workspace never is. */
static bool workspaces_is_temporary(const struct workspaces *p, const char *dir, bool told)
{
	if (!strcmp(dir, "/") || (told && p->home && gate_path_is_under(p->home, dir)))
		return false;
	for (char *const *w = p->workspaces; *w; w++)
		if (!strcmp(*w, dir))
			return false;
	return true;
}

/* A directory that a variable declares as a cache lies beside the home and the workspaces or below them. */
static bool workspaces_is_cache(const struct workspaces *p, const char *dir)
{
	if (!workspaces_is_temporary(p, dir, true))
		return false;
	for (char *const *w = p->workspaces; *w; w++)
		if (gate_path_is_under(*w, dir))
			return false;
	return true;
}

static void workspaces_find_one(struct workspaces *p, const char *told,
				bool (*fits)(const struct workspaces *, const char *))
{
	char *dir = told && *told == '/' ? workspaces_resolved(told) : NULL;
	if (dir && fits(p, dir))
		workspaces_take(p->temporary, dir);
	else
		free(dir);
}

static bool workspaces_fits_fixed(const struct workspaces *p, const char *dir)
{
	return workspaces_is_temporary(p, dir, false);
}

static bool workspaces_fits_told(const struct workspaces *p, const char *dir)
{
	return workspaces_is_temporary(p, dir, true);
}

static int workspaces_find_temporary(struct workspaces *p)
{
	p->temporary = calloc(TEMPORARIES + 1 + CACHES + 1, sizeof *p->temporary);
	if (!p->temporary)
		return -ENOMEM;
	for (size_t i = 0; i < TEMPORARIES; i++)
		workspaces_find_one(p, workspaces_temporaries[i], workspaces_fits_fixed);
	workspaces_find_one(p, getenv("TMPDIR"), workspaces_fits_told);
	for (size_t i = 0; i < CACHES; i++)
		workspaces_find_one(p, getenv(workspaces_caches[i]), workspaces_is_cache);
	return 0;
}

int workspaces_find(struct workspaces *p, char *const *more)
{
	char buf[GATE_HOME_SIZE];
	const char *home = gate_home(buf, sizeof buf);
	*p = (struct workspaces){0};
	/* Not the coarse clock: since Linux 6.13 (multigrain timestamps) a file's times may be ahead of that. */
	if (clock_gettime(CLOCK_REALTIME, &p->options.since))
		return -errno;
	if (home)
		p->home = workspaces_resolved(home);
	int err = workspaces_find_workspaces(p, more);
	if (!err)
		err = workspaces_find_temporary(p);
	if (err == -ENOMEM)
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(ENOMEM));
	if (err) {
		workspaces_free(p);
		return err;
	}
	p->options.workspaces = (const char *const *)p->workspaces;
	p->options.temporary = (const char *const *)p->temporary;
	p->options.home = p->home;
	return 0;
}

static void workspaces_free_list(char **list)
{
	for (char **s = list; s && *s; s++)
		free(*s);
	free(list);
}

void workspaces_free(struct workspaces *p)
{
	workspaces_free_list(p->workspaces);
	workspaces_free_list(p->temporary);
	free(p->home);
	*p = (struct workspaces){0};
}
