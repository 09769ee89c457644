/* SPDX-License-Identifier: BSD-2-Clause */
/* store_truth.c - compares a record with what is at its path now.  See store_truth.h. */
#include "store/store_truth.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/store_attributes.h"
#include "store/store_changed.h"
#include "util/pathwalk.h"

enum {
	EXCHANGES = 4096, /* so many records back, an exchange that was taken back is looked for */
	COARSE_MS = 10,   /* a birth time is that of the last clock tick, up to 10 ms ago */
};

static bool truth_same_file(const struct stat *st, const struct store_put_record *r)
{
	return st->st_dev == r->dev && st->st_ino == r->ino;
}

static bool truth_same_content(const struct stat *st, const struct store_put_record *r)
{
	return st->st_size == r->size && st->st_mtim.tv_sec == r->mtime.tv_sec &&
	       st->st_mtim.tv_nsec == r->mtime.tv_nsec;
}

/* Was the file at the path made after the record was written?  A file system may give a new file the inode of the one
 * that was removed.  False if it does not record the birth time. */
static bool truth_is_reborn(const struct store_put_record *r)
{
	struct statx x;
	const char *name;
	int dir = pathwalk_parent(r->path, &name);
	bool known = dir >= 0 && !statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &x) && x.stx_mask & STATX_BTIME;
	if (dir >= 0)
		close(dir);
	return known && (long long)(x.stx_btime.tv_sec - r->time.tv_sec) * 1000 +
					(x.stx_btime.tv_nsec - r->time.tv_nsec) / 1000000 >
				-COARSE_MS;
}

/* Is the file that the act was to remove still at its path?  `object`: zeroed if there is none.  An object that is the
 * file itself keeps its inode from being used again. */
static bool truth_still_there(const struct store_put_record *r, const struct stat *object)
{
	struct stat st;
	return !pathwalk_stat(r->path, &st) && truth_same_file(&st, r) &&
	       (truth_same_file(object, r) || !truth_is_reborn(r));
}

bool store_truth_is_true(const struct store_put_record *r, int objects, bool *another)
{
	struct stat st, away, object = {0};
	if (r->id && fstatat(objects, r->id, &object, AT_SYMLINK_NOFOLLOW))
		return false;
	*another = r->op == STORE_OP_UNLINKED && !truth_same_file(&object, r);
	if (r->op == STORE_OP_UNLINKED && (S_ISDIR(object.st_mode) || object.st_nlink == 1))
		return true; /* it was moved, or has lost its own name: most records */
	bool there = !pathwalk_stat(r->path, &st);
	bool same = there && truth_same_file(&st, r);
	switch (r->op) {
	case STORE_OP_UNLINKED:
	case STORE_OP_COPIED_AWAY:
	case STORE_OP_REPLACED:
	case STORE_OP_NAME: return !truth_still_there(r, &object);
	case STORE_OP_OVERWRITTEN: return !same || !truth_same_content(&st, r);
	case STORE_OP_WRITTEN: return !same || store_changed(r, objects, &st);
	case STORE_OP_ATTRIBUTES: return same ? store_attributes_changed(r, objects, &st) : r->id != NULL;
	case STORE_OP_GUARDED: /* nobody records the last name of a file that was emptied */
		return object.st_nlink == 1 && object.st_size;
	case STORE_OP_DIRECTORY: return !there || !S_ISDIR(st.st_mode) || (r->other && !same);
	case STORE_OP_EXCHANGED:
	case STORE_OP_MOVED: return !same && r->other && !pathwalk_stat(r->other, &away) && truth_same_file(&away, r);
	case STORE_OP_RESTORED: return same;
	default: return false;
	}
}

bool store_truth_is_leftover(const struct store_put_record *r, const struct stat *object)
{
	struct stat st;
	if (r->op == STORE_OP_WRITTEN || r->op == STORE_OP_GUARDED || r->op == STORE_OP_ATTRIBUTES)
		return true; /* it is not true: nothing was written, lost or changed */
	if (S_ISDIR(object->st_mode) || !truth_still_there(r, object) || pathwalk_stat(r->path, &st))
		return false;
	return truth_same_file(object, r) || truth_same_content(&st, r);
}

bool store_truth_exchanged_back(const struct store_put_record *v, size_t i)
{
	const struct store_put_record *r = &v[i];
	for (size_t at = i, left = EXCHANGES; r->op == STORE_OP_EXCHANGED && r->other && at-- && left--;)
		if (v[at].op == STORE_OP_EXCHANGED && v[at].other && v[at].dev == r->dev && v[at].ino == r->ino &&
		    v[at].path && !strcmp(v[at].path, r->other) && !strcmp(v[at].other, r->path))
			return true;
	return false;
}
