/* SPDX-License-Identifier: BSD-2-Clause */
/* act_rename.c - rename: judges and keeps the file that a rename replaces, and the file that it moves out of the
 * workspace. */
#include <errno.h>
#include <linux/fs.h>

#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/locate.h"
#include "preload/files/store_put.h"

struct renaming {
	int from_dir, to_dir;
	const char *from, *to;
	unsigned flags;
	struct statx st; /* of the file that moves */
};

static long rename_now(const struct renaming *r)
{
	return judged_renameat2(r->from_dir, r->from, r->to_dir, r->to, r->flags);
}

static bool act_rename_same_file(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major && a->stx_dev_minor == b->stx_dev_minor;
}

/* Are both names in one directory, as far as the names alone show? */
static bool act_rename_in_one_directory(const struct renaming *r)
{
	size_t n;
	size_t from = (size_t)(locate_last(r->from, &n) - r->from), to = (size_t)(locate_last(r->to, &n) - r->to);
	if (r->from_dir != r->to_dir || from != to)
		return false;
	for (size_t i = 0; i < from; i++)
		if (r->from[i] != r->to[i])
			return false;
	return true;
}

/* Keep the replaced file, by a second link if possible.  Returns NULL, or the reason why it can't be kept. */
static const char *act_rename_put_away(struct keeping *k, const struct victim *v)
{
	if (v->st.stx_nlink > 1) {
		store_put_record(k, STORE_OP_NAME); /* nothing is lost, recorded or not */
		return NULL;
	}
	const char *why = store_put_linked(k);
	if (!why)
		return NULL;
	if ((v->st.stx_mode & S_IFMT) == S_IFLNK)
		return store_put_copied_link(k, STORE_OP_REPLACED);
	long fd = sys_above_standard(
		sys_openat(v->dir, v->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return why;
	why = store_put_copied(k, (int)fd, STORE_OP_COPIED_AWAY);
	sys_close((int)fd);
	return why;
}

static long act_rename_replace_kept(const struct renaming *r, struct victim *v)
{
	struct keeping k;
	const char *why = store_put_begin(&k, v);
	if (!why)
		why = act_rename_put_away(&k, v);
	if (why && ask_file(v, why) != VICTIM_GO)
		return -EPERM;
	long err = rename_now(r);
	if (err && !why)
		store_put_undo(&k);
	return err;
}

/* Does the rename replace a file at the new name? */
static bool act_rename_is_replaced(const struct renaming *r, struct victim *v)
{
	v->event = EVENT_RENAME;
	v->dir = r->to_dir, v->name = r->to, v->moved = false;
	v->other_dir = r->from_dir, v->other = r->from;
	return !(r->flags & RENAME_NOREPLACE) && !sys_statx(r->to_dir, r->to, AT_SYMLINK_NOFOLLOW, &v->st) &&
	       (v->st.stx_mode & S_IFMT) != S_IFDIR && (r->st.stx_mode & S_IFMT) != S_IFDIR &&
	       !act_rename_same_file(&r->st, &v->st);
}

static long __attribute__((noinline)) act_rename_replace(const struct renaming *r)
{
	struct victim v;
	if (!act_rename_is_replaced(r, &v))
		return rename_now(r);
	int fate = victim_judge(&v);
	if (fate < 0)
		return fate;
	return fate == VICTIM_KEEP ? act_rename_replace_kept(r, &v) : rename_now(r);
}

static bool act_rename_is_outside(const struct victim *v)
{
	return gate_image_classify(v->m->image, &(struct gate_file_query){.event = v->event, .path = v->path}).outside;
}

/* Does it move the file from a workspace to a place outside all workspaces?  False if a path is unknown: the kernel, or
 * victim_judge(), then reports the error. */
static bool act_rename_leaves(struct victim *v)
{
	int err;
	v->m = memory_get(&err);
	if (!v->m || locate(v->m, v->dir, v->name, v->path) < 0 || act_rename_is_outside(v))
		return false;
	return locate(v->m, v->other_dir, v->other, v->path) >= 0 && act_rename_is_outside(v);
}

/* Handle a file that leaves the workspaces: record it, or ask if a rule matches.  Returns 0 to go on, or a negative
 * errno. */
static int __attribute__((noinline)) act_rename_before_leaving(const struct renaming *r)
{
	struct victim v;
	struct keeping k;
	v.event = EVENT_RENAME;
	v.dir = r->from_dir, v.name = r->from, v.moved = true;
	v.other_dir = r->to_dir, v.other = r->to;
	v.st = r->st;
	if (!act_rename_leaves(&v))
		return 0;
	int fate = victim_judge(&v);
	if (fate != VICTIM_KEEP)
		return fate < 0 ? fate : 0;
	const char *why = store_put_begin(&k, &v);
	if (!why)
		why = store_put_record(&k, STORE_OP_MOVED);
	return why && ask_file(&v, why) != VICTIM_GO ? -EPERM : 0;
}

long act_rename(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	struct renaming r = {.from_dir = from_dir, .to_dir = to_dir, .from = from, .to = to, .flags = flags};
	/* The statx comes first: the kernel knows whether a name is readable. */
	if (!victim_is_judged(EVENT_RENAME) || flags & ~(unsigned)RENAME_NOREPLACE ||
	    sys_statx(from_dir, from, AT_SYMLINK_NOFOLLOW, &r.st) ||
	    SYS(faccessat, to_dir, to, F_OK, 0, 0, 0) == -EFAULT || locate_is_dots(from) || locate_is_dots(to))
		return rename_now(&r);
	bool directory = (r.st.stx_mode & S_IFMT) == S_IFDIR;
	int err = 0;
	if (directory || (!victim_is_new(&r.st) && !act_rename_in_one_directory(&r)))
		err = act_rename_before_leaving(&r);
	long ret = err ? err : act_rename_replace(&r);
	struct memory *m = directory && !ret ? memory_get(&err) : NULL;
	if (m)
		locate_forget(m);
	return ret;
}
