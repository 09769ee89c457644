/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - whether this process is in a session. */
#ifndef GATESH_SEAM_INSIDE_H
#define GATESH_SEAM_INSIDE_H

#include <stdbool.h>

/* Is this process inside a living session?  Sessions do not nest. */
bool session_inside(void);

/* Open a connection to the session that this process is in, for one message of formats/wire.h.  Returns the descriptor
 * (close-on-exec; reads and writes may not block), or a negative errno: -ENOENT outside of a session. */
int session_channel(void);

#endif
