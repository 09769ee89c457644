/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_grants.c - gatesh grants: lists or revokes what a person allowed for the rest of a session. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/cmd.h"
#include "front/all_sessions.h"
#include "front/front_proto.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh grants [--json]\n"
	"       gatesh grants revoke ID\n"
	"\n"
	"List what was allowed for the rest of a session in any of your sessions: exactly what each\n"
	"grant covers, who gave it, when, and how often it was used.  'revoke' takes a grant back: the\n"
	"next time, Gate asks again.  A running program keeps a yes that it remembers itself: gatesh(1).\n"
	"A grant ends with its session.\n"
	"\n"
	"  -j, --json   print one JSON object per grant\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 no such grant, 2 a session could not be reached, 64 usage.\n";

static int cmd_grants_print_table(const json_t *all)
{
	struct table t = {.columns = 5};
	size_t i;
	json_t *g;
	bool colour = out_colour(stdout);
	json_array_foreach(all, i, g)
	{
		time_t since = (time_t)json_integer_value(json_object_get(g, "since"));
		char at[32];
		struct tm tm;
		strftime(at, sizeof at, "%H:%M:%S", localtime_r(&since, &tm));
		table_printf(&t, colour ? SGR_BOLD : NULL, "%s.%d", json_string_value(json_object_get(g, "session")),
			     (int)json_integer_value(json_object_get(g, "id")));
		table_put(&t, NULL, at);
		table_printf(&t, NULL, "used %d", (int)json_integer_value(json_object_get(g, "used")));
		table_put(&t, NULL, json_string_value(json_object_get(g, "by")));
		table_put(&t, NULL, json_string_value(json_object_get(g, "covers")));
	}
	return table_print(&t, stdout);
}

static int cmd_grants_revoke(const char *name)
{
	const char *error;
	json_t *g = all_sessions_find(ALL_SESSIONS_GRANTS, name);
	if (!g)
		return EXIT_DENY;
	json_t *reply = front_request(json_string_value(json_object_get(g, "session")),
				      json_pack("{s:s, s:O}", "op", "revoke", "id", json_object_get(g, "id")), &error);
	if (!reply)
		fprintf(stderr, "gate: grant %s: %s\n", name, error);
	json_decref(reply);
	json_decref(g);
	return reply ? 0 : EXIT_DENY;
}

int cmd_grants(int argc, char **argv)
{
	static const char *const acts[] = {"revoke", NULL};
	bool json = false;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	char **rest = argv + optind;
	if (!rest[0])
		return all_sessions_show(ALL_SESSIONS_GRANTS, json, cmd_grants_print_table);
	if (!usage_word_in(rest[0], acts))
		return usage_bad_word("gatesh grants", rest[0], acts);
	if (!rest[1] || rest[2] || json)
		return usage_error("grants", "takes 'revoke ID', or nothing");
	return cmd_grants_revoke(rest[1]);
}
