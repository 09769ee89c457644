/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_known.h - says what is known of a path that has no kept version: why not. */
#ifndef GATESH_UNDO_UNDO_KNOWN_H
#define GATESH_UNDO_UNDO_KNOWN_H

#include "store/store_records.h"

/* Print one line on stderr about the absolute `path`, from the journals of `l` (their records need not be true any
 * more), the audit log, and the file itself. */
void undo_known_report(const struct kept_list *l, const char *path);

#endif
