/* inherited_sockets.h - sockets that a command is given already connected: nothing connects, so they are logged when it
 * starts. */
#ifndef GATESH_SESSION_INHERITED_SOCKETS_H
#define GATESH_SESSION_INHERITED_SOCKETS_H

#include "ask/job.h"

/* Log the destination of every connected socket that `program`, to be started now, will have open. */
void inherited_record(struct workers *w, const char *program);

#endif
