/* store_internal.h - shared by store.c (places) and store_registry.c (what tells of them). */
#ifndef GATESH_STORE_STORE_INTERNAL_H
#define GATESH_STORE_STORE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"

#define STORE_ENTRY_FILE "session.json"

/* The directory `name` in the directory `dir`, made when it is not there: a descriptor, or a negative errno; -EPERM
 * when what is there is not a directory of this user's with mode 0700. *made (may be NULL) tells whether it is new. */
int store_directory(int dir, const char *name, bool make, bool *made);

/* $XDG_STATE_HOME/gate/undo into path (PATH_MAX): a descriptor, or a negative errno; -ENOENT when it is not there and
 * not to be made. */
int registry_open(char *path, bool make);

/* Write session.json into the open directory of the entry, whole or not at all.  0 or a negative errno. */
int registry_write(int dir, const struct store_entry *e);

/* See that the workspace has a store, and append it to e->stores (which has room for all). 0, or a negative errno,
 * told in `why`. */
int store_place(struct store_entry *e, const char *workspace, struct strbuf *why);

#endif
