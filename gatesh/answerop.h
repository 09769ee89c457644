/* answerop.h - what front ends can ask of a session: the operations of answerproto.h. */
#ifndef GATESH_ANSWEROP_H
#define GATESH_ANSWEROP_H

#include <jansson.h>

#include "answer.h"

/* Do what the request (NULL: it was no JSON) of the desktop's or of another front end says. The reply: a new
 * reference, NULL when memory is out. *subscribe is set when the peer wants to hear of what changes from now on.
 * Events go out before the reply. */
json_t *answerop_do(struct answers *a, const json_t *request, bool desktop, bool *subscribe);

#endif
