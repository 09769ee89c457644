/* SPDX-License-Identifier: BSD-2-Clause */
/* judged_call.h - the system calls that a session watches, as the interposer makes them: they remove or rename a name, shorten a
 * file, or open one for writing.  Each one either performs an act that has been judged, or writes to the session's own
 * store.  No other file of the interposer makes these calls (tests/house/judged_calls.t), so that one place decides how
 * the kernel can tell them from the calls of the program.  Like sys.h: a value or a negative errno, async-signal-safe,
 * vfork-safe. */
#ifndef GATE_PRELOAD_BASE_JUDGED_CALL_H
#define GATE_PRELOAD_BASE_JUDGED_CALL_H

#include <linux/openat2.h>

#include "preload/base/sys.h"

static inline long judged_unlinkat(int dir, const char *name, int flags)
{
	return SYS(unlinkat, dir, name, flags, 0, 0, 0);
}

static inline long judged_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return SYS(renameat2, from_dir, from, to_dir, to, flags, 0);
}

static inline long judged_truncate(const char *name, long length)
{
	return SYS(truncate, name, length, 0, 0, 0, 0);
}

static inline long judged_ftruncate(int fd, long length)
{
	return SYS(ftruncate, fd, length, 0, 0, 0, 0);
}

/* The two opens take what the program passed: any flags, which may be those of an open for reading. */
static inline long judged_openat(int dir, const char *name, unsigned long flags, unsigned long mode)
{
	return SYS(openat, dir, name, flags, mode, 0, 0);
}

static inline long judged_openat2(int dir, const char *name, const struct open_how *how, unsigned long size)
{
	return SYS(openat2, dir, name, how, size, 0, 0);
}

#endif
