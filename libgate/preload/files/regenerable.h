/* SPDX-License-Identifier: BSD-2-Clause */
/* regenerable.h - can the content of a directory be regenerated?  File rules test this with `within`. */
#ifndef GATE_PRELOAD_FILES_REGENERABLE_H
#define GATE_PRELOAD_FILES_REGENERABLE_H

#include "formats/event.h"
#include "preload/base/process_memory.h"

/* The flags of `wants` (enum event_file_flag) that hold for the absolute `path`:
 *   EVENT_FILE_CACHE    a directory above it, which holds neither the home nor a workspace, has a CACHEDIR.TAG
 *                        (bford.info/cachedir)
 *   EVENT_FILE_IGNORED  git ignores a directory between it and the top of its workspace: by a plain line in a
 *                        .gitignore on the way (NAME, NAME/, /NAME, /NAME/), or by a "*" in the directory's own.
 *                        Other forms are not recognised.
 *   EVENT_FILE_LOCKED   it is in a workspace, and a directory above it, up to the workspace itself, has a lock file of
 *                        npm, yarn, pnpm or bun
 * A tag or lock file that the session made does not count: it says nothing of files from before the session.
 * A directory keeps its flags for the life of this process, because the file that proves them may be deleted first.
 * 5 KiB of stack. */
unsigned regenerable_flags(struct memory *m, const char *path, unsigned wants);

/* Those of the flags that this process knows to hold for the path already.  Reads no file; async-signal-safe. */
unsigned regenerable_remembered(const struct memory *m, const char *path);

#endif
