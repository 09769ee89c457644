/* SPDX-License-Identifier: BSD-2-Clause */
/* act_before.c - judges a call that a supervised program makes itself, and keeps the file without changing anything
 * about it: by a second link in the store, else by a copy.  gatesh alone needs this; the interposer acts at once. */
#include <errno.h>

#include "preload/base/acts.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/act_steps.h"
#include "preload/files/store_guard.h"
#include "preload/files/store_put.h"

/* Keep the file at its name.  Returns 0, also if the kernel will refuse the call, or a negative errno. */
static int act_before_keep(const struct victim *v, enum store_op op)
{
	struct keeping k;
	if (!unlink_is_possible(v))
		return 0;
	const char *why = store_put_begin(&k, v);
	if (v->st.stx_nlink > 1 && (why || !unlink_is_last_name(&k))) { /* nothing is lost, recorded or not */
		if (!why)
			store_guard_put(&k, v->dir, v->name);
		if (!why)
			store_put_record(&k, STORE_OP_NAME);
		return 0;
	}
	if (!why)
		why = store_put_away(&k, op);
	if (why)
		store_room_give_back(&k);
	return why && ask_file(v, why) != VICTIM_GO ? -EPERM : 0;
}

int act_before_unlink(int dir, const char *name, int flags)
{
	struct victim v;
	int fate = unlink_judge(&v, dir, name, flags);
	if (fate != VICTIM_KEEP)
		return fate < 0 ? fate : 0;
	if (!flags)
		return act_before_keep(&v, STORE_OP_UNLINKED);
	unlink_record_directory(&v);
	return 0;
}

static int __attribute__((noinline)) act_before_replace(const struct renaming *r)
{
	struct victim v;
	int fate = rename_judge_replaced(&v, r);
	if (fate != VICTIM_KEEP)
		return fate < 0 ? fate : 0;
	return act_before_keep(&v, STORE_OP_REPLACED);
}

int act_before_rename(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	struct renaming r = {.from_dir = from_dir, .to_dir = to_dir, .from = from, .to = to, .flags = flags};
	if (exchange_is_judged(&r)) {
		int fate = exchange_before(&r);
		return fate < 0 ? fate : 0;
	}
	if (!rename_is_judged(&r))
		return 0;
	int err = rename_before_leaving(&r);
	if (!err)
		rename_guard(&r);
	if (!err)
		err = act_before_replace(&r);
	if (!err)
		rename_forget_directories(&r);
	return err;
}
