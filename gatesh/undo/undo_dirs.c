/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_dirs.c - makes missing directories again, with the recorded owner, mode and times. */
#include "undo/undo_dirs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "undo/undo_origin.h"
#include "util/pathwalk.h"

int undo_dirs_make(int dir, const char *name, const struct store_put_record *r)
{
	if (mkdirat(dir, name, 0700))
		return -errno;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err = fd < 0 || fchown(fd, r->uid, r->gid) || fchmod(fd, r->mode & 07777) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	if (err)
		unlinkat(dir, name, AT_REMOVEDIR);
	return err;
}

/* The last record of this directory's removal, or NULL. */
static const struct store_put_record *undo_dirs_record_of(const struct kept_list *l, const char *path)
{
	for (size_t i = l->n; i-- > 0;)
		if (l->v[i].r->op == STORE_OP_DIRECTORY && undo_origin_was_at(&l->v[i], path, false))
			return l->v[i].r;
	return NULL;
}

/* Make one missing directory. */
static int undo_dirs_make_one(struct undo_keep *u, const struct kept_list *l, const char *path)
{
	const struct store_put_record *r = undo_dirs_record_of(l, path);
	const char *name;
	struct stat st;
	int dir = pathwalk_parent(path, &name);
	if (dir < 0)
		return dir;
	int err = r ? undo_dirs_make(dir, name, r) : mkdirat(dir, name, 0777) ? -errno : 0;
	if (!err && !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		undo_keep_note(u, STORE_OP_RESTORED, &st, path, NULL);
	close(dir);
	return err == -EEXIST ? 0 : err;
}

int undo_dirs_parent(struct undo_keep *u, const struct kept_list *l, const struct kept_session *s, const char *path,
		     const char **name)
{
	int dir = pathwalk_parent(path, name);
	if (dir != -ENOENT)
		return dir;
	char *above = strdup(path);
	int err = above ? 0 : -ENOMEM;
	for (char *p = above; !err && (p = strchr(p + 1, '/')); *p = '/') {
		struct stat st;
		*p = '\0';
		err = pathwalk_stat(above, &st);
		if (err == -ENOENT && (undo_in_workspace(s, above) || !undo_in_workspace(s, path)))
			err = undo_dirs_make_one(u, l, above);
	}
	free(above);
	return err && err != -ENOENT ? err : pathwalk_parent(path, name);
}

void undo_dirs_times(const struct undo_plan *p)
{
	for (size_t i = p->n; i-- > 0;) {
		const struct store_put_record *r = p->v[i].k->r;
		const char *name;
		int dir = p->v[i].act == UNDO_MKDIR && !p->v[i].cannot ? pathwalk_parent(p->v[i].path, &name) : -1;
		const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, r->mtime};
		if (dir < 0)
			continue;
		utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW); /* a failed restore was reported already */
		close(dir);
	}
}
