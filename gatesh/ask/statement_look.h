/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_look.h - a look at a statement that a process asks about, before a job with a thread begins: no rule speaks of most of
 * them.  Main thread. */
#ifndef GATESH_ASK_STATEMENT_LOOK_H
#define GATESH_ASK_STATEMENT_LOOK_H

#include <stdbool.h>

#include "ask/job.h"

/* Does no rule of the session speak of it?  Then it may go ahead, and the log says nothing.  False for other events, for a long text,
 * and in a frozen session.  *handle is NULL at first, and the caller's to gate_end(). */
bool statement_look_passes(gate_handle_t **handle, const struct workers *w, const struct gate_event *ev);

#endif
