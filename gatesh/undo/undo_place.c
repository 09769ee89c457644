/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_place.c - resolves a path that may no longer exist. */
#include "undo/undo_place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"

int undo_here(char *buf, size_t size)
{
	const char *pwd = getenv("PWD");
	if (getcwd(buf, size))
		return 0;
	if (errno != ENOENT || !pwd || *pwd != '/')
		return -errno;
	int n = snprintf(buf, size, "%s", pwd);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* Remove "", "." and ".." from an absolute path in place.  Nothing more can be done for components that don't exist. */
static void undo_place_normalise(char *path)
{
	char *to = path;
	for (const char *p = path; *p;) {
		p += strspn(p, "/");
		size_t n = strcspn(p, "/");
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			while (to > path && *--to != '/')
				;
		} else if (n && !(n == 1 && *p == '.')) {
			*to++ = '/';
			memmove(to, p, n);
			to += n;
		}
		p += n;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

char *undo_resolve(const char *here, const char *path)
{
	cleanup_strbuf struct strbuf b = {0}, out = {0};
	strbuf_printf(&b, "%s%s%s", *path == '/' ? "" : here, *path == '/' ? "" : "/", path);
	if (b.err)
		return NULL;
	/* Resolve the longest existing directory above it, and append the rest. */
	for (char *cut = b.s + b.len; (cut = memrchr(b.s, '/', (size_t)(cut - b.s)));) {
		char real[PATH_MAX];
		*cut = '\0';
		const char *found = realpath(cut == b.s ? "/" : b.s, real);
		*cut = '/';
		if (!found)
			continue;
		strbuf_printf(&out, "%s%s", real, cut);
		break;
	}
	if (!out.len)
		strbuf_puts(&out, b.s);
	char *whole = strbuf_take(&out);
	if (whole)
		undo_place_normalise(whole);
	return whole;
}
