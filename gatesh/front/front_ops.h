/* SPDX-License-Identifier: BSD-2-Clause */
/* front_ops.h - runs the operations of front_proto.h that front ends request from a session. */
#ifndef GATESH_FRONT_FRONT_OPS_H
#define GATESH_FRONT_FRONT_OPS_H

#include <jansson.h>

#include "front/front_server.h"

/* Run the request of a front end (NULL: the line was not JSON); `desktop` says whether it is the desktop's. Returns
 * the reply as a new reference, NULL when memory is out. Sets *subscribe when the peer asks for later events. Events
 * go out before the reply. */
json_t *front_ops_do(struct answers *a, const json_t *request, bool desktop, bool *subscribe);

#endif
