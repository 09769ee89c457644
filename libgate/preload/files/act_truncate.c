/* SPDX-License-Identifier: BSD-2-Clause */
/* act_truncate.c - truncate, and open with O_TRUNC: copies the content before it is lost. */
#include <errno.h>

#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
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

/* Copy through the descriptor itself, or through another one if it can't be read. */
static const char *act_truncate_copy_kept(struct keeping *k, const struct victim *v, int fd)
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
	why = store_put_copied(k, (int)from, STORE_OP_OVERWRITTEN);
	if (from != fd)
		sys_close((int)from);
	return why;
}

int __attribute__((noinline)) truncate_before(int fd, unsigned long length)
{
	struct victim v;
	struct keeping k;
	v.event = EVENT_TRUNCATE;
	v.dir = fd, v.name = "", v.other = NULL, v.moved = false;
	if (victim_look(fd, "", AT_EMPTY_PATH, &v.st) || !act_truncate_has_content(&v.st, length))
		return 0;
	int fate = victim_judge(&v);
	if (fate != VICTIM_KEEP)
		return fate;
	const char *why = act_truncate_copy_kept(&k, &v, fd);
	return why ? store_put_instead(&k, why) : VICTIM_GO;
}

bool truncate_is_judged(int dir, const char *name, int at, unsigned long length)
{
	struct statx st;
	return victim_is_judged(EVENT_TRUNCATE) && !victim_look(dir, name, at, &st) &&
	       act_truncate_has_content(&st, length) && (!victim_is_new(&st) || journal_is_own_name(name));
}

/* One open; `how` with no size is openat(2). */
struct opening {
	int dir;
	const char *name;
	struct open_how how;
	unsigned long size; /* of the caller's open_how, for openat2(2); 0: openat(2) */
};

static long act_truncate_open_now(const struct opening *o, unsigned long without)
{
	struct open_how how = o->how;
	how.flags &= ~without;
	if (!o->size)
		return judged_openat(o->dir, o->name, how.flags, how.mode);
	return judged_openat2(o->dir, o->name, &how, sizeof how);
}

/* The session judges it, and keeps the content. */
static long act_truncate_open_left(const struct opening *o)
{
	return o->size ? left_openat2(o->dir, o->name, &o->how, sizeof o->how) :
			 left_openat(o->dir, o->name, o->how.flags, o->how.mode);
}

bool truncate_empties(unsigned long flags)
{
	return flags & O_TRUNC && !(flags & O_PATH) && (flags & O_TMPFILE) != O_TMPFILE &&
	       (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
}

/* Open the file without O_TRUNC, judge it, and then empty it, so that a file put in its place meanwhile is not
 * touched.  Without write access, only the kernel's open can truncate. */
static long act_truncate_open_kept(const struct opening *o)
{
	long fd = act_truncate_open_now(o, O_TRUNC);
	if (fd == -EACCES) /* with O_TRUNC, the kernel may report EROFS instead */
		return act_truncate_open_now(o, 0);
	if (fd < 0)
		return fd;
	bool writes = (o->how.flags & O_ACCMODE) != O_RDONLY;
	long err = truncate_before((int)fd, 0);
	if (!err && writes)
		err = judged_ftruncate((int)fd, 0);
	if (!err && writes)
		return fd;
	sys_close((int)fd);
	if (err == VICTIM_LEAVE)
		return act_truncate_open_left(o);
	return err ? err : act_truncate_open_now(o, 0);
}

static long act_truncate_open_judged(const struct opening *o)
{
	int follow = o->how.flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
	bool judged = truncate_empties(o->how.flags) && truncate_is_judged(o->dir, o->name, follow, 0);
	return judged ? act_truncate_open_kept(o) : act_truncate_open_now(o, 0);
}

long act_openat(int dir, const char *name, int flags, unsigned mode)
{
	const struct opening o = {.dir = dir, .name = name, .how = {.flags = (unsigned)flags, .mode = mode}};
	return act_truncate_open_judged(&o);
}

long act_openat2(int dir, const char *name, const struct open_how *how, unsigned long size)
{
	struct opening o = {.dir = dir, .name = name, .size = size};
	if (size != sizeof *how || !how) /* another version: the kernel decides */
		return judged_openat2(dir, name, how, size);
	o.how = *how;
	return act_truncate_open_judged(&o);
}

int act_before_truncate(int fd, long length)
{
	if (length < 0 || !truncate_is_judged(fd, "", AT_EMPTY_PATH, (unsigned long)length))
		return 0;
	return truncate_before(fd, (unsigned long)length);
}

int act_before_open(int dir, const char *name, int flags)
{
	int how = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (flags & O_NOFOLLOW);
	if (!truncate_empties((unsigned)flags))
		return 0;
	if (!*name)
		return act_before_truncate(dir, 0);
	if (!truncate_is_judged(dir, name, flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0, 0))
		return 0;
	long fd = sys_above_standard(judged_openat(dir, name, how, 0));
	if (fd < 0)
		return 0; /* the open itself reports the error */
	int err = truncate_before((int)fd, 0);
	sys_close((int)fd);
	return err == VICTIM_LEAVE ? 0 : err; /* the open itself carries no cookie */
}

long act_truncate(const char *name, long length)
{
	if (length < 0 || !truncate_is_judged(AT_FDCWD, name, 0, (unsigned long)length))
		return judged_truncate(name, length);
	long fd = sys_above_standard(judged_openat(AT_FDCWD, name, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0));
	if (fd < 0)
		return judged_truncate(name, length);
	long err = truncate_before((int)fd, (unsigned long)length);
	if (!err)
		err = judged_ftruncate((int)fd, length);
	sys_close((int)fd);
	return err == VICTIM_LEAVE ? left_truncate(name, length) : err;
}

long act_ftruncate(int fd, long length)
{
	int err = act_before_truncate(fd, length);
	if (err == VICTIM_LEAVE)
		return left_ftruncate(fd, length);
	return err ? err : judged_ftruncate(fd, length);
}
