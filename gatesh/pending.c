/* pending.c - see pending.h. */
#include "pending.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answerproto.h"
#include "sessiondir.h"

json_t *pending_all(int *unreached)
{
	struct session_info *sessions;
	int n = sessiondir_list(&sessions);
	*unreached = 0;
	if (n < 0) {
		fprintf(stderr, "gate: the sessions cannot be listed: %s\n", strerror(-n));
		return NULL;
	}
	json_t *all = json_array();
	for (int i = 0; i < n && all; i++) {
		const char *error;
		json_t *reply = answer_request(sessions[i].id, json_pack("{s:s}", "op", "pending"), &error);
		if (!reply) {
			fprintf(stderr, "gate: session %s: %s\n", sessions[i].id, error);
			++*unreached;
		} else if (json_array_extend(all, json_object_get(reply, "questions"))) {
			json_decref(all);
			all = NULL;
		}
		json_decref(reply);
	}
	session_info_free(sessions, n);
	return all;
}

/* Does `name` mean this question? */
static bool is_called(const json_t *q, const char *name)
{
	const char *session = json_string_value(json_object_get(q, "session")), *dot = strchr(name, '.');
	char *end;
	unsigned long id = strtoul(dot ? dot + 1 : name, &end, 10);
	if (*end || end == name || (json_int_t)id != json_integer_value(json_object_get(q, "id")))
		return false;
	return !dot || (session && strlen(session) == (size_t)(dot - name) && !memcmp(session, name, (size_t)(dot - name)));
}

json_t *pending_find(const char *name)
{
	int unreached;
	size_t i, hits = 0;
	json_t *all = pending_all(&unreached), *q, *found = NULL;
	json_array_foreach(all, i, q) {
		if (!is_called(q, name))
			continue;
		found = q;
		hits++;
	}
	json_incref(hits == 1 ? found : NULL);
	if (hits > 1)
		fprintf(stderr, "gate: several sessions have a question %s: say SESSION.%s (gatesh pending lists them)\n", name, name);
	else if (!hits && all)
		fprintf(stderr, "gate: no question %s is open\n", name);
	json_decref(all);
	return hits == 1 ? found : NULL;
}
