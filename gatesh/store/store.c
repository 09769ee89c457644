/* SPDX-License-Identifier: BSD-2-Clause */
/* store.c - finds the place for a store, makes it there, and checks that a store can be trusted. */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "store/store_internal.h"

bool store_under(const char *path, const char *top)
{
	size_t n = strlen(top);
	while (n && top[n - 1] == '/')
		n--;
	return !strncmp(path, top, n) && (!path[n] || path[n] == '/');
}

/* Returns 0 if the open directory belongs to this user alone.  Others who could only read it, after `chmod -R 755 ~`, have put
 * nothing there: it gets its mode back. */
static int store_check_own(int fd)
{
	struct stat st;
	if (fstat(fd, &st))
		return -errno;
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	return (st.st_mode & 07777) != 0700 && fchmod(fd, 0700) ? -errno : 0;
}

int store_directory(int dir, const char *name, bool make, bool *made)
{
	bool fresh = make && !mkdirat(dir, name, 0700);
	if (make && !fresh && errno != EEXIST)
		return -errno;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) /* a symbolic link, or not a directory */
		return errno == ELOOP || errno == ENOTDIR ? -EPERM : -errno;
	int err = fresh && fchmod(fd, 0700) ? -errno : store_check_own(fd);
	if (made)
		*made = fresh;
	if (!err)
		return fd;
	close(fd);
	return err;
}

int store_open(const char *path)
{
	return store_directory(AT_FDCWD, path, false, NULL);
}

const char *store_error(int err)
{
	if (err == -EPERM)
		return "not a directory of yours with mode 0700";
	return err == -EEXIST ? "is in use" : strerror(-err);
}

/* Make the journal and the objects directory in a store that is new or the registry's. */
static int store_furnish(int dir)
{
	int objects = store_directory(dir, STORE_OBJECTS_NAME, true, NULL);
	if (objects < 0)
		return objects;
	close(objects);
	int fd = openat(dir, STORE_JOURNAL_NAME, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Can a file be renamed from one directory to the other?  They must be on the same file system and the same mount. */
static bool store_same_mount(int a, int b)
{
	struct statx x, y;
	if (statx(a, "", AT_EMPTY_PATH, STATX_MNT_ID, &x) || statx(b, "", AT_EMPTY_PATH, STATX_MNT_ID, &y))
		return false;
	return x.stx_dev_major == y.stx_dev_major && x.stx_dev_minor == y.stx_dev_minor && x.stx_mnt_id == y.stx_mnt_id;
}

/* Does this error mean that the place can't hold a store and the next one is tried?  A place that is not ours is an
 * error instead. */
static bool store_next_place(int err)
{
	return err == -ENOENT || err == -EACCES || err == -EROFS || err == -EXDEV || err == -ENOSPC || err == -EDQUOT;
}

/* The search for a place for a workspace's store.  A place inside a workspace is only the last resort. */
struct search {
	const char *workspace;
	int fd; /* of the workspace */
	struct store_entry *e;
	char path[PATH_MAX]; /* the place tried last, which is the store's path if it was made */
};

static int store_set_path(struct search *s, const char *base, const char *holder)
{
	int n = snprintf(s->path, sizeof s->path, "%s%s%s/%s", strcmp(base, "/") ? base : "", holder ? "/" : "",
			 holder ? holder : "", s->e->name);
	return n < 0 || (size_t)n >= sizeof s->path ? -ENAMETOOLONG : 0;
}

/* Try HOLDER/NAME in the open directory `base`.  On failure, remove again anything made there. */
static int store_try_in(struct search *s, int base, const char *base_path, const char *holder)
{
	bool made = false, made_holder = false;
	int err = store_set_path(s, base_path, holder);
	if (err || !store_same_mount(base, s->fd))
		return err ? err : -EXDEV;
	int outer = store_directory(base, holder, true, &made_holder);
	int inner = outer < 0 ? outer : store_mark(outer);
	if (!inner)
		inner = store_directory(outer, s->e->name, true, &made);
	err = inner < 0 ? inner : made ? store_furnish(inner) : -EEXIST;
	if (err && made) {
		unlinkat(inner, STORE_JOURNAL_NAME, 0);
		unlinkat(inner, STORE_OBJECTS_NAME, AT_REMOVEDIR);
		unlinkat(outer, s->e->name, AT_REMOVEDIR);
	}
	if (err && made_holder) {
		store_unmark(outer);
		unlinkat(base, holder, AT_REMOVEDIR);
	}
	if (inner >= 0)
		close(inner);
	if (outer >= 0)
		close(outer);
	return err;
}

static bool store_in_workspace(const struct store_entry *e, const char *path)
{
	char **w = e->workspaces;
	while (*w && !store_under(path, *w))
		w++;
	return *w;
}

static int store_try_registry(struct search *s)
{
	int dir = store_open(s->e->dir);
	int err = dir < 0 ? dir : 0;
	snprintf(s->path, sizeof s->path, "%s", s->e->dir);
	if (!err && store_in_workspace(s->e, s->e->dir))
		err = -EXDEV;
	if (!err)
		err = store_same_mount(dir, s->fd) ? store_furnish(dir) : -EXDEV;
	if (dir >= 0)
		close(dir);
	return err;
}

/* Try the nearest directory above the workspace that belongs to this user. */
static int store_try_above(struct search *s)
{
	char base[PATH_MAX], holder[32];
	int err = -ENOENT;
	snprintf(holder, sizeof holder, ".gate-undo-%u", geteuid());
	snprintf(base, sizeof base, "%s", s->workspace);
	while (store_next_place(err) && strcmp(base, "/")) {
		struct stat st;
		char *slash = strrchr(base, '/');
		slash[slash == base] = '\0';
		err = -ENOENT;
		int dir = store_in_workspace(s->e, base) ? -1 : open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		if (!fstat(dir, &st) && st.st_uid == geteuid())
			err = store_try_in(s, dir, base, holder);
		close(dir);
	}
	return err;
}

static int store_try_named(struct search *s, const char *base, const char *holder)
{
	int dir = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = dir < 0 ? -errno : store_try_in(s, dir, base, holder);
	if (dir >= 0)
		close(dir);
	return err;
}

static int store_find_place(struct search *s)
{
	char holder[32];
	snprintf(holder, sizeof holder, "gate-%u", geteuid());
	int err = store_try_registry(s);
	if (store_next_place(err))
		err = store_try_above(s);
	if (store_next_place(err))
		err = store_try_named(s, "/var/tmp", holder);
	return store_next_place(err) ? store_try_named(s, s->workspace, ".gate-undo") : err;
}

/* Is there a store already on the workspace's mount, so that rename(2) works between them? */
static bool store_served(const struct store_entry *e, int workspace)
{
	bool found = false;
	for (char **p = e->stores; *p && !found; p++) {
		int fd = store_open(*p);
		found = fd >= 0 && store_same_mount(fd, workspace);
		if (fd >= 0)
			close(fd);
	}
	return found;
}

int store_place(struct store_entry *e, const char *workspace, struct strbuf *why)
{
	struct search s = {.workspace = workspace, .e = e};
	size_t n = 0;
	while (e->stores[n])
		n++;
	snprintf(s.path, sizeof s.path, "%s", workspace);
	s.fd = open(workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = s.fd < 0 ? -errno : 0;
	if (!err && store_served(e, s.fd)) {
		close(s.fd);
		return 0;
	}
	if (!err)
		err = n == STORE_COUNT_MAX ? -EMFILE : store_find_place(&s);
	if (!err && !(e->stores[n] = strdup(s.path)))
		err = -ENOMEM;
	if (s.fd >= 0)
		close(s.fd);
	if (err) {
		escape_put(why, s.path, strlen(s.path));
		strbuf_printf(why, ": %s", store_error(err));
	}
	return err;
}

void store_place_home(struct store_entry *e)
{
	size_t n = 0;
	struct search s = {.workspace = e->dir, .e = e};
	s.fd = store_open(e->dir);
	while (e->stores[n])
		n++;
	if (s.fd >= 0 && n < STORE_COUNT_MAX && !store_served(e, s.fd) && !store_try_registry(&s))
		e->stores[n] = strdup(e->dir); /* NULL: the list ends before it */
	if (s.fd >= 0)
		close(s.fd);
}
