/* SPDX-License-Identifier: BSD-2-Clause */
/* file_copy.h - copies a file with its content, owner, mode, extended attributes and times. */
#ifndef GATESH_UTIL_FILE_COPY_H
#define GATESH_UTIL_FILE_COPY_H

#include <sys/stat.h>

/* Copy the regular file or symbolic link `from_name` in the directory `from` to `to_name` in `to`: content (shared
 * where the file system supports it), owner, mode, extended attributes, times.  `to_name` must not exist.  Returns 0 or
 * a negative errno; on error no part of the copy remains. */
int file_copy(int from, const char *from_name, int to, const char *to_name);

/* Replace the content of the open file `to` with that of the open file `from`.  Returns 0 or a negative errno. */
int file_copy_content(int from, int to);

/* Copy owner, mode, extended attributes and times of the open file `from` to the open file `to`.  Extended attributes
 * that the file system does not support or the user may not set are left out.  Returns 0 or a negative errno. */
int file_copy_attributes(int from, int to);

#endif
