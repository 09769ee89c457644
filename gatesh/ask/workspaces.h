/* workspaces.h - the directories that the file events of a session go by. */
#ifndef GATESH_ASK_WORKSPACES_H
#define GATESH_ASK_WORKSPACES_H

#include "image/image_options.h"

struct workspaces {
	struct gate_image_options options; /* its lists are here; on_fault_allow and stores are the caller's to set */
	char **workspaces, **temporary;    /* NULL-terminated, owned */
	char *home;                        /* resolved; NULL: there is none */
};

/* Find them: the workspaces are the current directory and `more` (NULL-terminated, may be NULL), without repetitions;
 * made in this session is from now on.  0, or a negative errno, told on stderr: a workspace that is no directory is
 * refused; a current directory that is gone is none. */
int workspaces_find(struct workspaces *p, char *const *more);
void workspaces_free(struct workspaces *p);

#endif
