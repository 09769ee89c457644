/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_temporary.c - the hooks of mkstemp, its relatives and tmpfile.  libc would make their files by calls of its own,
 * which the session would have to look at; with the seam they are made here, by the session's cookie. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

enum {
	LETTERS = 6,             /* X's of a template */
	ATTEMPTS = 62 * 62 * 62, /* glibc's TMP_MAX: so many names are tried before EEXIST */
	NONBLOCK = 1,            /* GRND_NONBLOCK */
	FILE_MODE = S_IRUSR | S_IWUSR,
};

static bool hooks_temporary_are_ours(void)
{
	return state_judges() && state.seam;
}

/* Names need not be secret: O_EXCL refuses one that somebody has guessed. */
static uint64_t hooks_temporary_random(unsigned attempt)
{
	uint64_t v;
	struct timespec now = {0};
	if (SYS(getrandom, &v, sizeof v, NONBLOCK, 0, 0, 0) == sizeof v)
		return v;
	SYS(clock_gettime, CLOCK_MONOTONIC, &now, 0, 0, 0, 0);
	v = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 32 ^ (uintptr_t)&v ^ (uint64_t)attempt << 40;
	return v * 6364136223846793005u >> 4;
}

static void hooks_temporary_name(char *to, uint64_t random)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	for (int i = 0; i < LETTERS; i++, random /= sizeof letters - 1)
		to[i] = letters[random % (sizeof letters - 1)];
}

/* Where the X's begin, or NULL if the template has none. */
static char *hooks_temporary_letters(char *template, int suffix)
{
	size_t n = text_length(template);
	if (suffix < 0 || n < LETTERS + (size_t)suffix)
		return NULL;
	char *x = template + n - (size_t)suffix - LETTERS;
	for (int i = 0; i < LETTERS; i++)
		if (x[i] != 'X')
			return NULL;
	return x;
}

/* Put letters in place of those at `x`, and make the file.  Returns the descriptor or a negative errno. */
static long hooks_temporary_make(const char *template, char *x, int flags)
{
	long fd = x ? -EEXIST : -EINVAL;
	flags = (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL;
	for (unsigned i = 0; fd == -EEXIST && i < ATTEMPTS; i++) {
		hooks_temporary_name(x, hooks_temporary_random(i));
		fd = act_openat(AT_FDCWD, template, flags, FILE_MODE);
	}
	return fd;
}

/* mkostemps(3). */
static int hooks_temporary_open(char *template, int suffix, int flags)
{
	hook_cancellation_point();
	return (int)hook_return(hooks_temporary_make(template, hooks_temporary_letters(template, suffix), flags));
}

HOOK int mkstemp(char *template)
{
	static int (*next)(char *);
	if (hooks_temporary_are_ours())
		return hooks_temporary_open(template, 0, 0);
	if (!next)
		next = hook_next("mkstemp");
	return next(template);
}

HOOK int mkostemp(char *template, int flags)
{
	static int (*next)(char *, int);
	if (hooks_temporary_are_ours())
		return hooks_temporary_open(template, 0, flags);
	if (!next)
		next = hook_next("mkostemp");
	return next(template, flags);
}

HOOK int mkstemps(char *template, int suffix)
{
	static int (*next)(char *, int);
	if (hooks_temporary_are_ours())
		return hooks_temporary_open(template, suffix, 0);
	if (!next)
		next = hook_next("mkstemps");
	return next(template, suffix);
}

HOOK int mkostemps(char *template, int suffix, int flags)
{
	static int (*next)(char *, int, int);
	if (hooks_temporary_are_ours())
		return hooks_temporary_open(template, suffix, flags);
	if (!next)
		next = hook_next("mkostemps");
	return next(template, suffix, flags);
}

/* In glibc, a file without a name; in musl, and where the file system has none, one whose name goes at once. */
static long hooks_temporary_nameless(void)
{
	char name[] = P_tmpdir "/tmpfXXXXXX";
	if (hook_is_glibc()) {
		hook_cancellation_point();
		long fd = act_openat(AT_FDCWD, P_tmpdir, O_RDWR | O_TMPFILE | O_EXCL, FILE_MODE);
		if (fd >= 0)
			return fd;
	}
	long fd = hooks_temporary_make(name, hooks_temporary_letters(name, 0), 0);
	if (fd >= 0)
		act_unlink(AT_FDCWD, name, 0);
	return fd;
}

HOOK FILE *tmpfile(void)
{
	static FILE *(*next)(void);
	if (!next)
		next = hook_next("tmpfile");
	if (!hooks_temporary_are_ours())
		return next();
	long fd = hook_return(hooks_temporary_nameless());
	FILE *f = fd < 0 ? NULL : fdopen((int)fd, "w+");
	if (fd >= 0 && !f)
		sys_close((int)fd);
	return f;
}

HOOK_ALIAS(mkstemp, mkstemp64);
HOOK_ALIAS(mkostemp, mkostemp64);
HOOK_ALIAS(mkstemps, mkstemps64);
HOOK_ALIAS(mkostemps, mkostemps64);
HOOK_ALIAS(tmpfile, tmpfile64);
