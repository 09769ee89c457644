/* SPDX-License-Identifier: BSD-2-Clause */
/* session_cover.h - which files are hidden from the programs of a session with a principal: those of its sources, and those that a
 * rule on `read` protects. */
#ifndef GATESH_SESSION_SESSION_COVER_H
#define GATESH_SESSION_SESSION_COVER_H

#include <limits.h>

#include "session/session_core.h"
#include "util/cover.h"

/* Owned; zero-initialise, session_cover_free(). */
struct session_cover {
	struct cover cover;
	char with[PATH_MAX]; /* in the session's directory */
	char **files;
	size_t n;
};

/* Find the files that there are now.  The rules hide files that calls past the interposer would open: a static program's, a raw
 * call's.  Returns what spawn_exec() takes, valid until session_cover_free(); NULL if there is nothing to hide or no right to mount
 * (gatesh is not root's), or, with *err set, if memory is out. */
const struct cover *session_cover_find(struct session_cover *c, const struct session_core *v, int *err);
void session_cover_free(struct session_cover *c);

#endif
