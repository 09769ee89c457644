/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_place.h - resolves command line paths to the form that records use. */
#ifndef GATESH_UNDO_UNDO_PLACE_H
#define GATESH_UNDO_UNDO_PLACE_H

#include <stddef.h>

/* The current directory; $PWD if it was removed.  Returns 0 or a negative errno. */
int undo_here(char *buf, size_t size);

/* Resolve `path` relative to `here`.  Symbolic links are resolved in the directories above it that exist; the rest is
 * normalised as text.  The last component is not followed.  The caller frees the result; NULL if memory is out. */
char *undo_resolve(const char *here, const char *path);

/* gatesh undo prune. */
int undo_prune(int argc, char **argv);

#endif
