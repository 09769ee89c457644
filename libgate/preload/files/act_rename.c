/* SPDX-License-Identifier: BSD-2-Clause */
/* act_rename.c - rename: judges and keeps the file that a rename replaces, and the file that it moves out of the
 * workspace. */
#include <errno.h>
#include <linux/fs.h>

#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/act_steps.h"
#include "preload/files/locate.h"
#include "preload/files/store_guard.h"
#include "preload/files/store_put.h"

static long rename_now(const struct renaming *r)
{
	if (!r->flags)
		return judged_rename(r->from_dir, r->from, r->to_dir, r->to);
	return judged_renameat2(r->from_dir, r->from, r->to_dir, r->to, r->flags);
}

static long act_rename_left(const struct renaming *r)
{
	return left_renameat2(r->from_dir, r->from, r->to_dir, r->to, r->flags);
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

/* Keep the replaced file.  Returns NULL, or the reason why it can't be kept. */
static const char *act_rename_put_away(struct keeping *k, const struct victim *v)
{
	if (unlink_is_last_name(k))
		return store_put_away(k, STORE_OP_REPLACED);
	store_guard_put(k, v->dir, v->name);
	store_put_record(k, STORE_OP_NAME); /* nothing is lost, recorded or not */
	return NULL;
}

static long act_rename_replace_kept(const struct renaming *r, struct victim *v)
{
	struct keeping k;
	const char *why = store_put_begin(&k, v);
	if (!why)
		why = act_rename_put_away(&k, v);
	int fate = why ? store_put_instead(&k, why) : VICTIM_GO;
	if (fate != VICTIM_GO)
		return fate == VICTIM_LEAVE ? act_rename_left(r) : fate;
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
	return !(r->flags & RENAME_NOREPLACE) && !victim_look(r->to_dir, r->to, AT_SYMLINK_NOFOLLOW, &v->st) &&
	       (v->st.stx_mode & S_IFMT) != S_IFDIR && (r->st.stx_mode & S_IFMT) != S_IFDIR &&
	       !act_rename_same_file(&r->st, &v->st);
}

int rename_judge_replaced(struct victim *v, const struct renaming *r)
{
	return act_rename_is_replaced(r, v) ? victim_judge(v) : VICTIM_GO;
}

static long __attribute__((noinline)) act_rename_replace(const struct renaming *r)
{
	struct victim v;
	int fate = rename_judge_replaced(&v, r);
	if (fate < 0)
		return fate;
	if (fate == VICTIM_LEAVE || state.leaves)
		return act_rename_left(r);
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

static bool act_rename_is_directory(const struct renaming *r)
{
	return (r->st.stx_mode & S_IFMT) == S_IFDIR;
}

static int __attribute__((noinline)) act_rename_judge_leaving(const struct renaming *r)
{
	struct victim v;
	struct keeping k;
	if (!act_rename_is_directory(r) && (victim_is_new(&r->st) || act_rename_in_one_directory(r)))
		return 0;
	v.event = EVENT_RENAME;
	v.dir = r->from_dir, v.name = r->from, v.moved = true;
	v.other_dir = r->to_dir, v.other = r->to;
	v.st = r->st;
	if (!act_rename_leaves(&v))
		return 0;
	int fate = victim_judge(&v);
	if (fate != VICTIM_KEEP)
		return fate;
	const char *why = store_put_begin(&k, &v);
	if (!why)
		why = store_put_record(&k, STORE_OP_MOVED);
	return why ? store_put_instead(&k, why) : VICTIM_GO;
}

/* One after the other: each has buffers for paths on the stack. */
int rename_before_leaving(const struct renaming *r)
{
	int fate = rename_note_place(r);
	return fate == VICTIM_GO ? act_rename_judge_leaving(r) : fate;
}

/* Finds where a name is, and whether files are kept there, as far as the place decides. */
static bool act_rename_keeps(struct victim *v, int dir, const char *name)
{
	if (locate(v->m, dir, name, v->path))
		return false;
	v->class = gate_image_classify(v->m->image, &(struct gate_file_query){.event = v->event, .path = v->path});
	return !v->class.outside && v->class.class != GATE_CLASS_PASS && v->class.class != GATE_CLASS_STORE;
}

/* The file is undone to its old place, if an undo may write there. */
static bool act_rename_is_guarded(struct victim *v, const struct renaming *r)
{
	int err;
	v->event = EVENT_RENAME;
	v->m = memory_get(&err);
	return v->m && victim_terms(v)->word == EVENT_KEEP_KEEP && act_rename_keeps(v, r->to_dir, r->to) &&
	       (act_rename_keeps(v, r->from_dir, r->from) || !locate(v->m, r->to_dir, r->to, v->path));
}

int __attribute__((noinline)) rename_guard(const struct renaming *r)
{
	struct victim v;
	struct keeping k;
	unsigned type = r->st.stx_mode & S_IFMT;
	if ((type != S_IFREG && type != S_IFLNK) || !r->st.stx_size || victim_is_new(&r->st))
		return VICTIM_GO;
	v.dir = r->from_dir, v.name = r->from, v.other = NULL, v.moved = false;
	v.st = r->st, v.nameless = false;
	if (!act_rename_is_guarded(&v, r) || store_put_begin(&k, &v))
		return VICTIM_GO;
	int err = store_guard_put(&k, r->from_dir, r->from);
	if (err == -ESTALE)
		return err;
	return err && err != -ENODEV && state.seam ? VICTIM_LEAVE : VICTIM_GO;
}

/* A whiteout (root only; what an overlay leaves at the old name) replaces and moves as any rename does. */
#define ACT_RENAME_FLAGS ((unsigned)(RENAME_NOREPLACE | RENAME_WHITEOUT))

bool rename_is_judged(struct renaming *r)
{
	/* The statx comes first: the kernel knows whether a name is readable. */
	return victim_is_judged(EVENT_RENAME) && !(r->flags & ~ACT_RENAME_FLAGS) &&
	       !victim_look(r->from_dir, r->from, AT_SYMLINK_NOFOLLOW, &r->st) &&
	       SYS(faccessat, r->to_dir, r->to, F_OK, 0, 0, 0) != -EFAULT && !locate_is_dots(r->from) &&
	       !locate_is_dots(r->to);
}

void rename_forget_directories(const struct renaming *r)
{
	int err;
	struct memory *m = act_rename_is_directory(r) ? memory_get(&err) : NULL;
	if (m)
		locate_forget(m);
}

static long act_rename_exchange(const struct renaming *r)
{
	int err, fate = exchange_before(r);
	long ret = fate == VICTIM_LEAVE ? act_rename_left(r) : fate ? fate : rename_now(r);
	struct memory *m = ret ? NULL : memory_get(&err);
	if (m) /* either may be a directory */
		locate_forget(m);
	return ret;
}

/* Returns -ESTALE before anything has happened if the old name is another file's by now. */
static long act_rename_once(struct renaming *r)
{
	if (exchange_is_judged(r))
		return act_rename_exchange(r);
	if (!rename_is_judged(r))
		return state.leaves ? act_rename_left(r) : rename_now(r);
	int fate = rename_before_leaving(r);
	if (!fate)
		fate = rename_guard(r);
	long ret = fate == VICTIM_LEAVE ? act_rename_left(r) : fate ? fate : act_rename_replace(r);
	if (!ret)
		rename_forget_directories(r);
	return ret;
}

long act_rename(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	struct renaming r = {.from_dir = from_dir, .to_dir = to_dir, .from = from, .to = to, .flags = flags};
	long ret = act_rename_once(&r);
	for (int tries = 1; ret == -ESTALE && tries < ACT_TRIES; tries++)
		ret = act_rename_once(&r);
	return ret;
}
