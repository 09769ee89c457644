/* SPDX-License-Identifier: BSD-2-Clause */
/* store_verify.c - asks of each record whether it is true, and drops leftovers.  See store_verify.h. */
#include "store/store_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_lock.h"
#include "store/store_truth.h"

enum { VERIFY_NEAR = 64 }; /* so many records from a guard, that of the name is looked for */

/* If a file was kept but its removal, replacement or truncation did not follow, remove the object: the kernel refused
 * the call, or the process was killed before it.  In a living session the call may be about to happen. */
static void store_verify_drop_leftover(const struct store_entry *e, const struct store_put_record *r, int objects)
{
	struct stat object;
	if (!r->id || e->alive || !kill(r->pid, 0) || errno != ESRCH)
		return;
	if (!fstatat(objects, r->id, &object, AT_SYMLINK_NOFOLLOW) && store_truth_is_leftover(r, &object))
		unlinkat(objects, r->id, S_ISDIR(object.st_mode) ? AT_REMOVEDIR : 0);
}

/* Is the guard of a file that has lost a name?  The file's other names may be anywhere, so the guard is where undo links it from. */
static bool store_verify_is_linked_from(const struct journal *j, size_t guard, int objects)
{
	const struct store_put_record *r = &j->v[guard];
	size_t i = guard > VERIFY_NEAR ? guard - VERIFY_NEAR : 0;
	bool found = false, another;
	for (; r->op == STORE_OP_GUARDED && !found && i < j->n && i <= guard + VERIFY_NEAR; i++) {
		const struct store_put_record *l = &j->v[i];
		found = l->op == STORE_OP_NAME && l->path && l->dev == r->dev && l->ino == r->ino &&
			store_truth_is_true(l, objects, &another);
	}
	return found;
}

/* Drop the leftovers of a session's store.  Not while an undo runs: what it has just put back in place looks like one. */
static void store_verify_drop_leftovers(const struct store_entry *e, const struct journal *j, const bool *candidate,
					int objects)
{
	int lock = store_lock_try();
	bool another;
	for (size_t i = 0; lock >= 0 && i < j->n; i++)
		if (candidate[i] && !store_verify_is_linked_from(j, i, objects) &&
		    (store_truth_exchanged_back(j->v, i) || !store_truth_is_true(&j->v[i], objects, &another)))
			store_verify_drop_leftover(e, &j->v[i], objects);
	if (lock >= 0)
		store_lock_drop(lock);
}

int journal_verify(const struct journal *j, const struct store_entry *e, int objects, struct verified *out)
{
	bool *candidate = calloc(j->n + 1, sizeof *candidate), any = false;
	if (!candidate)
		return -ENOMEM;
	for (size_t i = 0; i < j->n; i++) {
		const struct store_put_record *r = &j->v[i];
		out[i] = (struct verified){0};
		if (!r->path)
			continue;
		out[i].is_true =
			store_truth_is_true(r, objects, &out[i].another) && !store_truth_exchanged_back(j->v, i);
		candidate[i] = !out[i].is_true && r->id && !e->alive;
		any = any || candidate[i];
	}
	if (any)
		store_verify_drop_leftovers(e, j, candidate, objects);
	free(candidate);
	return 0;
}
