/* pending.h - the open questions of all of the user's sessions, for the one-shot commands. */
#ifndef GATESH_PENDING_H
#define GATESH_PENDING_H

#include <jansson.h>

/* All of them, oldest session first: an array of QUESTION objects (answerproto.h), a new reference.  A session that can't be reached is
 * told on stderr and left out, and *unreached counts it.  NULL when memory is out or the sessions can't be listed (told). */
json_t *pending_all(int *unreached);

/* The one called `name`: "3" when only one session has such a question, "SESSION.3" always.  A new reference, or NULL, told on
 * stderr. */
json_t *pending_find(const char *name);

#endif
