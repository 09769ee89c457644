/* inherited.h - sockets that a command is given already connected: nothing connects, so they are logged when it
 * starts. */
#ifndef GATESH_INHERITED_H
#define GATESH_INHERITED_H

#include "worker.h"

/* Log the destination of every connected socket that `program`, to be started now, will have open. */
void inherited_record(struct workers *w, const char *program);

#endif
