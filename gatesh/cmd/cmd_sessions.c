/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_sessions.c - gatesh sessions: lists the user's running sessions. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "front/front_proto.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/session_dir.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh sessions [--json]\n"
	"\n"
	"List your running sessions: id, agent, service, start time, number of waiting questions,\n"
	"and command.\n"
	"\n"
	"  -j, --json   print one JSON object per session\n"
	"  -h, --help   show this\n";

/* The number of waiting questions of a session; -1 if it can't be reached. */
static int cmd_sessions_waiting(const char *id)
{
	const char *error;
	json_t *reply = front_request(id, json_pack("{s:s}", "op", "pending"), &error);
	int n = reply ? (int)json_array_size(json_object_get(reply, "questions")) : -1;
	json_decref(reply);
	return n;
}

static int cmd_sessions_print_json(const struct session_info *s)
{
	json_t *o = json_object();
	int n = cmd_sessions_waiting(s->id);
	json_put(o, "id", s->id);
	json_object_set_new(o, "pid", json_integer(s->pid));
	json_put(o, "agent", s->agent);
	json_put(o, "service", s->service);
	json_put(o, "started", s->started);
	json_put(o, "cwd", s->cwd);
	json_put(o, "command", s->command);
	json_put(o, "directory", s->path);
	if (n >= 0)
		json_object_set_new(o, "pending", json_integer(n));
	return json_line(o, stdout);
}

static void cmd_sessions_add_row(struct table *t, const struct session_info *s, bool colour)
{
	int n = cmd_sessions_waiting(s->id);
	table_put(t, colour ? SGR_BOLD : NULL, s->id);
	table_put(t, NULL, s->agent);
	table_put(t, NULL, s->service);
	table_put(t, NULL, s->started);
	if (n < 0)
		table_put(t, colour ? SGR_RED : NULL, "unreachable");
	else
		table_printf(t, n && colour ? SGR_YELLOW : NULL, "%d waiting", n);
	table_put(t, NULL, s->command);
}

int cmd_sessions(int argc, char **argv)
{
	struct table t = {.columns = 6};
	struct session_info *v;
	bool json = false;
	int err = 0;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	if (argv[optind])
		return usage_error("sessions", "takes no arguments");
	int n = session_dir_list(&v);
	if (n < 0) {
		fprintf(stderr, "gate: cannot list the sessions: %s\n", strerror(-n));
		return EXIT_SOFTWARE;
	}
	for (int i = 0; i < n; i++) {
		if (json)
			err |= cmd_sessions_print_json(&v[i]);
		else
			cmd_sessions_add_row(&t, &v[i], out_colour(stdout));
	}
	err |= table_print(&t, stdout);
	session_info_free(v, n);
	return out_done(err ? EXIT_SOFTWARE : 0);
}
