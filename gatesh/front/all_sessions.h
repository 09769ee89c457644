/* all_sessions.h - the open questions, or the grants, of all of the user's sessions, for the one-shot commands. */
#ifndef GATESH_FRONT_ALL_SESSIONS_H
#define GATESH_FRONT_ALL_SESSIONS_H

#include <jansson.h>
#include <stdbool.h>

enum all_sessions_kind { ALL_SESSIONS_QUESTIONS, ALL_SESSIONS_GRANTS };

/* All of them, oldest session first: an array of objects (front_proto.h) that have `session` and `id`, a new
 * reference. A session that can't be reached is told on stderr and left out, and *unreached counts it. NULL when
 * memory is out or the sessions can't be listed (told). */
json_t *all_sessions_each(enum all_sessions_kind what, int *unreached);

/* Print them all, as JSON a line or by `table` (0, or not when it could not be written).  The exit status of a command
 * that does no more. */
int all_sessions_show(enum all_sessions_kind what, bool json, int (*table)(const json_t *all));

/* The one called `name`: "3" when only one session has such a one, "SESSION.3" always. A new reference, or NULL,
 * told on stderr. */
json_t *all_sessions_find(enum all_sessions_kind what, const char *name);

#endif
