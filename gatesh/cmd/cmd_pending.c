/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_pending.c - gatesh pending: lists the open questions. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "front/all_sessions.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh pending [--json]\n"
	"\n"
	"List the questions that wait for an answer in any of your sessions.  gatesh allow and\n"
	"gatesh deny answer them.  The agent of one marked \"later\" waits no longer: an answer counts\n"
	"once, when the same is run again within 10 minutes.\n"
	"\n"
	"  -j, --json   print one JSON object per question\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 2 if a session could not be reached.\n";

static const char *cmd_pending_text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static int cmd_pending_print_table(const json_t *all)
{
	struct table t = {.columns = 5};
	size_t i;
	json_t *q;
	bool colour = out_colour(stdout);
	json_array_foreach(all, i, q)
	{
		const json_t *rule = json_array_get(json_object_get(q, "rules"), 0);
		table_printf(&t, colour ? SGR_BOLD : NULL, "%s.%d", cmd_pending_text_of(q, "session"),
			     (int)json_integer_value(json_object_get(q, "id")));
		table_printf(&t, NULL, "%d s%s", (int)(json_integer_value(json_object_get(q, "age_ms")) / 1000),
			     cmd_pending_text_of(q, "later") ? ", later" : "");
		table_put(&t, colour ? SGR_RED : NULL, cmd_pending_text_of(rule, "severity"));
		table_put(&t, NULL, cmd_pending_text_of(rule, "id"));
		table_put(&t, NULL, cmd_pending_text_of(q, "command"));
	}
	return table_print(&t, stdout);
}

int cmd_pending(int argc, char **argv)
{
	bool json = false;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	if (argv[optind])
		return usage_error("pending", "takes no arguments");
	return all_sessions_show(ALL_SESSIONS_QUESTIONS, json, cmd_pending_print_table);
}
