/* front_ops.h - what front ends can ask of a session: the operations of front_proto.h. */
#ifndef GATESH_FRONT_FRONT_OPS_H
#define GATESH_FRONT_FRONT_OPS_H

#include <jansson.h>

#include "front/front_server.h"

/* Do what the request (NULL: it was no JSON) of the desktop's or of another front end says. The reply: a new
 * reference, NULL when memory is out. *subscribe is set when the peer wants to hear of what changes from now on.
 * Events go out before the reply. */
json_t *front_ops_do(struct answers *a, const json_t *request, bool desktop, bool *subscribe);

#endif
