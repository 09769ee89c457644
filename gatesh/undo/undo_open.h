/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_open.h - finds the programs that have a file open which an undo would replace.  A database server that goes on
 * writing into the file, or into the log beside it, spoils what came back. */
#ifndef GATESH_UNDO_UNDO_OPEN_H
#define GATESH_UNDO_UNDO_OPEN_H

#include "undo/undo_plan.h"

/* Report on stderr every process that has a file of the plan, or an SQLite log beside it, open for writing.  Sees the
 * processes that this user may look into.  Returns the number of reports; each is one process and file. */
size_t undo_open_report(const struct undo_plan *p);

/* Report the databases of the plan that come back together with their write-ahead log, both from copies: they were
 * copied one after the other. */
void undo_open_report_copies(const struct undo_plan *p);

#endif
