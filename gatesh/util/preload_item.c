/* SPDX-License-Identifier: BSD-2-Clause */
/* preload_item.c - names the interposer so that a 32-bit loader finds a library of its own. */
#include "util/preload_item.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"

static char preload_item_text[PATH_MAX];
static pthread_once_t preload_item_once = PTHREAD_ONCE_INIT;

/* The loader of 32-bit programs, which are none without it. */
#if defined __x86_64__
#define PRELOAD_ITEM_LOADER "/lib/ld-linux.so.2"
#else
#define PRELOAD_ITEM_LOADER "/lib/ld-linux-armhf.so.3"
#endif

/* Does this process's loader find the library under the name?  With RTLD_NOLOAD it opens it, and loads nothing. */
static bool preload_item_is_found(const char *name)
{
	dlerror();
	void *loaded = dlopen(name, RTLD_LAZY | RTLD_NOLOAD); /* inside a session it is there */
	bool found = !dlerror();
	if (loaded)
		dlclose(loaded);
	return found;
}

static void preload_item_make(void)
{
	const char *path = gate_path(GATE_PATH_PRELOAD), *slash = strrchr(path, '/');
	int n = snprintf(preload_item_text, sizeof preload_item_text, "%.*s/$PLATFORM%s", (int)(slash - path), path,
			 slash);
	if (access(PRELOAD_ITEM_LOADER, X_OK) || (size_t)n >= sizeof preload_item_text ||
	    !preload_item_is_found(preload_item_text))
		strcpy(preload_item_text, path);
}

const char *preload_item(void)
{
	pthread_once(&preload_item_once, preload_item_make);
	return preload_item_text;
}

static bool preload_item_is(const char *name, const char *item, size_t n)
{
	return strlen(name) == n && !memcmp(name, item, n);
}

bool preload_item_is_ours(const char *item, size_t n)
{
	return preload_item_is(preload_item(), item, n) || preload_item_is(gate_path(GATE_PATH_PRELOAD), item, n);
}
