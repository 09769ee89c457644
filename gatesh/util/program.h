/* program.h - a program by its name. */
#ifndef GATESH_UTIL_PROGRAM_H
#define GATESH_UTIL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Where execvp(3) would find it: into buf (a name with a slash as it is).  False: nowhere, or it does not fit. */
bool program_find(const char *name, char *buf, size_t size);

#endif
