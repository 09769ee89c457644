/* read_file.h - a whole regular file into memory.  Internal to Gate. */
#ifndef GATE_BASE_READ_FILE_H
#define GATE_BASE_READ_FILE_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

/* Append the bytes of `path` to `out`, and tell its stat in *st (NULL: not wanted).  Never blocks on a FIFO or a
 * device. 0 or a negative errno: -EISDIR, -EINVAL (not a regular file), -EFBIG (over `max` bytes), -ENOMEM, what
 * open and read say. */
int read_file(const char *path, size_t max, struct strbuf *out, struct stat *st);

#pragma GCC visibility pop

#endif
