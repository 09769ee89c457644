/* SPDX-License-Identifier: BSD-2-Clause */
/* store_put_away.c - keeps a file that is still at its name: by a second link in the store, else by a copy. */
#include <errno.h>

#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/store_put.h"

static bool store_put_away_is_victim(const struct victim *v, const struct statx *st)
{
	return st->stx_ino == v->st.stx_ino && st->stx_dev_major == v->st.stx_dev_major &&
	       st->stx_dev_minor == v->st.stx_dev_minor;
}

/* The kernel links only within one mount, although two mounts may show one file system: a sandbox binds the workspace
 * into its own mount namespace.  Link the file from its path as this process sees it, if that is the very same file. */
static long store_put_away_link_here(const struct victim *v, const char *to)
{
	char link[32];
	struct statx st;
	struct text t = text_in(link, sizeof link);
	long fd = sys_above_standard(sys_open(v->path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	if (fd < 0)
		return -EXDEV;
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned long)fd);
	long err = sys_statx((int)fd, "", AT_EMPTY_PATH, &st) || !store_put_away_is_victim(v, &st) ?
			   -EXDEV :
			   SYS(linkat, AT_FDCWD, link, AT_FDCWD, to, AT_SYMLINK_FOLLOW, 0);
	sys_close((int)fd);
	return err;
}

const char *store_put_linked(struct keeping *k, enum store_op op)
{
	char path[JOURNAL_PATH_MAX];
	const char *why = store_room_take(k, false);
	if (why)
		return why;
	if (k->elsewhere)
		return store_put_failed(k, -EXDEV);
	journal_new_id(k->v->m, k->id);
	why = store_put_path(k, "", path) ? store_put_record(k, op) : store_put_failed(k, -ENAMETOOLONG);
	if (why) {
		k->id[0] = '\0';
		return why;
	}
	long err = SYS(linkat, k->v->dir, k->v->name, AT_FDCWD, path, 0, 0);
	if (err == -EXDEV && !k->v->nameless)
		err = store_put_away_link_here(k->v, path);
	return err ? store_put_failed(k, err) : NULL;
}

const char *store_put_copied_name(struct keeping *k, enum store_op link_op)
{
	const struct victim *v = k->v;
	if ((v->st.stx_mode & S_IFMT) == S_IFLNK)
		return store_put_copied_link(k, link_op);
	if ((v->st.stx_mode & S_IFMT) != S_IFREG) /* to open a device may do something */
		return "it is not a regular file";
	long fd = sys_above_standard(
		sys_openat(v->dir, v->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	if (fd < 0) {
		k->err = fd;
		return "it can't be read";
	}
	const char *why = store_put_copied(k, (int)fd, STORE_OP_COPIED_AWAY);
	sys_close((int)fd);
	return why;
}

const char *store_put_away(struct keeping *k, enum store_op op)
{
	if (!store_put_linked(k, op))
		return NULL;
	return store_put_copied_name(k, op == STORE_OP_REPLACED ? op : STORE_OP_COPIED_AWAY);
}
