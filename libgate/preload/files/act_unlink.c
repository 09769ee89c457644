/* SPDX-License-Identifier: BSD-2-Clause */
/* act_unlink.c - unlink and rmdir: links the file into the store, or copies it there, then removes the name; records a
 * removed directory. */
#include <errno.h>

#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/act_steps.h"
#include "preload/files/locate.h"
#include "preload/files/store_guard.h"
#include "preload/files/store_put.h"

enum {
	UNLINK_AGAIN = 1,  /* another file has the name by now */
	UNLINK_UNKEPT = 2, /* neither a link nor a move has put the file into the store */
};

/* The directory of the name, relative to v->dir; "" if it is that one.  Returns the last component. */
static const char *unlink_parent(const struct victim *v, char parent[PATH_MAX])
{
	size_t n;
	const char *last = locate_last(v->name, &n);
	size_t len = (size_t)(last - v->name);
	__builtin_memcpy(parent, v->name, len);
	parent[len] = '\0';
	return last;
}

bool __attribute__((noinline)) unlink_is_possible(const struct victim *v)
{
	char parent[PATH_MAX];
	unlink_parent(v, parent);
	return !SYS(faccessat2, v->dir, *parent ? parent : ".", W_OK | X_OK, AT_EACCESS, 0, 0);
}

/* --- the judgement ------------------------------------------------------------------------------------------------ */

int unlink_judge(struct victim *v, int dir, const char *name, int flags)
{
	v->event = EVENT_UNLINK;
	v->dir = dir, v->name = name, v->other = NULL, v->moved = false;
	bool directory = flags == AT_REMOVEDIR;
	if (!victim_is_judged(EVENT_UNLINK) || (flags && !directory) || victim_passes(v) ||
	    victim_look(dir, name, AT_SYMLINK_NOFOLLOW,
			&v->st) || /* first: the kernel knows whether the name is readable */
	    locate_is_dots(name) ||
	    ((v->st.stx_mode & S_IFMT) == S_IFDIR) != directory)
		return VICTIM_GO;
	/* A directory that contains directories can't be removed. */
	return directory && v->st.stx_nlink > 2 ? VICTIM_GO : victim_judge(v);
}

bool unlink_is_last_name(struct keeping *k)
{
	return k->v->st.stx_nlink == 1 || (k->v->st.stx_nlink == 2 && store_guard_has(k));
}

/* --- keeping ------------------------------------------------------------------------------------------------------ */

/* The record alone is enough to restore an empty directory. */
void unlink_record_directory(struct victim *v)
{
	struct keeping k;
	if (!store_put_begin(&k, v))
		store_put_record(&k, STORE_OP_DIRECTORY);
}

/* Did link and move fail for a reason that does not prevent a copy? */
static bool act_unlink_wants_copy(const struct keeping *k)
{
	return (*k->id || k->elsewhere) &&
	       (k->err == -EXDEV || k->err == -EPERM || k->err == -EACCES || k->err == -EINVAL);
}

/* --- the act ------------------------------------------------------------------------------------------------------ */

static long unlink_after(struct keeping *k, const struct victim *v)
{
	long err = judged_unlinkat(v->dir, v->name, 0);
	if (err)
		store_put_undo(k);
	return err;
}

/* Remove one of several names.  Another process may remove the others at the same time, so the file is guarded first. */
static long unlink_one_name(struct keeping *k)
{
	const struct victim *v = k->v;
	int err = store_guard_put(k, v->dir, v->name);
	if (err == -ESTALE)
		return UNLINK_AGAIN;
	if (err && err != -ENODEV && state.seam)
		return left_unlinkat(v->dir, v->name, 0);
	store_put_record(k, STORE_OP_NAME);
	return judged_unlinkat(v->dir, v->name, 0);
}

static long unlink_unkept(struct keeping *k, const char *why)
{
	int fate = store_put_instead(k, why);
	if (fate == VICTIM_LEAVE)
		return left_unlinkat(k->v->dir, k->v->name, 0);
	return fate == VICTIM_GO ? judged_unlinkat(k->v->dir, k->v->name, 0) : fate;
}

/* The link and the removal act in one directory, whatever another process puts at its path in between.  Returns a
 * descriptor, and a victim with it; -1 if the victim stays as it is. */
static int __attribute__((noinline)) unlink_hold_directory(struct victim *v)
{
	char parent[PATH_MAX];
	const char *last = unlink_parent(v, parent);
	if (!*parent)
		return -1;
	long fd = sys_above_standard(sys_openat(v->dir, parent, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (fd < 0)
		return -1;
	v->dir = (int)fd, v->name = last;
	return (int)fd;
}

/* The object is the file's last link if another process has removed the name, and saw two of them. */
static bool unlink_has_only_object(const struct keeping *k)
{
	char path[JOURNAL_PATH_MAX];
	struct statx st;
	return store_put_path(k, "", path) && !sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) && st.stx_nlink == 1;
}

static long unlink_after_link(struct keeping *k)
{
	long err = judged_unlinkat(k->v->dir, k->v->name, 0);
	if (err && (err != -ENOENT || !unlink_has_only_object(k)))
		store_put_undo(k);
	return err;
}

/* Link the file into the store and remove the name: to those who watch the directory, it is a deletion.  Where the
 * kernel refuses the link (a file system without links, protected_hardlinks), move the file. */
static long unlink_linked(struct keeping *k, struct victim *v, const char **why)
{
	const char *name = v->name;
	int dir = v->dir, held = unlink_hold_directory(v);
	long err = UNLINK_UNKEPT;
	*why = store_put_linked(k, STORE_OP_UNLINKED);
	if (!*why)
		err = unlink_after_link(k);
	else if (*k->id && !(*why = store_put_moved(k)))
		err = 0;
	if (held >= 0)
		sys_close(held);
	v->dir = dir, v->name = name;
	return err;
}

/* Keep the file by a link, else by a move, else by a copy, and remove its name. */
static long unlink_kept(struct victim *v)
{
	struct keeping k;
	struct statx st;
	const char *why = store_put_begin(&k, v);
	if (v->st.stx_nlink > 1 && why && state.seam && k.err) /* the session records it */
		return left_unlinkat(v->dir, v->name, 0);
	if (v->st.stx_nlink > 1 && why) /* no store: nothing is lost with one of several names */
		return judged_unlinkat(v->dir, v->name, 0);
	if (v->st.stx_nlink > 1 && !unlink_is_last_name(&k))
		return unlink_one_name(&k);
	long err = why ? UNLINK_UNKEPT : unlink_linked(&k, v, &why);
	if (err != UNLINK_UNKEPT)
		return err;
	if (sys_statx(v->dir, v->name, AT_SYMLINK_NOFOLLOW, &st) || !unlink_is_possible(v)) {
		store_room_give_back(&k);
		return judged_unlinkat(v->dir, v->name, 0);
	}
	if (!act_unlink_wants_copy(&k))
		return unlink_unkept(&k, why);
	why = store_put_copied_name(&k, STORE_OP_COPIED_AWAY);
	return why ? unlink_unkept(&k, why) : unlink_after(&k, v);
}

static long act_unlink_once(int dir, const char *name, int flags)
{
	struct victim v;
	int fate = unlink_judge(&v, dir, name, flags);
	if (fate < 0)
		return fate;
	if (fate == VICTIM_LEAVE || state.leaves)
		return left_unlinkat(dir, name, flags);
	if (fate == VICTIM_KEEP && !flags)
		return unlink_kept(&v);
	if (fate == VICTIM_KEEP)
		unlink_record_directory(&v);
	return judged_unlinkat(dir, name, flags);
}

long act_unlink(int dir, const char *name, int flags)
{
	long err = act_unlink_once(dir, name, flags);
	for (int tries = 1; err == UNLINK_AGAIN && tries < ACT_TRIES; tries++)
		err = act_unlink_once(dir, name, flags);
	return err == UNLINK_AGAIN ? -EBUSY : err;
}
