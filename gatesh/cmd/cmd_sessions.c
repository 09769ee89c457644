/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_sessions.c - gatesh sessions: lists the user's running sessions. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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
	"       gatesh sessions end [--yes] SESSION\n"
	"\n"
	"List your running sessions: id, agent, service, start time, number of waiting questions,\n"
	"and command.  A session whose command has ended stays until the processes it left have ended;\n"
	"the list says since when, and how many there are.  'end' ends SESSION: its processes get SIGTERM,\n"
	"and two seconds later SIGKILL.  It asks for a word first.\n"
	"\n"
	"  -y, --yes    end: do not ask; needed without a terminal\n"
	"  -j, --json   print one JSON object per session\n"
	"  -h, --help   show this\n";

/* A session, as it describes itself. */
struct sessions_state {
	int waiting; /* questions; -1: it can't be reached */
	int left;    /* processes, after its command has ended; -1: the command runs */
	time_t left_since;
	time_t paused_until; /* 0: it is not paused */
};

static struct sessions_state cmd_sessions_ask(const char *id)
{
	const char *error;
	json_t *reply = front_request(id, json_pack("{s:s}", "op", "pending"), &error);
	const json_t *left = json_object_get(reply, "left");
	const struct sessions_state st = {
		.waiting = reply ? (int)json_array_size(json_object_get(reply, "questions")) : -1,
		.left = left ? (int)json_integer_value(left) : -1,
		.left_since = (time_t)json_integer_value(json_object_get(reply, "left_since")),
		.paused_until = (time_t)json_integer_value(json_object_get(reply, "paused_until"))};
	json_decref(reply);
	return st;
}

static int cmd_sessions_print_json(const struct session_info *s)
{
	json_t *o = json_object();
	const struct sessions_state st = cmd_sessions_ask(s->id);
	json_put(o, "id", s->id);
	json_object_set_new(o, "pid", json_integer(s->pid));
	json_put(o, "agent", s->agent);
	json_put(o, "service", s->service);
	json_put(o, "started", s->started);
	json_put(o, "cwd", s->cwd);
	json_put(o, "command", s->command);
	json_put(o, "directory", s->path);
	if (st.waiting >= 0)
		json_object_set_new(o, "pending", json_integer(st.waiting));
	if (st.left >= 0) {
		json_object_set_new(o, "left", json_integer(st.left));
		json_object_set_new(o, "left_since", json_integer(st.left_since));
	}
	if (st.paused_until)
		json_object_set_new(o, "paused_until", json_integer(st.paused_until));
	return json_line(o, stdout);
}

/* The hour of today, else the day. */
static void cmd_sessions_put_when(char *buf, size_t size, time_t when)
{
	time_t now = time(NULL);
	struct tm tm, today;
	localtime_r(&now, &today);
	localtime_r(&when, &tm);
	bool same = tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year;
	if (!strftime(buf, size, same ? "%H:%M" : "%Y-%m-%d %H:%M", &tm))
		*buf = '\0';
}

static void cmd_sessions_add_row(struct table *t, const struct session_info *s, bool colour)
{
	const struct sessions_state st = cmd_sessions_ask(s->id);
	char ended[96] = "", when[24], paused[48] = "";
	cmd_sessions_put_when(when, sizeof when, st.left_since);
	if (st.left >= 0)
		snprintf(ended, sizeof ended, ", command ended %s, %d process%s left", when, st.left,
			 st.left == 1 ? "" : "es");
	cmd_sessions_put_when(when, sizeof when, st.paused_until);
	if (st.paused_until)
		snprintf(paused, sizeof paused, ", paused until %s", when);
	table_put(t, colour ? SGR_BOLD : NULL, s->id);
	table_put(t, NULL, s->agent);
	table_put(t, NULL, s->service);
	table_put(t, NULL, s->started);
	if (st.waiting < 0)
		table_put(t, colour ? SGR_RED : NULL, "unreachable");
	else
		table_printf(t, (st.waiting || st.paused_until) && colour ? SGR_YELLOW : NULL, "%d waiting%s%s",
			     st.waiting, paused, ended);
	table_put(t, NULL, s->command);
}

int cmd_sessions(int argc, char **argv)
{
	struct table t = {.columns = 6};
	struct session_info *v;
	bool json = false;
	int err = 0;
	if (argc > 1 && !strcmp(argv[1], "end"))
		return cmd_sessions_end(argc - 1, argv + 1);
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	if (argv[optind])
		return usage_bad_word("gatesh sessions", argv[optind], (const char *const[]){"end", NULL});
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
