/* SPDX-License-Identifier: BSD-2-Clause */
/* name.c - base names of paths and of programs. */
#include "base/name.h"

#include <string.h>

const char *name_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

const char *name_program(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *name = slash && slash[1] ? slash + 1 : word;
	return *name == '-' && name[1] ? name + 1 : name; /* a login shell has a leading dash */
}
