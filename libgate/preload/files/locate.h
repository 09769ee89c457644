/* locate.h - where a file really is: its directory resolved, the last component as it is named. */
#ifndef GATE_PRELOAD_FILES_LOCATE_H
#define GATE_PRELOAD_FILES_LOCATE_H

#include <linux/limits.h>
#include <stdbool.h>

#include "preload/base/process_memory.h"

/* The last component of a name, without the slashes behind it; *n its length, 0 for the root. */
const char *locate_last(const char *name, size_t *n);

/* Is it "", "." or "..", of which only the kernel can say what becomes? */
bool locate_is_dots(const char *name);

/* The absolute path of `name`, taken relative to `dir` as openat(2) does; the last component is not followed.  0; 1
 * when that is longer than a path may be: then it is the name in the nearest directory above whose path is not; or the
 * errno of looking.  Async-signal-safe. */
int locate(struct memory *m, int dir, const char *name, char path[PATH_MAX]);

/* The absolute path of an open file.  0 or a negative errno. */
int locate_fd(int fd, char path[PATH_MAX]);

/* Directories have moved: forget where they were (formats/remembered.h, memory-place). */
void locate_forget(struct memory *m);

#endif
