/* SPDX-License-Identifier: BSD-2-Clause */
/* said_skeleton.h - the draft of a rule for a statement or a request. */
#ifndef GATESH_DRAFT_SAID_SKELETON_H
#define GATESH_DRAFT_SAID_SKELETON_H

#include <gate.h>

#include "base/strbuf.h"

/* Append the stanza: the first effect of the statement, or method, host and path of the request.  `id` NULL: a name made of
 * them.  Returns 0, -ENOENT (the statement has no effect) or -ENOMEM. */
int said_skeleton(const struct gate_event *ev, const char *id, struct strbuf *out);

#endif
