/* SPDX-License-Identifier: BSD-2-Clause */
/* all_sessions.c - asks every session of the user for its open questions or its grants, and finds one by name. */
#include "front/all_sessions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/front_proto.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/session_dir.h"

static const struct {
	const char *op, *member, *name, *being, *command;
} kinds[] = {
	[ALL_SESSIONS_QUESTIONS] = {"pending", "questions", "question", "open", "gatesh pending"},
	[ALL_SESSIONS_GRANTS] = {"grants", "grants", "grant", "in force", "gatesh grants"},
};

/* Add those of one session and set `session` in each.  0 or -1 (out of memory). */
static int all_sessions_add(json_t *all, const json_t *some, const char *session)
{
	size_t i;
	json_t *o;
	json_array_foreach(some, i, o) if (json_put(o, "session", session)) return -1;
	return json_array_extend(all, (json_t *)some);
}

json_t *all_sessions_each(enum all_sessions_kind what, int *unreached)
{
	struct session_info *sessions;
	int n = session_dir_list(&sessions);
	*unreached = 0;
	if (n < 0) {
		fprintf(stderr, "gate: cannot list the sessions: %s\n", strerror(-n));
		return NULL;
	}
	json_t *all = json_array();
	for (int i = 0; i < n && all; i++) {
		const char *error;
		json_t *reply = front_request(sessions[i].id, json_pack("{s:s}", "op", kinds[what].op), &error);
		if (!reply) {
			fprintf(stderr, "gate: session %s: %s\n", sessions[i].id, error);
			++*unreached;
		} else if (all_sessions_add(all, json_object_get(reply, kinds[what].member), sessions[i].id)) {
			json_decref(all);
			all = NULL;
		}
		json_decref(reply);
	}
	session_info_free(sessions, n);
	return all;
}

/* Does `name` mean this one? */
static bool all_sessions_is_called(const json_t *o, const char *name)
{
	const char *session = json_string_value(json_object_get(o, "session")), *dot = strchr(name, '.');
	char *end;
	unsigned long id = strtoul(dot ? dot + 1 : name, &end, 10);
	if (*end || end == name || (json_int_t)id != json_integer_value(json_object_get(o, "id")))
		return false;
	size_t n = dot ? (size_t)(dot - name) : 0;
	return !dot || (session && strlen(session) == n && !memcmp(session, name, n));
}

json_t *all_sessions_find(enum all_sessions_kind what, const char *name)
{
	int unreached;
	size_t i, hits = 0;
	json_t *all = all_sessions_each(what, &unreached), *o, *found = NULL;
	json_array_foreach(all, i, o)
	{
		if (!all_sessions_is_called(o, name))
			continue;
		found = o;
		hits++;
	}
	json_incref(hits == 1 ? found : NULL);
	if (hits > 1) {
		fprintf(stderr, "gate: several sessions have a %s %s: use SESSION.%s (%s lists them)\n",
			kinds[what].name, name, name, kinds[what].command);
	} else if (!hits && all && !unreached) { /* else it may be in a session that did not say */
		fprintf(stderr, "gate: no %s ", kinds[what].name);
		out_text(stderr, name);
		fprintf(stderr, " is %s (%s lists them)\n", kinds[what].being, kinds[what].command);
	}
	json_decref(all);
	return hits == 1 ? found : NULL;
}

int all_sessions_show(enum all_sessions_kind what, bool json, int (*table)(const json_t *all))
{
	int unreached, err = 0;
	json_t *all = all_sessions_each(what, &unreached), *one;
	size_t i;
	if (!all)
		return EXIT_SOFTWARE;
	if (json)
		json_array_foreach(all, i, one) err |= json_line(json_incref(one), stdout);
	else
		err = table(all);
	json_decref(all);
	return out_done(err ? EXIT_SOFTWARE : unreached ? EXIT_NOBODY : 0);
}
