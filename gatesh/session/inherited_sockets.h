/* SPDX-License-Identifier: BSD-2-Clause */
/* inherited_sockets.h - logs the connected sockets that a command inherits.  It never connects them itself, so no
 * other event shows them. */
#ifndef GATESH_SESSION_INHERITED_SOCKETS_H
#define GATESH_SESSION_INHERITED_SOCKETS_H

#include "ask/job.h"

/* Log the destination of every connected socket that `program` inherits.  Call it just before the start. */
void inherited_record(struct workers *w, const char *program);

#endif
