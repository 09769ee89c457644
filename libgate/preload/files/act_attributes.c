/* SPDX-License-Identifier: BSD-2-Clause */
/* act_attributes.c - keeps the mode, the owner and the extended attributes of an old file before they change: as those of an empty
 * object in the store. */
#include "preload/files/act_attributes.h"

#include <errno.h>
#include <linux/fs.h>

#include "preload/base/judged_call.h"
#include "preload/base/sys.h"
#include "preload/files/locate.h"
#include "preload/files/store_put.h"

static bool act_attributes_is_directory(const struct statx *st)
{
	return (st->stx_mode & S_IFMT) == S_IFDIR;
}

/* A symbolic link has no attributes that matter.  One of a device or a pipe is not worth an open. */
static bool act_attributes_concern(const struct statx *st)
{
	return ((st->stx_mode & S_IFMT) == S_IFREG || act_attributes_is_directory(st)) && !victim_is_new(st);
}

/* Were they kept already?  Fills in the path of their object. */
static bool act_attributes_known(struct keeping *k, char path[JOURNAL_PATH_MAX])
{
	journal_inode_id(&k->v->st, STORE_ATTRIBUTES_SUFFIX, k->id);
	return !store_put_path(k, "", path) || !SYS(faccessat, AT_FDCWD, path, F_OK, 0, 0, 0);
}

static bool act_attributes_keep_here(struct victim *v, int fd)
{
	if (victim_terms(v)->word != EVENT_KEEP_KEEP || locate_file(fd, v->path))
		return false;
	v->class = gate_image_classify(v->m->image, &(struct gate_file_query){.event = v->event, .path = v->path});
	return !v->class.outside && v->class.class != GATE_CLASS_PASS && v->class.class != GATE_CLASS_STORE;
}

/* The empty object, under a name of its own until it is complete.  Returns a descriptor or a negative errno. */
static long act_attributes_make(const struct statx *st, const char *part)
{
	if (!act_attributes_is_directory(st))
		return judged_openat(AT_FDCWD, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	long err = SYS(mkdirat, AT_FDCWD, part, 0700, 0, 0, 0);
	return err ? err : sys_open(part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static long act_attributes_put(const struct keeping *k, int from, const char *part, const char *path)
{
	const struct statx *st = &k->v->st;
	long to = sys_above_standard(act_attributes_make(st, part));
	long err = to < 0 ? to : store_copy_status(from, (int)to, st);
	if (to >= 0)
		sys_close((int)to);
	if (!err)
		err = judged_renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE);
	if (err)
		judged_unlinkat(AT_FDCWD, part, act_attributes_is_directory(st) ? AT_REMOVEDIR : 0);
	return err == -EEXIST ? 0 : err; /* another thread was faster */
}

/* Without an object, the record has mode and owner. */
static void act_attributes_record(struct keeping *k, int from, const char *path)
{
	char part[JOURNAL_PATH_MAX], own[STORE_ID_MAX];
	__builtin_memcpy(own, k->id, sizeof own);
	journal_new_id(k->v->m, k->id);
	bool fits = store_put_path(k, STORE_PART_SUFFIX, part);
	__builtin_memcpy(k->id, own, sizeof own);
	if (from >= 0 && fits && !store_put_record(k, STORE_OP_ATTRIBUTES) && !act_attributes_put(k, from, part, path))
		return;
	k->id[0] = '\0';
	store_put_record(k, STORE_OP_ATTRIBUTES);
}

/* Not inlined: most calls concern files that the session made. */
static void __attribute__((noinline)) act_attributes_keep(struct victim *v, int fd)
{
	char path[JOURNAL_PATH_MAX];
	struct keeping k;
	int err;
	v->event = EVENT_TRUNCATE;
	v->dir = fd, v->name = "", v->by = NULL, v->other = NULL, v->moved = v->nameless = false;
	v->m = memory_get(&err);
	if (!v->m || store_put_begin(&k, v) || act_attributes_known(&k, path) || !act_attributes_keep_here(v, fd))
		return;
	bool readable = SYS(flistxattr, fd, 0, 0, 0, 0, 0) != -EBADF; /* else it was opened with O_PATH */
	act_attributes_record(&k, readable ? fd : -1, path);
}

void act_attributes(int dir, const char *name, int flags)
{
	struct victim v;
	int how = O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0);
	if (!victim_is_judged(EVENT_TRUNCATE) || victim_look(dir, name, flags, &v.st) || !act_attributes_concern(&v.st))
		return;
	long fd = sys_above_standard(sys_openat(dir, name, O_RDONLY | how));
	if (fd == -EACCES)
		fd = sys_above_standard(sys_openat(dir, name, O_PATH | how));
	if (fd < 0)
		return;
	if (!sys_statx((int)fd, "", AT_EMPTY_PATH, &v.st) && act_attributes_concern(&v.st))
		act_attributes_keep(&v, (int)fd);
	sys_close((int)fd);
}

void act_attributes_fd(int fd)
{
	struct victim v;
	if (victim_is_judged(EVENT_TRUNCATE) && !victim_look(fd, "", AT_EMPTY_PATH, &v.st) &&
	    act_attributes_concern(&v.st))
		act_attributes_keep(&v, fd);
}
