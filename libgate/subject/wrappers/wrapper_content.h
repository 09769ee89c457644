/* wrapper_content.h - what programs are given to read, as subjects.  Private to libgate. */
#ifndef GATE_SUBJECT_WRAPPERS_WRAPPER_CONTENT_H
#define GATE_SUBJECT_WRAPPERS_WRAPPER_CONTENT_H

#include "subject/wrappers/wrapper.h"

enum {
	CONTENT_FILES_MAX = 64, /* read for one event */
	CONTENT_DEPTH_MAX = 4,  /* files that name files */
};

/* Append a subject for every statement that an SQL client is given, by its arguments, files or standard input, and for
 * every line that any command is given on standard input, that a rule wants.  0, -ENOMEM, -E2BIG. */
int content_of_command(struct wrapper_walk *p, const char *const *words, size_t n);

/* Peel a shell script, where there is no process that would be judged when it runs (gatesh check). */
int content_of_script(struct wrapper_walk *p, const char *path);

#endif
