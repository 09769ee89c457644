/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_unkept.h - the files that a yes let a session write in place though they could not be kept (STORE_OP_UNKEPT): what
 * belongs to their earlier state may be of no use without them. */
#ifndef GATESH_UNDO_UNDO_UNKEPT_H
#define GATESH_UNDO_UNDO_UNKEPT_H

#include "undo/undo_plan.h"

/* SQLite would apply a log or a journal that comes back to the later state of its database.  Mark such items of the plan as
 * impossible, where the database is such a file. */
void undo_unkept_settle(struct undo_plan *p, const struct kept_list *l);

/* Say on stderr which such files the programs wrote whose other files come back: a database of several files may not fit
 * together. */
void undo_unkept_report(const struct undo_plan *p, const struct kept_list *l);

#endif
