/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_stdio.c - the hooks of fopen and freopen.  With the seam, fopen opens for writing by the session's cookie and makes
 * the stream with fdopen.  libc's freopen can't be given an open file, so the session sees its open.  Without the seam,
 * they keep a file that "w" would empty before libc opens it. */
#include <fcntl.h>
#include <stdio.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_read.h"

typedef FILE *fopen_fn(const char *, const char *);
typedef FILE *freopen_fn(const char *, const char *, FILE *);

/* Does the mode empty an existing file? */
static int hooks_stdio_empties(const char *mode)
{
	if (*mode != 'w')
		return 0;
	for (const char *m = mode; *m && *m != ','; m++)
		if (*m == 'x')
			return 0;
	return 1;
}

/* The flags that fopen opens with, or -1: libc's own opens for reading, and reads the modes of which fdopen makes another
 * stream.  glibc's fdopen takes 'c' and ",ccs=" for nothing, and no notice of a fifth letter after the first. */
static int hooks_stdio_flags(const char *mode)
{
	enum { LETTERS = 4 };
	int flags = *mode == 'w' ? O_WRONLY | O_CREAT | O_TRUNC :
		    *mode == 'a' ? O_WRONLY | O_CREAT | O_APPEND :
				   O_RDONLY;
	if (flags == O_RDONLY && *mode != 'r')
		return -1;
	for (int i = 1; mode[i]; i++) {
		switch (mode[i]) {
		case '+': flags = (flags & ~O_ACCMODE) | O_RDWR; break;
		case 'x': flags |= O_EXCL; break;
		case 'e': flags |= O_CLOEXEC; break;
		case 'b':
		case 't': break;
		default: return -1;
		}
		if (i > LETTERS)
			return -1;
	}
	return flags & O_ACCMODE ? flags : -1;
}

/* Only glibc's fopen is a cancellation point, and opens "a" at the end of the file. */
static FILE *__attribute__((noinline)) hooks_stdio_open(const char *name, const char *mode, int flags)
{
	if (hook_is_glibc())
		hook_cancellation_point();
	long fd = hook_return(act_openat(AT_FDCWD, name, flags, 0666));
	if (fd < 0)
		return NULL;
	FILE *f = fdopen((int)fd, mode);
	if (!f)
		sys_close((int)fd);
	else if ((flags & (O_APPEND | O_ACCMODE)) == (O_APPEND | O_WRONLY) && hook_is_glibc())
		sys_seek_end((int)fd);
	return f;
}

HOOK FILE *fopen(const char *restrict name, const char *restrict mode)
{
	static fopen_fn *next;
	int flags = hooks_stdio_flags(mode);
	if (!next)
		next = (fopen_fn *)hook_next("fopen");
	if (flags >= 0 && state_judges() && state.seam)
		return hooks_stdio_open(name, mode, flags);
	if (!state.seam && hooks_stdio_empties(mode) &&
	    hook_return(act_before_open(AT_FDCWD, name, O_WRONLY | O_TRUNC)))
		return NULL;
	if (*mode == 'r' && act_read_concerns(name) && hook_return(act_read(AT_FDCWD, name, O_RDONLY)))
		return NULL;
	return next(name, mode);
}

/* The session can't know which file a path through /proc/self means, so the stream's own file is kept here. */
HOOK FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict f)
{
	static freopen_fn *next;
	char link[32];
	const char *file = name;
	if (!next)
		next = (freopen_fn *)hook_next("freopen");
	if (!file) { /* reopens the same file in another mode */
		struct text t = text_in(link, sizeof link);
		text_put(&t, "/proc/self/fd/");
		text_put_number(&t, (unsigned long)fileno(f));
		file = link;
	}
	bool ours = !name || !state.seam;
	if (ours && hooks_stdio_empties(mode) && hook_return(act_before_open(AT_FDCWD, file, O_WRONLY | O_TRUNC))) {
		fclose(f); /* as libc does if it can't open the file */
		return NULL;
	}
	if (*mode == 'r' && act_read_concerns(name) && hook_return(act_read(AT_FDCWD, name, O_RDONLY))) {
		fclose(f);
		return NULL;
	}
	return next(name, mode, f);
}

HOOK_ALIAS(fopen, fopen64);
HOOK_ALIAS(freopen, freopen64);
