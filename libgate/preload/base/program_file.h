/* SPDX-License-Identifier: BSD-2-Clause */
/* program_file.h - is the file of an exec a program that rules know by another name?  The exec hooks, the constructor and
 * the session's supervisor share the answer.  Only opens, reads and closes files; async-signal-safe, vfork-safe. */
#ifndef GATE_PRELOAD_BASE_PROGRAM_FILE_H
#define GATE_PRELOAD_BASE_PROGRAM_FILE_H

#include <stdbool.h>

#include "formats/image.h"

#pragma GCC visibility push(default)

/* Return the path of the program that a file is, out of the checked image; NULL if it is none, or is executed under a name
 * of its own.  `dir`, `path` and `flags` are as in execveat(2), `name` is the executed path.  Costs one statx; another file
 * of the size of a known one is also read, up to GATE_PROGRAM_START bytes. */
const char *program_file_known(const void *image, int dir, const char *path, int flags, const char *name);

/* The same with the head of the image alone.  False is final. */
bool program_file_may_be_known(const struct gate_image_head *head, int dir, const char *path, int flags);

#pragma GCC visibility pop

#endif
