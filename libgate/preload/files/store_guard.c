/* SPDX-License-Identifier: BSD-2-Clause */
/* store_guard.c - makes the link that guards an old file, one for each inode. */
#include "preload/files/store_guard.h"

#include <errno.h>

#include "preload/base/judged_call.h"
#include "preload/base/sys.h"

static bool store_guard_is_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major && a->stx_dev_minor == b->stx_dev_minor;
}

static bool store_guard_is_possible(const struct keeping *k)
{
	const struct statx *st = &k->v->st;
	return k->store && k->store->dev_major == st->stx_dev_major && k->store->dev_minor == st->stx_dev_minor;
}

static bool store_guard_path(struct keeping *k, char path[JOURNAL_PATH_MAX])
{
	journal_inode_id(&k->v->st, STORE_GUARD_SUFFIX, k->id);
	return store_put_path(k, "", path);
}

bool store_guard_has(struct keeping *k)
{
	char path[JOURNAL_PATH_MAX];
	struct statx st;
	bool has = store_guard_is_possible(k) && store_guard_path(k, path) &&
		   !sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) && store_guard_is_same(&st, &k->v->st);
	k->id[0] = '\0';
	return has;
}

/* The name may have become another file's before it was linked.  Then the link goes again; who found it meanwhile has
 * compared it as well. */
static int store_guard_link(const struct keeping *k, int dir, const char *name, const char *path)
{
	struct statx st;
	long err = SYS(linkat, dir, name, AT_FDCWD, path, 0, 0);
	if (err && err != -EEXIST)
		return err == -ENOENT ? -ESTALE : (int)err;
	long look = sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st);
	if (!look && store_guard_is_same(&st, &k->v->st))
		return 0;
	if (!err)
		judged_unlinkat(AT_FDCWD, path, 0);
	return -ESTALE;
}

int store_guard_put(struct keeping *k, int dir, const char *name)
{
	char path[JOURNAL_PATH_MAX];
	if (!store_guard_is_possible(k))
		return -ENODEV;
	int err = store_guard_path(k, path) ? 0 : -ENAMETOOLONG;
	if (!err && store_put_record(k, STORE_OP_GUARDED))
		err = (int)k->err;
	if (!err)
		err = store_guard_link(k, dir, name, path);
	k->id[0] = '\0';
	k->err = 0;
	return err;
}
