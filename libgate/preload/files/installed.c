/* SPDX-License-Identifier: BSD-2-Clause */
/* installed.c - finds the time of an install, and remembers that of the last node_modules. */
#include "preload/files/installed.h"

#include <stddef.h>

#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/file_judge.h"

#define INSTALLED_TREE "/node_modules/"
#define INSTALLED_MARK ".package-lock.json"
enum { INSTALLED_NEVER = -1 }; /* in place of seconds */

/* The bytes of the path up to the first node_modules, with its slash; 0 if there is none above the file. */
static size_t installed_tree(const char *path)
{
	for (const char *p = path; *p; p++) {
		const char *rest = *p == '/' ? text_after(p, INSTALLED_TREE) : NULL;
		if (rest)
			return (size_t)(rest - path);
	}
	return 0;
}

/* Is it the tree of the slot?  Then *at is the time. */
static bool installed_recall(const struct memory_install *i, const char *path, size_t n, struct statx_timestamp *at)
{
	uint64_t turn = slot_turn(&i->lock);
	if (n >= sizeof i->dir || i->n != n || __builtin_memcmp(i->dir, path, n))
		return false;
	at->tv_sec = i->sec, at->tv_nsec = i->nsec;
	return slot_still(&i->lock, turn);
}

static void installed_remember(struct memory_install *i, const char *path, size_t n, const struct statx_timestamp *at)
{
	if (n >= sizeof i->dir || !slot_take(&i->lock))
		return;
	__builtin_memcpy(i->dir, path, n);
	i->n = n;
	i->sec = at->tv_sec, i->nsec = at->tv_nsec;
	slot_release(&i->lock);
}

static void __attribute__((noinline)) installed_look(const char *path, size_t n, struct statx_timestamp *at)
{
	char mark[PATH_MAX + sizeof INSTALLED_MARK];
	struct statx st;
	*at = (struct statx_timestamp){.tv_sec = INSTALLED_NEVER};
	if (n >= PATH_MAX)
		return;
	__builtin_memcpy(mark, path, n);
	__builtin_memcpy(mark + n, INSTALLED_MARK, sizeof INSTALLED_MARK);
	if (!sys_statx(AT_FDCWD, mark, AT_SYMLINK_NOFOLLOW, &st) && (st.stx_mode & S_IFMT) == S_IFREG &&
	    !victim_is_new(&st))
		*at = st.stx_mtime;
}

bool installed_when(struct memory *m, const char *path, struct statx_timestamp *at)
{
	size_t n = installed_tree(path);
	if (!n)
		return false;
	if (!installed_recall(&m->install, path, n, at)) {
		installed_look(path, n, at);
		installed_remember(&m->install, path, n, at);
	}
	return at->tv_sec != INSTALLED_NEVER;
}

bool installed_is_changed(const struct statx *st, const struct statx_timestamp *at)
{
	unsigned type = st->stx_mode & S_IFMT;
	return (type == S_IFREG || type == S_IFLNK) &&
	       (st->stx_mtime.tv_sec > at->tv_sec ||
		(st->stx_mtime.tv_sec == at->tv_sec && st->stx_mtime.tv_nsec > at->tv_nsec));
}
