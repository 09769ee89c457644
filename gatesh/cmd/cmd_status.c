/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_status.c - gatesh status: which agents on this machine are gated, and by which way. */
#include <getopt.h>
#include <stdio.h>

#include "adopt/adoption.h"
#include "cmd/cmd.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh status [--json]\n"
	"\n"
	"List the agents on this machine, and how each is gated: gatesh install changes it.\n"
	"\n"
	"  -j, --json   print one JSON object per agent\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0.\n";

static int cmd_status_json(const struct agent *g, const struct adoption_state *s)
{
	json_t *o = json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:s, s:s, s:s}", "agent", g->name, "here", s->here,
			      "shim", s->shim, "first_in_path", s->shim_first, "hooks", s->hooks, "stale", s->stale,
			      "settings", s->settings, "version", s->version, "since", s->since);
	return json_line(o, stdout);
}

int cmd_status(int argc, char **argv)
{
	struct table t = {.columns = 2};
	bool json = false;
	size_t n = 0;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	if (argv[optind])
		return usage_error("status", "takes no arguments");
	for (const struct agent *g = agents; g->name; g++) {
		struct adoption_state s;
		char text[256];
		adoption_look(g, &s);
		if (json) {
			cmd_status_json(g, &s);
			continue;
		}
		if (!s.here && !s.shim && !s.hooks)
			continue;
		adoption_describe(&s, text, sizeof text);
		table_put(&t, SGR_BOLD, g->name);
		table_put(&t, !s.shim_first && !s.hooks ? SGR_RED : NULL, text);
		n++;
	}
	if (!json && n)
		table_print(&t, stdout);
	else if (!json)
		puts("None of the agents that gatesh knows is here.");
	return out_done(0);
}
