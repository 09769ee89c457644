/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_restore.c - carries out the items of an undo plan.  Every act is on a name in a directory that pathwalk has just
 * reached, so that a move or a symbolic link made meanwhile can't lead it elsewhere. */
#include "undo/undo_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "undo/undo_attributes.h"
#include "undo/undo_dirs.h"
#include "undo/undo_names.h"
#include "util/file_copy.h"
#include "util/pathwalk.h"

#define TEMPORARY ".gate-undo-" /* prefix of objects being made next to their destination */

/* The item being carried out. */
struct act {
	const struct undo_item *i;
	struct undo_keep *u;
	int dir; /* the destination: `name` in this directory */
	const char *name;
	int objects; /* the directory of its store's objects, if it has an object */
	struct undo_kept aside;
	bool newer; /* something newer was kept */
};

/* Does another name, possibly one that is yet to be restored, or another process refer to the file?  Then its inode
 * must stay the same.  A write lease is granted only for a file that nobody else has open (fcntl(2)). */
static bool undo_restore_held(int fd, const struct stat *st, const struct store_put_record *r,
			      const struct undo_names *names)
{
	if (st->st_nlink > 1 || r->nlink > 1 || undo_names_had(names, r))
		return true;
	if (fcntl(fd, F_SETLEASE, F_WRLCK))
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

/* Copy the kept content into the overwritten file.  Returns 1 if that is done, 0 if the inode need not stay the same,
 * or a negative errno. */
static int undo_restore_put_in_place(struct act *a, const struct undo_names *names)
{
	const struct store_put_record *r = a->i->k->r;
	struct stat st;
	if (r->op != STORE_OP_OVERWRITTEN && r->op != STORE_OP_WRITTEN)
		return 0;
	int fd = openat(a->dir, a->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return 0;
	int err = 0;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_dev != r->dev || st.st_ino != r->ino ||
	    !undo_restore_held(fd, &st, r, names)) {
		close(fd);
		return 0;
	}
	int object = openat(a->objects, r->id, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (object < 0)
		err = -errno;
	if (!err)
		err = undo_keep_content(a->u, a->dir, a->name, a->i->path);
	a->newer = !err;
	if (!err)
		err = file_copy_content(object, fd);
	if (!err)
		err = file_copy_attributes(object, fd);
	if (!err && unlinkat(a->objects, r->id, 0))
		err = -errno;
	if (object >= 0)
		close(object);
	close(fd);
	return err ? err : 1;
}

/* Move the object, `from` in `objects`, to its name, which is free.  Anything that appears there meanwhile stays. */
static int undo_restore_name_it(int objects, const char *from, const struct act *a)
{
	if (!renameat2(objects, from, a->dir, a->name, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (linkat(objects, from, a->dir, a->name, 0))
		return -errno;
	return unlinkat(objects, from, 0) ? -errno : 0;
}

/* As undo_restore_name_it(), but keeps and replaces what has the name now. */
static int undo_restore_replace(int objects, const char *from, struct act *a)
{
	struct stat st;
	/* rename(2) does not replace a file by a directory */
	bool stay = !fstatat(objects, from, &st, AT_SYMLINK_NOFOLLOW) && !S_ISDIR(st.st_mode);
	int err = undo_keep_aside(a->u, a->dir, a->name, a->i->path, stay, &a->aside);
	if (err)
		return err;
	a->newer = true;
	if (a->aside.moved)
		err = undo_restore_name_it(objects, from, a);
	else if (renameat(objects, from, a->dir, a->name))
		err = -errno;
	if (err)
		undo_keep_revert(&a->aside, a->dir, a->name);
	return err;
}

/* If the name is free, note the act and take the name.  If it is not, or no longer, replace what is there. */
static int undo_restore_settle(int objects, const char *from, struct act *a)
{
	struct stat st, there;
	if (fstatat(objects, from, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	int err = -EEXIST;
	if (fstatat(a->dir, a->name, &there, AT_SYMLINK_NOFOLLOW)) {
		undo_keep_note(a->u, STORE_OP_RESTORED, &st, a->i->path, NULL);
		err = undo_restore_name_it(objects, from, a);
	}
	return err == -EEXIST ? undo_restore_replace(objects, from, a) : err;
}

/* For an object on another file system: copy it next to its destination first. */
static int undo_restore_settle_copy(struct act *a)
{
	const char *id = a->i->k->r->id;
	char name[STORE_ID_MAX + sizeof TEMPORARY];
	snprintf(name, sizeof name, TEMPORARY "%s", id);
	unlinkat(a->dir, name, 0); /* left by an undo that crashed */
	int err = file_copy(a->objects, id, a->dir, name);
	if (err)
		return err;
	err = undo_restore_settle(a->dir, name, a);
	if (err)
		unlinkat(a->dir, name, 0);
	else if (unlinkat(a->objects, id, 0))
		err = -errno;
	return err;
}

/* Link it directly to its name, which must be free: anything there now is kept and moved away first. */
static int undo_restore_link_name(struct act *a, struct undo_names *names)
{
	const struct store_put_record *r = a->i->k->r;
	struct stat there, st = {.st_dev = r->dev,
				 .st_ino = r->ino,
				 .st_mode = r->mode,
				 .st_nlink = r->nlink,
				 .st_uid = r->uid,
				 .st_gid = r->gid,
				 .st_size = r->size,
				 .st_mtim = r->mtime};
	if (!fstatat(a->dir, a->name, &there, AT_SYMLINK_NOFOLLOW)) {
		int err = undo_keep_aside(a->u, a->dir, a->name, a->i->path, false, &a->aside);
		if (err)
			return err;
		a->newer = true;
	}
	undo_keep_note(a->u, STORE_OP_RESTORED, &st, a->i->path, NULL);
	int err = undo_names_link(names, a->i, a->dir, a->name);
	if (err)
		undo_keep_revert(&a->aside, a->dir, a->name);
	return err;
}

/* Another name of the overwritten file comes back as well, or is still there: they are one file again, so that the other one gets
 * the content, too. */
static int undo_restore_join(struct act *a, struct undo_names *names)
{
	const struct store_put_record *r = a->i->k->r;
	enum store_op op = r->op;
	struct stat st;
	if ((op != STORE_OP_OVERWRITTEN && op != STORE_OP_WRITTEN) ||
	    (!undo_names_shares(names, a->i) && !undo_names_had(names, r)) ||
	    (!fstatat(a->dir, a->name, &st, AT_SYMLINK_NOFOLLOW) && st.st_dev == r->dev && st.st_ino == r->ino))
		return 0;
	int err = undo_restore_link_name(a, names);
	return err == -ENOENT ? 0 : err; /* gone: the copy is all there is */
}

static int undo_restore_put(struct act *a, struct undo_names *names)
{
	int err = undo_restore_join(a, names);
	if (!err && undo_names_has_earlier(names, a->i, a->dir, a->name))
		return 0;
	if (!err)
		err = undo_restore_put_in_place(a, names);
	if (err)
		return err < 0 ? err : 0;
	err = undo_restore_settle(a->objects, a->i->k->r->id, a);
	return err == -EXDEV ? undo_restore_settle_copy(a) : err;
}

/* Remove and keep what an undo put there; a directory only if it is empty. */
static int undo_restore_take_away(struct act *a)
{
	const struct store_put_record *r = a->i->k->r;
	struct stat st;
	if (fstatat(a->dir, a->name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (st.st_dev != r->dev || st.st_ino != r->ino)
		return -ESTALE;
	if (!S_ISDIR(st.st_mode))
		return undo_keep_aside(a->u, a->dir, a->name, a->i->path, false, &a->aside);
	undo_keep_note(a->u, STORE_OP_DIRECTORY, &st, a->i->path, NULL);
	return unlinkat(a->dir, a->name, AT_REMOVEDIR) ? -errno : 0;
}

/* Move it back to its old path, which is free.  What the session made there meanwhile is kept if this one was in the way. */
static int undo_restore_move(struct act *a)
{
	struct stat st, there;
	const char *name;
	int from = pathwalk_parent(a->i->from, &name);
	int err = from < 0 ? from : fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
	if (!err && (a->i->act != UNDO_ASIDE || a->i->from == a->i->k->r->other) &&
	    (st.st_dev != a->i->k->r->dev || st.st_ino != a->i->k->r->ino))
		err = -ESTALE;
	if (!err && a->i->act == UNDO_ASIDE && !fstatat(a->dir, a->name, &there, AT_SYMLINK_NOFOLLOW)) {
		err = undo_keep_aside(a->u, a->dir, a->name, a->i->path, false, &a->aside);
		a->newer = !err;
	}
	if (!err)
		undo_keep_note(a->u, STORE_OP_MOVED, &st, a->i->from, a->i->path);
	if (!err && renameat2(from, name, a->dir, a->name, RENAME_NOREPLACE)) {
		err = -errno;
		undo_keep_revert(&a->aside, a->dir, a->name);
	}
	if (from >= 0)
		close(from);
	return err;
}

/* An exchange has two records; the first one that is carried out takes both back. */
static int undo_restore_exchange(struct act *a)
{
	const struct store_put_record *r = a->i->k->r;
	struct stat here, there;
	const char *name;
	if (fstatat(a->dir, a->name, &here, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? undo_restore_move(a) : -errno;
	if (here.st_dev == r->dev && here.st_ino == r->ino)
		return 0;
	int from = pathwalk_parent(a->i->from, &name);
	int err = from < 0 ? from : fstatat(from, name, &there, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
	if (!err && (there.st_dev != r->dev || there.st_ino != r->ino))
		err = -ESTALE;
	if (!err)
		undo_keep_note(a->u, STORE_OP_EXCHANGED, &there, a->i->from, a->i->path);
	if (!err && renameat2(from, name, a->dir, a->name, RENAME_EXCHANGE))
		err = -errno;
	if (from >= 0)
		close(from);
	return err;
}

/* Complete it under a temporary name first.  That name is always the same, so the next undo removes one that a crash
 * left.  A directory that is there by now, as one made for what was moved back, stays with all that is in it. */
static int undo_restore_make_directory(struct act *a)
{
	static const char temporary[] = TEMPORARY "directory";
	struct stat st;
	if (!fstatat(a->dir, a->name, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode))
		return 0;
	unlinkat(a->dir, temporary, AT_REMOVEDIR);
	int err = undo_dirs_make(a->dir, temporary, a->i->k->r);
	if (err)
		return err;
	err = undo_restore_settle(a->dir, temporary, a);
	if (err)
		unlinkat(a->dir, temporary, AT_REMOVEDIR);
	return err;
}

static int undo_restore_carry_out(struct act *a, struct undo_names *names)
{
	switch (a->i->act) {
	case UNDO_REMOVE: return undo_restore_take_away(a);
	case UNDO_OPEN:
	case UNDO_ATTRIBUTES: return undo_attributes(a->u, a->dir, a->name, a->objects, a->i->k->r, a->i->placed);
	case UNDO_EXCHANGE: return undo_restore_exchange(a);
	case UNDO_AWAY: return undo_keep_aside(a->u, a->dir, a->name, a->i->path, false, &a->aside);
	case UNDO_MKDIR: return undo_restore_make_directory(a);
	case UNDO_PUT: return undo_restore_put(a, names);
	case UNDO_LINK: return undo_restore_link_name(a, names);
	default: return undo_restore_move(a);
	}
}

/* The objects directory opened last, which is usually the next item's as well. */
struct source {
	const char *store;
	int fd;
};

static int undo_restore_open_objects(struct source *s, const struct store_records *k)
{
	if (!k->r->id || s->store == k->store)
		return 0;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = records_objects(k->store);
	s->store = s->fd < 0 ? NULL : k->store;
	return s->fd < 0 ? s->fd : 0;
}

/* Is the act about what is at the path, so that no directory above it is made? */
static bool undo_restore_finds(enum undo_act act)
{
	return act == UNDO_REMOVE || act == UNDO_AWAY || act == UNDO_OPEN || act == UNDO_ATTRIBUTES;
}

static int undo_restore_restore(const struct undo_item *i, const struct kept_list *l, struct undo_keep *u,
				struct undo_names *names, struct source *from, struct undo_result *result)
{
	struct act a = {.i = i, .u = u, .dir = -1};
	int err = undo_restore_open_objects(from, i->k);
	a.objects = from->fd;
	if (!err)
		a.dir = undo_restore_finds(i->act) ? pathwalk_parent(i->path, &a.name) :
						     undo_dirs_parent(u, l, i->k->session, i->path, &a.name);
	if (!err && a.dir < 0)
		err = a.dir;
	if (!err)
		err = undo_restore_carry_out(&a, names);
	if (a.dir >= 0)
		close(a.dir);
	result->newer += !err && a.newer;
	return err;
}

void undo_restore(const struct undo_plan *p, const struct kept_list *l, struct undo_keep *u, struct undo_result *result,
		  struct progress *progress, void (*tell)(const char *path, const char *why, void *data), void *data)
{
	struct undo_names names;
	struct source from = {.fd = -1};
	undo_names_open(&names, p, l);
	progress_phase(progress, "undo: restoring", p->n);
	for (size_t n = 0; n < p->n; n++) {
		const struct undo_item *i = &p->v[n];
		int err = i->cannot ? -ECANCELED : undo_restore_restore(i, l, u, &names, &from, result);
		result->done += !err;
		result->failed += err != 0;
		if (err)
			tell(i->path, i->cannot ? i->cannot : undo_error(err), data);
		progress_step(progress);
	}
	if (from.fd >= 0)
		close(from.fd);
	undo_dirs_times(p);
	undo_names_close(&names);
}
