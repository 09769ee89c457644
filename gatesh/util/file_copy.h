/* file_copy.h - a copy of a file with all that belongs to it. */
#ifndef GATESH_UTIL_FILE_COPY_H
#define GATESH_UTIL_FILE_COPY_H

#include <sys/stat.h>

/* Make `to_name` in the directory `to` a copy of the regular file or symbolic link `from_name` in `from`: content
 * (shared where the file system can), owner, mode, extended attributes, times.  It must not exist.  0 or a negative
 * errno: then nothing is left of it. */
int file_copy(int from, const char *from_name, int to, const char *to_name);

/* The content of the open file `from` into the open file `to`, whose old content goes. 0 or a negative errno. */
int file_copy_content(int from, int to);

/* Owner, mode, extended attributes and times of the open file `from` for the open file `to`.  Attributes that the file
 * system does not know are left out.  0 or a negative errno. */
int file_copy_attributes(int from, int to);

#endif
