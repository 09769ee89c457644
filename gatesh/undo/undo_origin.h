/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_origin.h - the place that something lost goes back to, if it was moved before it was lost.
 *
 * After "mv a b; rm b" it depends on the choice: an undo of everything since a time before the move brings back "a", one of the
 * removal alone brings back "b", and one of a path brings back what was there. */
#ifndef GATESH_UNDO_UNDO_ORIGIN_H
#define GATESH_UNDO_UNDO_ORIGIN_H

#include "undo/undo_plan.h"

/* Find the place of a record, by the moves of its session that the choice takes back:
 *   - with `since_ms` or a command the first place, after the time or the command's begin
 *   - otherwise the last place under one of the paths.  From there, moves out of the workspace or to where Gate gives files up
 *     are taken back as well, as such a place is nobody's choice for the file.
 * A move of something that is still there is taken back only if the undo moves it back, and no place outside the workspaces
 * is a first one.  *place is r->path or `*owned`, which
 * the caller frees, or NULL if the choice has no place of it.  Returns 0 or -ENOMEM. */
int undo_origin_find(const struct store_records *k, const struct undo_choice *c, const char **place, char **owned);

/* The note for a list: "was PLACE", the first place, after `secret` and "; " unless that is "".  The caller frees it.  NULL if
 * it was not moved. */
char *undo_origin_note(const struct store_records *k, const char *secret);

/* Was it ever at the path in its session, or with `below` under it? */
bool undo_origin_was_at(const struct store_records *k, const char *path, bool below);

#endif
