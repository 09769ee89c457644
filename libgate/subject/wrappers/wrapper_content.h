/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_content.h - turns the input of programs into subjects.  Private to libgate. */
#ifndef GATE_SUBJECT_WRAPPERS_WRAPPER_CONTENT_H
#define GATE_SUBJECT_WRAPPERS_WRAPPER_CONTENT_H

#include "effects/effects.h"
#include "subject/wrappers/wrapper.h"

enum {
	CONTENT_FILES_MAX = 64, /* files read per event */
	CONTENT_DEPTH_MAX = 4,  /* nested files that name files */
};

/* Append a subject for every statement that an SQL client receives, by its arguments, files or standard input, and for
 * every line that any command receives on standard input, if a rule needs it.  Returns 0, -ENOMEM or -E2BIG. */
int content_of_command(struct wrapper_walk *p, const char *const *words, size_t n);

/* Return the name of the i-th client whose statements are read, and its engine; NULL behind the last. */
const char *content_client(size_t i, enum effect_engine *engine);

/* Judge the commands of a shell script if no process would be judged when it runs (gatesh check). */
int content_of_script(struct wrapper_walk *p, const char *path);

#endif
