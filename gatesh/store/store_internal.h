/* SPDX-License-Identifier: BSD-2-Clause */
/* store_internal.h - functions shared by store.c, which makes the stores, and store_registry.c, which lists them. */
#ifndef GATESH_STORE_STORE_INTERNAL_H
#define GATESH_STORE_STORE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"

#define STORE_ENTRY_FILE "session.json"

/* Open the directory `name` in the directory `dir`; with `make`, make it if it is missing.  Returns a descriptor or a
 * negative errno, -EPERM if it is not a directory of this user, or one that others may write to; one that they may only
 * read gets mode 0700 again.  *made (may be NULL) is set to whether it is new. */
int store_directory(int dir, const char *name, bool make, bool *made);

/* Open $XDG_STATE_HOME/gate/undo and write its path to `path` (PATH_MAX).  Returns a descriptor or a negative errno,
 * -ENOENT if it is missing and `make` is false. */
int registry_open(char *path, bool make);

/* Write session.json in the entry's open directory, atomically.  Returns 0 or a negative errno. */
int registry_write(int dir, const struct store_entry *e);

/* Make sure that the workspace has a store.  A new one is appended to e->stores, which has room for all.  Returns 0 or
 * a negative errno, with the reason in `why`. */
int store_place(struct store_entry *e, const char *workspace, struct strbuf *why);

/* Make the registry's entry a store as well, if no store is on its file system: for files that no workspace holds, and
 * where another disk is full.  The session does without it if that fails. */
void store_place_home(struct store_entry *e);

/* Write the files that keep git and backups out of the open directory, unless they are there.  Returns 0 or a negative
 * errno. */
int store_mark(int dir);
/* Remove them. */
void store_unmark(int dir);
/* Is this the name of one of them? */
bool store_is_mark(const char *name);

#endif
