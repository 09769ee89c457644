/* SPDX-License-Identifier: BSD-2-Clause */
/* read_file.h - reads a whole regular file into memory.  Internal to Gate. */
#ifndef GATE_BASE_READ_FILE_H
#define GATE_BASE_READ_FILE_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

/* Append the bytes of `path` to `out` and store its stat in *st (NULL: not needed).  Never blocks on a FIFO or a
 * device.  Returns 0 or a negative errno: -EISDIR, -EINVAL (not a regular file), -EFBIG (more than `max` bytes),
 * -ENOMEM, or the errors of open and read. */
int read_file(const char *path, size_t max, struct strbuf *out, struct stat *st);

#pragma GCC visibility pop

#endif
