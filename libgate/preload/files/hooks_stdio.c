/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_stdio.c - the hooks of fopen and freopen.  They keep a file that "w" would empty before libc opens it. */
#include <fcntl.h>
#include <stdio.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/str.h"

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

HOOK FILE *fopen(const char *restrict name, const char *restrict mode)
{
	static fopen_fn *next;
	if (!next)
		next = (fopen_fn *)hook_next("fopen");
	if (hooks_stdio_empties(mode) && hook_return(act_before_open(AT_FDCWD, name, O_WRONLY | O_TRUNC)))
		return NULL;
	return next(name, mode);
}

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
	if (hooks_stdio_empties(mode) && hook_return(act_before_open(AT_FDCWD, file, O_WRONLY | O_TRUNC))) {
		fclose(f); /* as libc does if it can't open the file */
		return NULL;
	}
	return next(name, mode, f);
}

HOOK_ALIAS(fopen, fopen64);
HOOK_ALIAS(freopen, freopen64);
