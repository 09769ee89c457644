/* SPDX-License-Identifier: BSD-2-Clause */
/* tracee_walk.c - follows a path one component after the other.  See tracee_walk.h. */
#include "supervise/tracee_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "supervise/tracee.h"

enum { LINKS_MAX = 40 }; /* path_resolution(7) */

struct walk {
	pid_t tid;
	int root, at;        /* at: owned */
	char rest[PATH_MAX]; /* still to go */
	int links;
	bool follow;
};

/* Continue at `fd`, which the walk takes over. */
static int tracee_walk_move(struct walk *w, int fd)
{
	if (fd < 0)
		return -errno;
	close(w->at);
	w->at = fd;
	return 0;
}

static bool tracee_walk_in_proc(int fd)
{
	struct statfs fs;
	return !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

static bool tracee_walk_at_root(const struct walk *w)
{
	struct statx at, root;
	return !statx(w->at, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &at) &&
	       !statx(w->root, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &root) && at.stx_ino == root.stx_ino &&
	       at.stx_dev_major == root.stx_dev_major && at.stx_dev_minor == root.stx_dev_minor &&
	       at.stx_mnt_id == root.stx_mnt_id;
}

/* Cut the next component off the rest.  Returns whether it is the last one, with nothing behind it. */
static bool tracee_walk_next(struct walk *w, char name[NAME_MAX + 1])
{
	const char *p = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(p, "/");
	memcpy(name, p, n);
	name[n] = '\0';
	bool last = !p[n];
	memmove(w->rest, p + n, strlen(p + n) + 1);
	return last;
}

/* A link's text comes before what is left of the path. */
static int tracee_walk_put_link(struct walk *w, const char *text)
{
	size_t n = strlen(text), left = strlen(w->rest);
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	if (n + left >= sizeof w->rest)
		return -ENAMETOOLONG;
	memmove(w->rest + n, w->rest, left + 1);
	memcpy(w->rest, text, n);
	return *text == '/' ? tracee_walk_move(w, fcntl(w->root, F_DUPFD_CLOEXEC, 3)) : 0;
}

/* /proc/self and /proc/thread-self are links to whoever reads them. */
static bool tracee_walk_put_self(const struct walk *w, const char *name, char text[PATH_MAX])
{
	if (!strcmp(name, "self"))
		snprintf(text, PATH_MAX, "%d", (int)tracee_owner(w->tid).pid);
	else if (!strcmp(name, "thread-self"))
		snprintf(text, PATH_MAX, "%d/task/%d", (int)tracee_owner(w->tid).pid, (int)w->tid);
	else
		return false;
	return true;
}

/* Follow the link `fd`, which is `name` in the current directory. */
static int tracee_walk_link(struct walk *w, int fd, const char *name)
{
	char text[PATH_MAX];
	bool proc = tracee_walk_in_proc(fd);
	ssize_t n = readlinkat(fd, "", text, sizeof text - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	if (proc && tracee_walk_put_self(w, name, text))
		return tracee_walk_put_link(w, text);
	if (proc && (*text == '/' || strchr(text, ':'))) /* cwd, root, exe, fd/N: they lead to the file itself */
		return tracee_walk_move(w, openat(w->at, name, O_PATH | O_CLOEXEC));
	return tracee_walk_put_link(w, text);
}

static int tracee_walk_step(struct walk *w)
{
	char name[NAME_MAX + 1];
	struct stat st;
	if (strcspn(w->rest + strspn(w->rest, "/"), "/") > NAME_MAX)
		return -ENAMETOOLONG;
	bool last = tracee_walk_next(w, name);
	if (!*name || !strcmp(name, ".") || (!strcmp(name, "..") && tracee_walk_at_root(w)))
		return 0;
	int fd = openat(w->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !S_ISLNK(st.st_mode) || (last && !w->follow))
		return tracee_walk_move(w, fd);
	int err = tracee_walk_link(w, fd, name);
	close(fd);
	return err;
}

int tracee_walk(pid_t tid, int root, int start, const char *path, bool follow)
{
	struct walk w = {.tid = tid, .root = root, .follow = follow};
	if (strlen(path) >= sizeof w.rest)
		return -ENAMETOOLONG;
	strcpy(w.rest, path);
	w.at = fcntl(*path == '/' ? root : start, F_DUPFD_CLOEXEC, 3);
	int err = w.at < 0 ? -errno : 0;
	while (!err && *w.rest)
		err = tracee_walk_step(&w);
	if (err && w.at >= 0)
		close(w.at);
	return err ? err : w.at;
}
