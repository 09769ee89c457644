/* SPDX-License-Identifier: BSD-2-Clause */
/* workspaces.h - finds the directories by which a session's file events are judged. */
#ifndef GATESH_ASK_WORKSPACES_H
#define GATESH_ASK_WORKSPACES_H

#include "image/image_options.h"

struct workspaces {
	struct gate_image_options options; /* its lists point into this; the caller sets on_fault_allow and stores */
	char **workspaces, **temporary;    /* NULL-terminated, owned; caches that variables name are temporary */
	char *home;                        /* resolved; NULL: none */
};

/* Find the directories.  The workspaces are the current directory and `more` (NULL-terminated, may be NULL), without
 * duplicates.  Sets options.since to now: files made later count as made in this session.  A workspace in `more` that
 * is not a directory is an error; a current directory that was removed is left out.  Returns 0 or a negative errno,
 * reported on stderr. */
int workspaces_find(struct workspaces *p, char *const *more);
void workspaces_free(struct workspaces *p);

#endif
