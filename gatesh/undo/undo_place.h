/* undo_place.h - the paths of a command line as the records have them. */
#ifndef GATESH_UNDO_UNDO_PLACE_H
#define GATESH_UNDO_UNDO_PLACE_H

#include <stddef.h>

/* The current directory, also when it was removed.  0 or a negative errno. */
int undo_here(char *buf, size_t size);

/* `path`, taken from `here`: what is there of the directories above it resolved, the rest as text; the last component
 * is not followed.  The caller frees; NULL when memory is out. */
char *undo_resolve(const char *here, const char *path);

/* gatesh undo prune. */
int undo_prune(int argc, char **argv);

#endif
