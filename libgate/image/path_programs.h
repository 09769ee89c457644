/* SPDX-License-Identifier: BSD-2-Clause */
/* path_programs.h - reads the directories of PATH.  Internal to libgate. */
#ifndef GATE_IMAGE_PATH_PROGRAMS_H
#define GATE_IMAGE_PATH_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* An entry of a directory of PATH that may be a program. */
struct path_program {
	char *path;
	const char *name; /* its last component */
	dev_t dev;        /* of the file that the entry leads to */
	ino_t ino;
	uint64_t size; /* bytes; of a known one */
	bool known;    /* under a name that matters */
	bool link;     /* the entry is a symbolic link */
};

struct path_programs {
	struct path_program *v;
	size_t n, cap;
};

/* List the entries of the absolute directories of `path`: those with a name that `known` knows and, since they may lead to
 * the same files, symbolic links and other regular files.  A known one is a regular file that somebody may execute.
 * Directories that a Windows host serves (9P) are left out: reading them takes too long.  Returns 0 or -ENOMEM; what can't
 * be read is left out.  The caller frees the list in both cases. */
int path_programs_list(const char *path, bool (*known)(const char *name, void *data), void *data,
		       struct path_programs *out);
void path_programs_free(struct path_programs *list);

#endif
