/* SPDX-License-Identifier: BSD-2-Clause */
/* act_move.c - records where a directory or an old file was before a rename, so that what is lost at its new place can go
 * back to its first one. */
#include <errno.h>
#include <fcntl.h>

#include "preload/base/own_files.h"
#include "preload/base/process_state.h"
#include "preload/files/act_host.h"
#include "preload/files/act_steps.h"
#include "preload/files/locate.h"
#include "preload/files/store_put.h"

enum { MOVE_UNRECORDED = 0 }; /* in place of the op of a record */

/* A directory that the session made may hold what is old. */
static bool act_move_matters(const struct renaming *r)
{
	unsigned type = r->st.stx_mode & S_IFMT;
	if (type == S_IFDIR)
		return true;
	bool regular = type == S_IFREG && (r->st.stx_size || r->st.stx_nlink > 1);
	return (type == S_IFLNK || regular) && !victim_is_new(&r->st);
}

/* Remember the new path of what moves from where Gate keeps files to where it gives them up ("mv old /tmp"): its removal
 * there would lose it.  Returns the op of the record that the move needs.  One that leaves the workspaces gets its record
 * when it is judged.  Not inlined: its buffers are off the stack by then. */
static unsigned __attribute__((noinline)) act_move_carry(const struct renaming *r)
{
	struct victim v = {.dir = r->from_dir, .name = r->from};
	bool given_up = victim_would_pass(&v), carried = own_files_carried(v.path), outside = v.class.outside;
	if (given_up && !carried)
		return MOVE_UNRECORDED;
	v.dir = r->to_dir, v.name = r->to;
	given_up = victim_would_pass(&v);
	if (given_up)
		own_files_carry(v.path);
	if (carried)
		return STORE_OP_PLACED;
	if (outside || (v.class.outside && !victim_is_new(&r->st)))
		return MOVE_UNRECORDED;
	return given_up && !v.class.outside ? STORE_OP_MOVED : STORE_OP_PLACED;
}

static int __attribute__((noinline)) act_move_record(const struct renaming *r, enum store_op op)
{
	struct victim v;
	struct keeping k;
	int err;
	v.event = EVENT_RENAME;
	v.dir = r->from_dir, v.name = r->from, v.other_dir = r->to_dir, v.other = r->to;
	v.moved = true, v.nameless = false;
	v.st = r->st;
	v.m = memory_get(&err);
	if (!v.m || victim_terms(&v)->word != EVENT_KEEP_KEEP || locate(v.m, r->to_dir, r->to, v.path) ||
	    locate(v.m, r->from_dir, r->from, v.path) || store_put_begin(&k, &v) || !store_put_record(&k, op))
		return VICTIM_GO;
	return state.seam ? VICTIM_LEAVE : VICTIM_GO;
}

/* A directory may replace an empty one, whose record is all that it needs.  If it is not empty, the kernel refuses. */
static void __attribute__((noinline)) act_move_record_replaced(const struct renaming *r)
{
	struct victim v;
	struct keeping k;
	int err;
	v.event = EVENT_RENAME;
	v.dir = r->to_dir, v.name = r->to, v.other_dir = r->from_dir, v.other = r->from;
	v.moved = v.nameless = false;
	if ((r->st.stx_mode & S_IFMT) != S_IFDIR || r->flags ||
	    victim_look(v.dir, v.name, AT_SYMLINK_NOFOLLOW, &v.st) || (v.st.stx_mode & S_IFMT) != S_IFDIR ||
	    v.st.stx_nlink > 2 || v.st.stx_ino == r->st.stx_ino)
		return;
	v.m = memory_get(&err);
	if (v.m && victim_terms(&v)->word == EVENT_KEEP_KEEP && !locate(v.m, v.dir, v.name, v.path) &&
	    !store_put_begin(&k, &v))
		store_put_record(&k, STORE_OP_DIRECTORY);
}

int rename_note_place(const struct renaming *r)
{
	act_move_record_replaced(r);
	unsigned op = act_move_matters(r) ? act_move_carry(r) : MOVE_UNRECORDED;
	return op == MOVE_UNRECORDED ? VICTIM_GO : act_move_record(r, (enum store_op)op);
}
