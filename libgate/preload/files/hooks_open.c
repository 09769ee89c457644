/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_open.c - the hooks of open and its relatives.  They judge O_TRUNC, and reading files that keep credentials.  With the seam they make every open for writing
 * themselves, by the session's cookie.  An open for reading is libc's own, which is a cancellation point. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/files/act_read.h"

typedef int open_fn(const char *, int, mode_t);
typedef int openat_fn(int, const char *, int, mode_t);
typedef int open_2_fn(const char *, int);
typedef int openat_2_fn(int, const char *, int);

/* libc's function, looked up at the first call. */
#define NEXT(type, name)                                               \
	({                                                             \
		static type *next;                                     \
		type *fn = __atomic_load_n(&next, __ATOMIC_RELAXED);   \
		if (__builtin_expect(!fn, 0)) {                        \
			fn = (type *)hook_next(name);                  \
			__atomic_store_n(&next, fn, __ATOMIC_RELAXED); \
		}                                                      \
		fn;                                                    \
	})

/* Is the open made here? */
static inline bool hooks_open_is_ours(int flags)
{
	return __builtin_expect(flags & O_TRUNC || (flags & O_ACCMODE && state.seam), 0);
}

static int __attribute__((noinline)) hooks_open_judged(int dir, const char *name, int flags, mode_t mode)
{
	state_judges(); /* gets the cookie */
	return (int)hook_return(act_openat(dir, name, flags, mode));
}

/* Only some flags come with a mode.  Reading it in any case is safe: libc's own syscall stubs do the same. */
#define MODE(flags, ap, last)                      \
	({                                         \
		va_start(ap, last);                \
		mode_t mode_ = va_arg(ap, mode_t); \
		va_end(ap);                        \
		mode_;                             \
	})

HOOK int open(const char *name, int flags, ...)
{
	va_list ap;
	mode_t mode = MODE(flags, ap, flags);
	if (hooks_open_is_ours(flags))
		return hooks_open_judged(AT_FDCWD, name, flags, mode);
	if (act_read_concerns(name) && hook_return(act_read(AT_FDCWD, name, (unsigned)flags)))
		return -1;
	return NEXT(open_fn, "open")(name, flags, mode);
}

HOOK int openat(int dir, const char *name, int flags, ...)
{
	va_list ap;
	mode_t mode = MODE(flags, ap, flags);
	if (hooks_open_is_ours(flags))
		return hooks_open_judged(dir, name, flags, mode);
	if (act_read_concerns(name) && hook_return(act_read(dir, name, (unsigned)flags)))
		return -1;
	return NEXT(openat_fn, "openat")(dir, name, flags, mode);
}

HOOK int creat(const char *name, mode_t mode)
{
	return hooks_open_judged(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* _FORTIFY_SOURCE turns a call without a mode into these. */
int __open_2(const char *name, int flags);
int __open64_2(const char *name, int flags);
int __openat_2(int dir, const char *name, int flags);
int __openat64_2(int dir, const char *name, int flags);

static bool hooks_open_wants_mode(int flags)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

HOOK int __open_2(const char *name, int flags)
{
	if (hooks_open_is_ours(flags) && !hooks_open_wants_mode(flags))
		return hooks_open_judged(AT_FDCWD, name, flags, 0);
	if (act_read_concerns(name) && hook_return(act_read(AT_FDCWD, name, (unsigned)flags)))
		return -1;
	return NEXT(open_2_fn, "__open_2")(name, flags);
}

HOOK int __openat_2(int dir, const char *name, int flags)
{
	if (hooks_open_is_ours(flags) && !hooks_open_wants_mode(flags))
		return hooks_open_judged(dir, name, flags, 0);
	if (act_read_concerns(name) && hook_return(act_read(dir, name, (unsigned)flags)))
		return -1;
	return NEXT(openat_2_fn, "__openat_2")(dir, name, flags);
}

HOOK_ALIAS(open, open64);
HOOK_ALIAS(openat, openat64);
HOOK_ALIAS(creat, creat64);
HOOK_ALIAS(__open_2, __open64_2);
HOOK_ALIAS(__openat_2, __openat64_2);
