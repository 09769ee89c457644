/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - whether this process is in a session. */
#ifndef GATESH_SEAM_INSIDE_H
#define GATESH_SEAM_INSIDE_H

#include <stdbool.h>

/* Is this process inside a living session?  Sessions do not nest. */
bool session_inside(void);

#endif
