/* SPDX-License-Identifier: BSD-2-Clause */
/* program.h - finds a program by its name. */
#ifndef GATESH_UTIL_PROGRAM_H
#define GATESH_UTIL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Find `name` in PATH as execvp(3) would and write its path to buf; a name with a slash is copied.  Returns false if
 * there is no such program or the path does not fit. */
bool program_find(const char *name, char *buf, size_t size);

#endif
