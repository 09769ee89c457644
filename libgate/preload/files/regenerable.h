/* regenerable.h - is what a directory holds made again by itself?  What file rules want to know with `within`. */
#ifndef GATE_PRELOAD_FILES_REGENERABLE_H
#define GATE_PRELOAD_FILES_REGENERABLE_H

#include "preload/base/process_memory.h"

/* enum gate_file_flag */
enum { REGENERABLE_CACHE = 8, REGENERABLE_IGNORED = 16 };

/* Which of `wants` hold for the absolute `path`:
 *   REGENERABLE_CACHE    a directory above it has a CACHEDIR.TAG (bford.info/cachedir)
 *   REGENERABLE_IGNORED  git ignores a directory between it and the top of its workspace: by a plain line of a .gitignore on
 *   the way
 *                  (NAME, NAME/, /NAME, /NAME/), or by a "*" in the directory's own.  Anything cleverer is not
 *                  recognised.
 * The process remembers what was found (formats/remembered.h, memory-tree and memory-plain): the tag may be the first
 * file to be deleted.  5 KiB of stack. */
unsigned regenerable_flags(struct memory *m, const char *path, unsigned wants);

#endif
