/* SPDX-License-Identifier: BSD-2-Clause */
/* paths.c - finds Gate's installed files and the user's configuration directory. */
#include "base/paths.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char paths[GATE_PATH_COUNT][PATH_MAX];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Put the directory of the file that contains `code` into buf; "" when it is unknown. */
static void paths_own_dir(const void *code, char *buf)
{
	Dl_info info;
	buf[0] = '\0';
	if (!dladdr(code, &info) || !info.dli_fname || !realpath(info.dli_fname, buf))
		return;
	char *slash = strrchr(buf, '/');
	*slash = '\0';
}

/* The length of the staging prefix: 0 when installed, that of "/stage" under DESTDIR=/stage. */
static size_t paths_offset_of(const char *dir)
{
	static const char *const homes[] = {GATE_PKGLIBDIR, GATE_LIBDIR, GATE_BINDIR};
	size_t len = strlen(dir);
	for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
		size_t tail = strlen(homes[i]);
		if (len >= tail && !strcmp(dir + len - tail, homes[i]))
			return len - tail;
	}
	return 0;
}

/* A session keeps the interposer that it starts with, so its path is that of the file, not of the link to the current
 * one, which an installation changes.  gate-standin lies beside it. */
static void paths_resolve_interposer(void)
{
	char file[PATH_MAX];
	if (!realpath(paths[GATE_PATH_PRELOAD], file))
		return;
	strcpy(paths[GATE_PATH_PRELOAD], file);
	*strrchr(file, '/') = '\0';
	if ((size_t)snprintf(paths[GATE_PATH_STANDIN], PATH_MAX, "%s/gate-standin", file) >= PATH_MAX)
		paths[GATE_PATH_STANDIN][0] = '\0';
}

static void paths_compute(void)
{
	static const char *const configured[GATE_PATH_COUNT] = {
		[GATE_PATH_ETC_SERVICES] = GATE_ETC_SERVICES,
		[GATE_PATH_LIB_SERVICES] = GATE_LIB_SERVICES,
		[GATE_PATH_LIB_RULES] = GATE_LIB_RULES,
		[GATE_PATH_ETC_RULES] = GATE_ETC_RULES,
		[GATE_PATH_CONF] = GATE_CONF,
		[GATE_PATH_MODULES] = GATE_MODULES,
		[GATE_PATH_PRELOAD] = GATE_LIBDIR "/libgate-preload.so",
		[GATE_PATH_STANDIN] = GATE_INTERPOSERS "/gate-standin",
		[GATE_PATH_GATE_NOTIFY] = GATE_LIBEXEC "/gate-notify",
		[GATE_PATH_GATESH] = GATE_BINDIR "/gatesh",
	};
	char dir[PATH_MAX];
	paths_own_dir((const void *)paths_compute, dir);
	for (int i = 0; i < GATE_PATH_COUNT; i++)
		snprintf(paths[i], sizeof paths[i], "%.*s%s", (int)paths_offset_of(dir), dir, configured[i]);
	paths_resolve_interposer();
}

const char *gate_path(enum gate_path which)
{
	pthread_once(&once, paths_compute);
	return which < GATE_PATH_COUNT ? paths[which] : NULL;
}

const char *gate_home(char *buf, unsigned long size)
{
	const char *home = getenv("HOME");
	struct passwd pw, *entry = NULL;
	if (home && *home == '/')
		return home;
	return !getpwuid_r(getuid(), &pw, buf, size, &entry) && entry && *entry->pw_dir == '/' ? entry->pw_dir : NULL;
}

int gate_path_user(char *buf, unsigned long size, const char *name)
{
	char entry[GATE_HOME_SIZE];
	const char *config = getenv("XDG_CONFIG_HOME"), *home;
	int n;
	if (config && *config == '/')
		n = snprintf(buf, size, "%s/gate%s%s", config, name ? "/" : "", name ? name : "");
	else if ((home = gate_home(entry, sizeof entry)))
		n = snprintf(buf, size, "%s/.config/gate%s%s", home, name ? "/" : "", name ? name : "");
	else
		return -ENOENT;
	return n < 0 || (unsigned long)n >= size ? -ENAMETOOLONG : 0;
}
