/* SPDX-License-Identifier: BSD-2-Clause */
/* program.c - searches PATH for an executable. */
#include "util/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool program_find(const char *name, char *buf, size_t size)
{
	const char *path = getenv("PATH");
	struct stat st;
	if (strchr(name, '/'))
		return (size_t)snprintf(buf, size, "%s", name) < size;
	for (const char *dir = path ? path : "/usr/local/bin:/usr/bin:/bin"; dir;) {
		size_t n = strcspn(dir, ":");
		int len = snprintf(buf, size, "%.*s/%s", n ? (int)n : 1, n ? dir : ".", name);
		if (len > 0 && (size_t)len < size && !access(buf, X_OK) && !stat(buf, &st) && S_ISREG(st.st_mode))
			return true;
		dir = dir[n] ? dir + n + 1 : NULL;
	}
	return false;
}
