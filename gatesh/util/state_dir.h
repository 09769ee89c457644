/* SPDX-License-Identifier: BSD-2-Clause */
/* state_dir.h - $XDG_STATE_HOME/gate (default ~/.local/state/gate): the audit log, the registry of stores, the companion's
 * history. */
#ifndef GATESH_UTIL_STATE_DIR_H
#define GATESH_UTIL_STATE_DIR_H

#include <stddef.h>

#define STATE_DIR_AUDIT "audit.jsonl"

/* Write the path of the file `name` in the state directory to buf; nothing is made.  Returns 0, -ENOENT (no home), or
 * -ENAMETOOLONG. */
int state_dir_file(char *buf, size_t size, const char *name);

/* Make the missing directories above `path`, 0700.  `path` is modified meanwhile and restored.  Returns 0 or a negative
 * errno. */
int state_dir_make(char *path);

/* Can the file `path`, no symbolic link, be written, or made with the directories above it?  Returns 0, or a negative errno and in *len the length of
 * the part of `path` that stands in the way. */
int state_dir_check(const char *path, size_t *len);

/* What to do about a state directory that can't be used, for the end of a message. */
#define STATE_DIR_ADVICE "set XDG_STATE_HOME (or HOME) to a directory that you can write"

#endif
