/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_net.c - gatesh net: lists or follows every destination of a session. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit/audit_objects.h"
#include "base/escape.h"
#include "cmd/cmd.h"
#include "listing/net_list.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/state_dir.h"
#include "util/table.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh net [OPTION ...]\n"
	"\n"
	"List every destination that a session connected to or tried to: name, address, port, protocol, program,\n"
	"first and last time, count, and the last decision.  Default: the last session in the audit log.\n"
	"\n"
	"      --session ID         show this session\n"
	"      --all                show all sessions\n"
	"  -f, --follow             show every connection as it is logged, of all sessions or of --session\n"
	"      --allow-list         print what was allowed, as a list for gatesh run --allow-list\n"
	"  -j, --json               print one JSON object per destination\n"
	"\n"
	"Exit status: 0, 64 usage, 74 the log can't be read or stdout can't be written.\n";

struct options {
	const char *session;
	bool all, follow, allow_list, json;
};

/* A time of the log as local time, without the date; unchanged if it is not a time. */
static const char *cmd_net_clock_of(const char *iso, char buf[32])
{
	long long ms;
	struct tm tm;
	if (!iso || timespan_parse_iso(iso, &ms))
		return iso ? iso : "-";
	time_t seconds = (time_t)(ms / 1000);
	if (!localtime_r(&seconds, &tm) || !strftime(buf, 32, "%H:%M:%S", &tm))
		return iso;
	return buf;
}

static bool cmd_net_denied(const struct net_entry *e)
{
	return !e->verdict || strcmp(e->verdict, "allow");
}

static void cmd_net_put_row(struct table *t, const struct net_entry *e, bool colour)
{
	char first[32], last[32];
	table_put(t, NULL, e->path ? e->path : e->names ? e->names : "-");
	table_put(t, NULL, e->address ? e->address : "-");
	if (e->path)
		table_put(t, NULL, "-");
	else
		table_printf(t, NULL, "%lld", e->port);
	table_put(t, NULL, e->protocol ? e->protocol : "-");
	table_printf(t, NULL, "%s%s", e->program ? e->program : "-", e->preview ? " (preview)" : "");
	table_put(t, NULL, cmd_net_clock_of(e->first, first));
	table_put(t, NULL, cmd_net_clock_of(e->last, last));
	table_printf(t, NULL, "%lld", e->attempts);
	table_put(t, !colour ? NULL : cmd_net_denied(e) ? SGR_RED : SGR_GREEN, e->verdict ? e->verdict : "-");
}

static bool cmd_net_wanted(const struct net_entry *e, const char *session)
{
	return !session || (e->session && !strcmp(e->session, session));
}

static int cmd_net_print_table(const struct net_list *list, const char *session)
{
	static const char *const heads[] = {"NAME",  "ADDRESS", "PORT",     "PROTO",  "PROGRAM",
					    "FIRST", "LAST",    "ATTEMPTS", "VERDICT"};
	struct table t = {.columns = sizeof heads / sizeof *heads};
	bool colour = out_colour(stdout);
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += cmd_net_wanted(&list->v[i], session);
	if (!n) {
		fputs("gatesh: net: no connections\n", stderr);
		return 0;
	}
	for (size_t i = 0; i < t.columns; i++)
		table_put(&t, colour ? SGR_BOLD : NULL, heads[i]);
	for (size_t i = 0; i < list->n; i++)
		if (cmd_net_wanted(&list->v[i], session))
			cmd_net_put_row(&t, &list->v[i], colour);
	return table_print(&t, stdout);
}

static int cmd_net_add(const json_t *o, unsigned long line, void *data)
{
	return net_list_add(data, o);
}

static int cmd_net_show(const struct options *o)
{
	struct net_list list = {0};
	int err = audit_objects_each("net", NULL, cmd_net_add, &list);
	const char *session = o->all ? NULL : o->session ? o->session : list.newest;
	if (err) {
		; /* reported already */
	} else if (o->allow_list) {
		err = net_list_print_allowed(&list, session);
	} else if (o->json) {
		for (size_t i = 0; i < list.n; i++)
			if (cmd_net_wanted(&list.v[i], session))
				json_line(net_entry_json(&list.v[i]), stdout);
	} else {
		err = cmd_net_print_table(&list, session);
	}
	net_list_free(&list);
	return err;
}

/* --- --follow ----------------------------------------------------------------------------------------------------- */

/* Print one line with columns of fixed widths, because the next ones have not come yet. */
static int cmd_net_print_line(const struct net_entry *e)
{
	static const size_t widths[] = {8, 5, 4, 0, 0};
	struct table t = {.columns = sizeof widths / sizeof *widths, .least = widths};
	char buf[32], *text = net_entry_text(e);
	if (!text)
		return -ENOMEM;
	table_put(&t, NULL, cmd_net_clock_of(e->last, buf));
	table_put(&t, NULL, cmd_net_denied(e) ? "deny" : "allow");
	table_put(&t, NULL, e->protocol ? e->protocol : "-");
	table_printf(&t, NULL, "%s%s", e->program ? e->program : "-", e->preview ? " (preview)" : "");
	table_put(&t, NULL, text);
	free(text);
	return table_print(&t, stdout);
}

static int cmd_net_print_one(const json_t *object, const struct options *o)
{
	struct net_list one = {0};
	int err = net_list_add(&one, object);
	if (!err && one.n && cmd_net_wanted(&one.v[0], o->session)) {
		if (o->json)
			json_line(net_entry_json(&one.v[0]), stdout);
		else
			err = cmd_net_print_line(&one.v[0]);
	}
	net_list_free(&one);
	return err;
}

/* Read up to the end of the log; the first time, `print` is false, to skip old lines. */
static int cmd_net_drain(struct audit_reader *r, const struct options *o, bool print)
{
	char *line;
	size_t len;
	int more;
	while ((more = audit_next(r, &line, &len, NULL)) > 0) {
		json_t *object = print ? audit_objects_parse("net", r, line, len) : NULL;
		int err = object ? cmd_net_print_one(object, o) : 0;
		json_decref(object);
		if (err)
			return err;
	}
	return more;
}

static int cmd_net_follow(const struct options *o)
{
	struct audit_reader r;
	char path[PATH_MAX];
	int err = state_dir_file(path, sizeof path, STATE_DIR_AUDIT);
	if (err)
		return err;
	err = audit_open(&r, path);
	if (err == -ENOENT)
		err = 0;
	if (!err)
		err = cmd_net_drain(&r, o, false);
	while (!err && !fflush(stdout) && !ferror(stdout)) {
		err = audit_wait(&r);
		if (err <= 0)
			break;
		err = cmd_net_drain(&r, o, true);
	}
	audit_close(&r);
	if (err < 0)
		fprintf(stderr, "gatesh: net: the audit log: %s\n", strerror(-err));
	return err;
}

int cmd_net(int argc, char **argv)
{
	enum { OPT_SESSION = 256, OPT_ALL, OPT_LIST };
	static const struct option longs[] = {{"session", 1, NULL, OPT_SESSION},
					      {"all", 0, NULL, OPT_ALL},
					      {"follow", 0, NULL, 'f'},
					      {"allow-list", 0, NULL, OPT_LIST},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	struct options o = {0};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":fjh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_SESSION: o.session = optarg; break;
		case OPT_ALL: o.all = true; break;
		case OPT_LIST: o.allow_list = true; break;
		case 'f': o.follow = true; break;
		case 'j': o.json = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (optind < argc)
		return usage_error("net", "takes no arguments");
	if (o.allow_list && (o.follow || o.json))
		return usage_error("net", "--allow-list goes with neither --follow nor --json");
	if (o.all && o.session)
		return usage_error("net", "--all or --session, not both");
	return out_done((o.follow ? cmd_net_follow(&o) : cmd_net_show(&o)) < 0 ? EXIT_IO : 0);
}
