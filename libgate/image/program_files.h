/* SPDX-License-Identifier: BSD-2-Clause */
/* program_files.h - the files of the programs that rules and carriers name, as PATH has them.  Internal to libgate. */
#ifndef GATE_IMAGE_PROGRAM_FILES_H
#define GATE_IMAGE_PROGRAM_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "formats/image.h"
#include "rules/ruleset.h"

#pragma GCC visibility push(default)

struct program_file {
	char *path; /* where PATH has it; its last component is the name that rules know */
	struct gate_program_file file;
	uint32_t *own; /* hashes of the names under which it is what it is called: image.h */
	size_t nown;
};

struct program_files {
	struct program_file *v;
	size_t n;
};

/* Look at the file at `path`, which is followed.  Its start is read if it has a build id.  Returns 0 or a negative errno;
 * -ENOEXEC if it is not a regular file. */
int program_file_look(const char *path, struct gate_program_file *f);

/* Find the files in the directories of `path`.  A program of many names (busybox, a launcher) goes by its argv[0], and is
 * left out.  Returns 0 or -ENOMEM.  The caller frees the list in both cases. */
int program_files_find(const struct ruleset *rs, const char *path, struct program_files *out);

/* Return the path of the program that a file is by another name than `name`, or NULL. */
const char *program_files_of(const struct program_files *files, const struct gate_program_file *f, const char *name);

void program_files_free(struct program_files *files);

#pragma GCC visibility pop

#endif
