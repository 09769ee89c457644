/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_attributes.c - restores a STORE_OP_ATTRIBUTES record. */
#include "undo/undo_attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/store_attributes.h"

static int undo_attributes_open(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The owner first: chown(2) clears mode bits.  The mode twice: without read permission nothing else can be set, and an
 * access control list that goes leaves its mask in the mode. */
static int undo_attributes_put(int dir, const char *name, int objects, const struct store_put_record *r,
			       const struct stat *st)
{
	bool owned = st->st_uid == r->uid && st->st_gid == r->gid;
	if (!owned && fchownat(dir, name, r->uid, r->gid, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (fchmodat(dir, name, (r->mode & 07777) | S_IRUSR, AT_SYMLINK_NOFOLLOW))
		return -errno;
	int fd = r->id ? undo_attributes_open(dir, name) : -1;
	int object = fd >= 0 ? undo_attributes_open(objects, r->id) : -1;
	int err = !r->id ? 0 : fd < 0 ? fd : object < 0 ? object : store_attributes_put(object, fd);
	if (object >= 0)
		close(object);
	if (fd >= 0)
		close(fd);
	if (fchmodat(dir, name, r->mode & 07777, AT_SYMLINK_NOFOLLOW) && !err)
		err = -errno;
	return err;
}

int undo_attributes(struct undo_keep *u, int dir, const char *name, int objects, const struct store_put_record *r,
		    bool placed)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	bool same = st.st_dev == r->dev && st.st_ino == r->ino;
	if ((!same && !placed) || S_ISLNK(st.st_mode))
		return 0;
	undo_keep_attributes(u, dir, name, &st, r->path);
	int err = undo_attributes_put(dir, name, objects, r, &st);
	if (!err && r->id && unlinkat(objects, r->id, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0))
		err = -errno;
	return err;
}
