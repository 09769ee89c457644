/* SPDX-License-Identifier: BSD-2-Clause */
/* act_truncate.c - truncate and ftruncate: copies the content before it is lost. */
#include <errno.h>

#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
#include "preload/base/message.h"
#include "preload/base/own_files.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/act_steps.h"
#include "preload/files/locate.h"
#include "preload/files/store_put.h"

/* Does the file have content beyond the first `length` bytes? */
static bool act_truncate_has_content(const struct statx *st, unsigned long length)
{
	return (st->stx_mode & S_IFMT) == S_IFREG && st->stx_size > length && st->stx_nlink;
}

const char *truncate_copy(struct keeping *k, const struct victim *v, int fd, enum store_op op)
{
	char link[32];
	const char *why = store_put_begin(k, v);
	long flags = sys_fcntl(fd, F_GETFL, 0), from = fd;
	if (why)
		return why;
	if (flags & O_PATH || (flags & O_ACCMODE) == O_WRONLY) {
		struct text t = text_in(link, sizeof link);
		text_put(&t, "/proc/self/fd/");
		text_put_number(&t, (unsigned long)fd);
		from = sys_above_standard(sys_open(link, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	}
	if (from < 0) {
		k->err = from;
		return "it can't be read";
	}
	why = store_put_copied(k, (int)from, op);
	if (from != fd)
		sys_close((int)from);
	return why;
}

int __attribute__((noinline)) truncate_before(int fd, unsigned long length, const struct victim_name *by)
{
	struct victim v;
	struct keeping k;
	v.event = EVENT_TRUNCATE;
	v.dir = fd, v.name = "", v.by = by, v.other = NULL, v.moved = false;
	if (victim_look(fd, "", AT_EMPTY_PATH, &v.st) || !act_truncate_has_content(&v.st, length))
		return 0;
	int fate = victim_judge(&v);
	if (fate != VICTIM_KEEP)
		return fate;
	const char *why = truncate_copy(&k, &v, fd, STORE_OP_OVERWRITTEN);
	fate = why ? store_put_instead(&k, why) : VICTIM_GO;
	if (fate == VICTIM_GO)
		own_files_settle(&v.st);
	return fate;
}

bool truncate_is_judged(int dir, const char *name, int at, unsigned long length)
{
	struct statx st;
	return victim_is_judged(EVENT_TRUNCATE) && !victim_glance(dir, name, at, &st) &&
	       act_truncate_has_content(&st, length) && (!victim_is_new(&st) || journal_is_own_name(name));
}

int act_before_truncate(int fd, long length)
{
	if (length < 0 || !truncate_is_judged(fd, "", AT_EMPTY_PATH, (unsigned long)length))
		return 0;
	return truncate_before(fd, (unsigned long)length, NULL);
}

long act_truncate(const char *name, long length)
{
	if (length < 0 || !truncate_is_judged(AT_FDCWD, name, 0, (unsigned long)length))
		return judged_truncate(name, length);
	long fd = sys_above_standard(judged_openat(AT_FDCWD, name, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0));
	if (fd < 0) /* no descriptor is left, or somebody has a lease: the kernel may truncate it all the same */
		return left_truncate(name, length);
	long err = truncate_before((int)fd, (unsigned long)length, &(struct victim_name){AT_FDCWD, name});
	if (!err)
		err = judged_ftruncate((int)fd, length);
	sys_close((int)fd);
	return err == VICTIM_LEAVE ? left_truncate(name, length) : err;
}

/* Was the file written while the session ran, through a descriptor that Gate has not seen opened?  Then a copy of it is
 * no copy of the old content.  One that only appends has changed nothing of that. */
static bool act_truncate_is_late(int fd, const struct statx *st)
{
	uint64_t written = (uint64_t)st->stx_mtime.tv_sec * 1000000000u + st->stx_mtime.tv_nsec;
	return own_files_known() && written > state_head()->since && !(sys_fcntl(fd, F_GETFL, 0) & O_APPEND);
}

/* The file was kept before it could be written: a rule may still ask about it. */
static int __attribute__((noinline)) act_truncate_judge_kept(int fd, const struct statx *st)
{
	struct victim v;
	v.event = EVENT_TRUNCATE;
	if (locate_fd(fd, v.path) == -ENAMETOOLONG) /* no rule names it */
		return VICTIM_GO;
	v.dir = fd, v.name = "", v.by = NULL, v.other = NULL, v.moved = false;
	v.st = *st;
	int fate = victim_judge(&v);
	return fate == VICTIM_KEEP ? VICTIM_GO : fate;
}

int act_before_ftruncate(int fd, long length)
{
	struct statx st;
	if (length < 0 || !victim_is_judged(EVENT_TRUNCATE) || victim_glance(fd, "", AT_EMPTY_PATH, &st) ||
	    !act_truncate_has_content(&st, (unsigned long)length) || victim_is_new(&st) ||
	    victim_look(fd, "", AT_EMPTY_PATH, &st))
		return 0;
	if (own_files_settled(&st))
		return act_truncate_judge_kept(fd, &st);
	bool late = act_truncate_is_late(fd, &st);
	int err = truncate_before(fd, (unsigned long)length, NULL);
	if (!err && late && own_files_settled(&st))
		message_put("the file was opened outside of the session, and is kept as it is now");
	return err;
}

long act_ftruncate(int fd, long length)
{
	int err = act_before_ftruncate(fd, length);
	if (err == VICTIM_LEAVE)
		return left_ftruncate(fd, length);
	return err ? err : judged_ftruncate(fd, length);
}
