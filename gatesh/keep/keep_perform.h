/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_perform.h - brings a kept thing back: runs the undo command of its record, in the person's name. */
#ifndef GATESH_KEEP_KEEP_PERFORM_H
#define GATESH_KEEP_KEEP_PERFORM_H

#include "keep/keep_dir.h"

/* Run the entry's undo command in the directory of the act, with its target and $GATE_KEEP, on this terminal.  Ask the person
 * first.  Returns its exit status, 128 + a signal, or a negative errno if it could not be started.  If it succeeds, the record
 * says when. */
int keep_perform(struct keep_entry *e);

#endif
