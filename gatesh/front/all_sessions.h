/* SPDX-License-Identifier: BSD-2-Clause */
/* all_sessions.h - the open questions, or the grants, of all of the user's sessions, for the one-shot commands. */
#ifndef GATESH_FRONT_ALL_SESSIONS_H
#define GATESH_FRONT_ALL_SESSIONS_H

#include <jansson.h>
#include <stdbool.h>

enum all_sessions_kind { ALL_SESSIONS_QUESTIONS, ALL_SESSIONS_GRANTS };

/* Return all of them, oldest session first: an array of objects (front_proto.h) with `session` and `id`, as a new
 * reference. A session that can't be reached is reported on stderr, left out and counted in *unreached. NULL when
 * memory is out or the sessions can't be listed (reported on stderr). */
json_t *all_sessions_each(enum all_sessions_kind what, int *unreached);

/* Print them all, as one JSON object per line or through `table`, which returns non-zero when writing failed. Returns
 * the exit status of a command that does only this. */
int all_sessions_show(enum all_sessions_kind what, bool json, int (*table)(const json_t *all));

/* Find the one named `name`: "SESSION.3", or "3" when only one session has that number. Returns a new reference, or
 * NULL after a message on stderr. */
json_t *all_sessions_find(enum all_sessions_kind what, const char *name);

#endif
