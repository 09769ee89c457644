/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_keep.c - makes an undo's own stores, keeps objects in them and writes their journals. */
#include "undo/undo_keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "store/store_records.h"
#include "util/file_copy.h"

enum { NOTES_MANY = 10000 };

static int undo_keep_open_store(struct undo_store *s, const char *path)
{
	struct stat st;
	s->journal = -1;
	s->objects = records_objects(path);
	int dir = s->objects < 0 ? s->objects : store_open(path);
	if (dir < 0)
		return dir;
	s->journal = openat(dir, STORE_JOURNAL_NAME, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	int err = s->journal < 0 || fstat(dir, &st) ? -errno : 0;
	s->dev = err ? 0 : st.st_dev;
	close(dir);
	return err;
}

int undo_keep_open(struct undo_keep *u, enum store_kind kind, const char *const *workspaces, const char *command,
		   struct strbuf *why)
{
	unsigned char r[4];
	char name[STORE_NAME_MAX];
	*u = (struct undo_keep){0};
	if (getrandom(r, sizeof r, 0) != sizeof r)
		return -EIO;
	snprintf(name, sizeof name, "%02x%02x%02x%02x", r[0], r[1], r[2], r[3]);
	int err = store_create(&u->entry, name, kind, workspaces, "gatesh", command, why);
	while (!err && u->entry.stores[u->n]) {
		err = undo_keep_open_store(&u->s[u->n], u->entry.stores[u->n]);
		if (err)
			strbuf_printf(why, "%s", store_error(err));
		u->n++;
	}
	if (err && u->n)
		undo_keep_close(u);
	return err;
}

void undo_keep_close(struct undo_keep *u)
{
	for (size_t i = 0; i < u->n; i++) {
		if (u->s[i].journal >= 0)
			close(u->s[i].journal);
		if (u->s[i].objects >= 0)
			close(u->s[i].objects);
	}
	u->n = 0;
	/* Many notes can't all have come to nothing; reading them again would take as much memory as the undo did. */
	if (u->entry.dir && u->notes < NOTES_MANY)
		store_remove_empty(&u->entry);
	store_entry_clear(&u->entry);
}

/* The store on the file system `dev`, or else any store, to which objects are then copied. */
static const struct undo_store *undo_keep_store_for(const struct undo_keep *u, dev_t dev)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->s[i].dev == dev)
			return &u->s[i];
	return u->n ? &u->s[0] : NULL;
}

static int undo_keep_write_note(const struct undo_store *s, enum store_op op, const char *id, const struct stat *st,
				const char *path, const char *other)
{
	struct store_put_record r = {.op = op,
				     .id = (char *)id,
				     .mtime = st->st_mtim,
				     .pid = getpid(),
				     .pgid = getpgrp(),
				     .comm = (char *)"gatesh",
				     .uid = st->st_uid,
				     .gid = st->st_gid,
				     .mode = st->st_mode,
				     .size = st->st_size,
				     .nlink = st->st_nlink,
				     .dev = st->st_dev,
				     .ino = st->st_ino,
				     .path = (char *)path,
				     .other = (char *)other};
	clock_gettime(CLOCK_REALTIME, &r.time);
	return journal_append(s->journal, &r);
}

void undo_keep_note(struct undo_keep *u, enum store_op op, const struct stat *st, const char *path, const char *other)
{
	const struct undo_store *s = undo_keep_store_for(u, st->st_dev);
	if (!s || undo_keep_write_note(s, op, NULL, st, path, other))
		u->unnoted = true;
	else
		u->notes++;
}

static void undo_keep_new_id(struct undo_keep *u, char id[STORE_ID_MAX + 1])
{
	snprintf(id, STORE_ID_MAX + 1, "%x-%x", (unsigned)getpid(), ++u->count);
}

/* Copy the file to the id, completely or not at all. */
static int undo_keep_copy_object(int dir, const char *name, int objects, const char *id)
{
	char part[STORE_ID_MAX + sizeof STORE_PART_SUFFIX];
	snprintf(part, sizeof part, "%s%s", id, STORE_PART_SUFFIX);
	int err = file_copy(dir, name, objects, part);
	if (!err && renameat(objects, part, objects, id))
		err = -errno;
	if (err)
		unlinkat(objects, part, 0);
	return err;
}

int undo_keep_aside(struct undo_keep *u, int dir, const char *name, const char *path, bool stay, struct undo_kept *out)
{
	struct stat st;
	*out = (struct undo_kept){0};
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	const struct undo_store *s = undo_keep_store_for(u, st.st_dev);
	if (!s)
		return -EXDEV;
	undo_keep_new_id(u, out->id);
	out->store = s;
	bool here = s->dev == st.st_dev, directory = S_ISDIR(st.st_mode);
	int err = undo_keep_write_note(s, stay && !directory ? STORE_OP_REPLACED : STORE_OP_UNLINKED, out->id, &st,
				       path, NULL);
	if (err)
		return err;
	if (stay && !directory && here && !linkat(dir, name, s->objects, out->id, 0))
		return 0;
	if ((!stay || directory) && here && !renameat(dir, name, s->objects, out->id)) {
		out->moved = true;
		return 0;
	}
	if (directory)
		return errno ? -errno : -EXDEV;
	undo_keep_new_id(u, out->id);
	err = undo_keep_write_note(s, stay ? STORE_OP_REPLACED : STORE_OP_COPIED_AWAY, out->id, &st, path, NULL);
	if (!err)
		err = undo_keep_copy_object(dir, name, s->objects, out->id);
	if (!err && !stay && unlinkat(dir, name, 0))
		err = -errno;
	out->moved = !err && !stay;
	return err;
}

int undo_keep_content(struct undo_keep *u, int dir, const char *name, const char *path)
{
	struct stat st;
	char id[STORE_ID_MAX + 1];
	const struct undo_store *s =
		fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ? NULL : undo_keep_store_for(u, st.st_dev);
	if (!s)
		return -EXDEV;
	undo_keep_new_id(u, id);
	int err = undo_keep_write_note(s, STORE_OP_OVERWRITTEN, id, &st, path, NULL);
	return err ? err : undo_keep_copy_object(dir, name, s->objects, id);
}

/* An empty object with the attributes of an open file. */
static int undo_keep_put_attributes(int fd, const struct stat *st, int objects, const char *id)
{
	bool directory = S_ISDIR(st->st_mode);
	if (directory && mkdirat(objects, id, 0700))
		return -errno;
	int to =
		openat(objects, id, directory ? O_RDONLY | O_DIRECTORY : O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int err = to < 0 ? -errno : file_copy_attributes(fd, to);
	if (to >= 0)
		close(to);
	if (err)
		unlinkat(objects, id, directory ? AT_REMOVEDIR : 0);
	return err;
}

void undo_keep_attributes(struct undo_keep *u, int dir, const char *name, const struct stat *st, const char *path)
{
	char id[STORE_ID_MAX + 1];
	const struct undo_store *s = undo_keep_store_for(u, st->st_dev);
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	undo_keep_new_id(u, id);
	bool whole = s && fd >= 0 && !undo_keep_write_note(s, STORE_OP_ATTRIBUTES, id, st, path, NULL) &&
		     !undo_keep_put_attributes(fd, st, s->objects, id);
	if (!whole)
		undo_keep_note(u, STORE_OP_ATTRIBUTES, st, path, NULL);
	if (fd >= 0)
		close(fd);
}

void undo_keep_revert(struct undo_kept *k, int dir, const char *name)
{
	if (!k->id[0])
		return;
	if (!k->moved)
		unlinkat(k->store->objects, k->id, 0);
	else if (renameat2(k->store->objects, k->id, dir, name, RENAME_NOREPLACE))
		return;
	k->id[0] = '\0';
}
