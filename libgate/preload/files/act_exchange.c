/* SPDX-License-Identifier: BSD-2-Clause */
/* act_exchange.c - renameat2 with RENAME_EXCHANGE: nothing is lost, but an old file is at another place afterwards.  Judges each
 * file as if the other one replaced it, and records where it was. */
#include <errno.h>
#include <linux/fs.h>

#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/act_steps.h"
#include "preload/files/locate.h"
#include "preload/files/store_guard.h"

bool exchange_is_judged(const struct renaming *r)
{
	return r->flags == RENAME_EXCHANGE && victim_is_judged(EVENT_RENAME) && !locate_is_dots(r->from) &&
	       !locate_is_dots(r->to);
}

/* The file at the new name, or at the old one. */
static long act_exchange_look(const struct renaming *r, bool back, struct victim *v)
{
	v->event = EVENT_RENAME;
	v->dir = back ? r->to_dir : r->from_dir, v->name = back ? r->to : r->from;
	v->other_dir = back ? r->from_dir : r->to_dir, v->other = back ? r->from : r->to;
	v->moved = v->nameless = false;
	return victim_look(v->dir, v->name, AT_SYMLINK_NOFOLLOW, &v->st);
}

static int __attribute__((noinline)) act_exchange_judge(const struct renaming *r, bool back)
{
	struct victim v;
	if (!act_exchange_look(r, back, &v))
		return victim_judge(&v);
	return state.leaves ? VICTIM_LEAVE : VICTIM_GO;
}

/* A process that has judged the other file may be about to remove this one by its new name (store_guard.h).  If another
 * file has the old name by now, whoever moved it there has guarded that one. */
static void act_exchange_guard(struct keeping *k)
{
	const struct statx *st = &k->v->st;
	unsigned type = st->stx_mode & S_IFMT;
	if ((type == S_IFREG || type == S_IFLNK) && st->stx_size && !victim_is_new(st))
		store_guard_put(k, k->v->dir, k->v->name);
}

static int __attribute__((noinline)) act_exchange_record(const struct renaming *r, bool back)
{
	struct victim v;
	struct keeping k;
	int err;
	if (act_exchange_look(r, back, &v) || !(v.m = memory_get(&err)) || locate(v.m, v.dir, v.name, v.path))
		return VICTIM_GO;
	v.flags = 0;
	v.class = gate_image_classify(v.m->image, &(struct gate_file_query){.event = v.event, .path = v.path});
	const char *why = store_put_begin(&k, &v);
	if (!why)
		act_exchange_guard(&k);
	if (!why)
		why = store_put_record(&k, STORE_OP_EXCHANGED);
	return why ? store_put_instead(&k, why) : VICTIM_GO;
}

/* Both are recorded if one is old: either may be removed at its new place, and the other one still has to go back. */
int exchange_before(const struct renaming *r)
{
	int from = act_exchange_judge(r, false);
	int to = from < 0 || from == VICTIM_LEAVE ? from : act_exchange_judge(r, true);
	if (to < 0 || to == VICTIM_LEAVE || (from == VICTIM_GO && to == VICTIM_GO))
		return to;
	int fate = act_exchange_record(r, false);
	return fate == VICTIM_GO ? act_exchange_record(r, true) : fate;
}
