/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_session.h - tells the session that this process is in of an agent's tool call. */
#ifndef GATESH_HOOK_HOOK_SESSION_H
#define GATESH_HOOK_HOOK_SESSION_H

#include "hook/hook_event.h"

/* Tell that the tool call of the event begins, or with `text` that it has ended; `text` gets what the session refused to it, one
 * line each, or "".  Waits for the session for five seconds at most.  A session that does not answer knows nothing of the call, and
 * judges as without. */
void hook_session_tell(const struct hook_event *e, char *text, size_t size);

#endif
