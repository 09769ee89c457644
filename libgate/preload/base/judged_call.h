/* SPDX-License-Identifier: BSD-2-Clause */
/* judged_call.h - the system calls that a session watches, as the interposer makes them: they remove or rename a name, shorten a
 * file, or open one for writing.  Each one either performs an act that has been judged, or writes to the session's own
 * store.  No other file of the interposer makes these calls (tests/house/judged_calls.t), so that one place decides how
 * the kernel can tell them from the calls of the program.  Like sys.h: a value or a negative errno, async-signal-safe,
 * vfork-safe. */
#ifndef GATE_PRELOAD_BASE_JUDGED_CALL_H
#define GATE_PRELOAD_BASE_JUDGED_CALL_H

#include <errno.h>
#include <linux/openat2.h>

#include "preload/base/sys.h"

static inline long judged_unlinkat(int dir, const char *name, int flags)
{
	return COOKIE_CALL(unlinkat, dir, name, flags, 0, 0);
}

static inline long judged_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return COOKIE_CALL(renameat2, from_dir, from, to_dir, to, flags);
}

/* For a call without flags, as libc makes it: an old kernel or a filter may not know renameat2. */
static inline long judged_rename(int from_dir, const char *from, int to_dir, const char *to)
{
#ifdef SYS_renameat
	long err = COOKIE_CALL(renameat, from_dir, from, to_dir, to, 0);
	if (err != -ENOSYS)
		return err;
#endif
	return judged_renameat2(from_dir, from, to_dir, to, 0);
}

static inline long judged_truncate(const char *name, long length)
{
	return COOKIE_CALL(truncate, name, length, 0, 0, 0);
}

static inline long judged_ftruncate(int fd, long length)
{
	return COOKIE_CALL(ftruncate, fd, length, 0, 0, 0);
}

/* The two opens take what the program passed: any flags, which may be those of an open for reading. */
static inline long judged_openat(int dir, const char *name, unsigned long flags, unsigned long mode)
{
	return COOKIE_CALL(openat, dir, name, flags, mode, 0);
}

static inline long judged_openat2(int dir, const char *name, const struct open_how *how, unsigned long size)
{
	return COOKIE_CALL(openat2, dir, name, how, size, 0);
}

/* The same calls, left to the session: this process can't judge them, or can't keep what they would lose.  They carry no
 * cookie. */
static inline long left_unlinkat(int dir, const char *name, int flags)
{
	return SYS(unlinkat, dir, name, flags, 0, 0, 0);
}

static inline long left_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
#ifdef SYS_renameat
	if (!flags)
		return SYS(renameat, from_dir, from, to_dir, to, 0, 0);
#endif
	return SYS(renameat2, from_dir, from, to_dir, to, flags, 0);
}

static inline long left_truncate(const char *name, long length)
{
	return SYS(truncate, name, length, 0, 0, 0, 0);
}

static inline long left_ftruncate(int fd, long length)
{
	return SYS(ftruncate, fd, length, 0, 0, 0, 0);
}

static inline long left_openat(int dir, const char *name, unsigned long flags, unsigned long mode)
{
	return SYS(openat, dir, name, flags, mode, 0, 0);
}

static inline long left_openat2(int dir, const char *name, const struct open_how *how, unsigned long size)
{
	return SYS(openat2, dir, name, how, size, 0, 0);
}

/* As libc makes them.  The filter of a program that leaves all calls to the session may kill it for any other. */
#ifdef SYS_unlink
static inline long left_unlink(const char *name)
{
	return SYS(unlink, name, 0, 0, 0, 0, 0);
}

static inline long left_rmdir(const char *name)
{
	return SYS(rmdir, name, 0, 0, 0, 0, 0);
}

static inline long left_rename(const char *from, const char *to)
{
	return SYS(rename, from, to, 0, 0, 0, 0);
}
#else
static inline long left_unlink(const char *name)
{
	return left_unlinkat(AT_FDCWD, name, 0);
}

static inline long left_rmdir(const char *name)
{
	return left_unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

static inline long left_rename(const char *from, const char *to)
{
	return left_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
#endif

#endif
