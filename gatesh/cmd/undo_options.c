/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_options.c - parses the command line of gatesh undo, and explains it. */
#include "cmd/undo_options.h"

#include <getopt.h>

#include "util/exit.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh undo [--session ID | --all] [--long] [--json]\n"
	"       gatesh undo [OPTION ...] PATH ...\n"
	"       gatesh undo [OPTION ...] --since WHEN | --command ID | --redo\n"
	"       gatesh undo PATH --show | --diff     look at a kept version first\n"
	"       gatesh undo forget PATH ...          delete every kept version of a file, now\n"
	"       gatesh undo prune [OPTION ...]       delete what was kept; see gatesh undo prune --help\n"
	"       gatesh undo remote [ID]              what was kept of remote things; see gatesh undo remote --help\n"
	"\n"
	"By default, list what sessions removed or overwrote in this directory's workspace, newest\n"
	"first.  With one of these, restore:\n"
	"\n"
	"  PATH                 this file, or everything under this directory, as it was before the\n"
	"                       last command that touched it\n"
	"      --since WHEN     everything as it was at WHEN: 30s, 10m, 2h or 7d ago, 2026-11-23T13:10\n"
	"      --command ID     what one command did; ID as the list shows it\n"
	"      --redo           take back the last undo\n"
	"\n"
	"      --show           print the version that would come back, and restore nothing\n"
	"      --diff           compare it with what is there now (diff -u), and restore nothing\n"
	"      --session ID     only what this session did\n"
	"      --all            include all sessions\n"
	"  -l, --long           list every file, even in big trees\n"
	"  -n, --dry-run        show what undo would do, and do nothing\n"
	"  -y, --yes            do not ask\n"
	"      --force          restore a file even while another program has it open for writing\n"
	"  -j, --json           print one JSON object per file or directory\n"
	"  -h, --help           show this\n"
	"\n"
	"If another version is in the way, undo keeps it in turn: an undo can be undone.\n"
	"Exit status: 0, 1 nothing, or not everything, was restored, 64 usage, 74 the kept files can't be\n"
	"read, 126 inside a session.\n";

/* Do the options go together?  Returns -1 or EXIT_USAGE. */
static int undo_options_check(int argc, struct undo_options *o)
{
	o->restore = optind < argc || o->command || o->choice.since_ms || o->choice.redo;
	if (o->sessions.session && !*o->sessions.session)
		return usage_error("undo", "--session takes an id");
	if (o->choice.redo && (optind < argc || o->command || o->choice.since_ms))
		return usage_error("undo", "--redo goes with no PATH, --since or --command");
	if (o->view && (optind + 1 != argc || o->json || o->force || o->yes))
		return usage_error("undo",
				   "%s takes one PATH, and of the other options only those that choose a version",
				   o->view == UNDO_VIEW_SHOW ? "--show" : "--diff");
	if (!o->restore && (o->dry || o->yes || o->force))
		return usage_error("undo", "needs a PATH, --since, --command or --redo");
	return -1;
}

int undo_options_parse(int argc, char **argv, struct undo_options *o)
{
	enum { OPT_SESSION = 256, OPT_ALL, OPT_SINCE, OPT_COMMAND, OPT_REDO, OPT_SHOW, OPT_DIFF, OPT_FORCE };
	static const struct option longs[] = {{"session", 1, NULL, OPT_SESSION},
					      {"all", 0, NULL, OPT_ALL},
					      {"since", 1, NULL, OPT_SINCE},
					      {"command", 1, NULL, OPT_COMMAND},
					      {"redo", 0, NULL, OPT_REDO},
					      {"show", 0, NULL, OPT_SHOW},
					      {"diff", 0, NULL, OPT_DIFF},
					      {"force", 0, NULL, OPT_FORCE},
					      {"long", 0, NULL, 'l'},
					      {"dry-run", 0, NULL, 'n'},
					      {"yes", 0, NULL, 'y'},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":lnyjh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_SESSION: o->sessions.session = optarg; break;
		case OPT_ALL: o->sessions.all = true; break;
		case OPT_COMMAND: o->command = optarg; break;
		case OPT_REDO: o->choice.redo = true; break;
		case OPT_SHOW: o->view = UNDO_VIEW_SHOW; break;
		case OPT_DIFF: o->view = UNDO_VIEW_DIFF; break;
		case OPT_FORCE: o->force = true; break;
		case 'l': o->all = true; break;
		case 'n': o->dry = true; break;
		case 'y': o->yes = true; break;
		case 'j': o->json = true; break;
		case 'h': return usage_help(help);
		case OPT_SINCE:
			if (timespan_parse_since(optarg, &o->choice.since_ms) || o->choice.since_ms < 1)
				return usage_error(
					"undo",
					"--since takes a time span (10m) or a time (2026-11-23T13:10), not '%s'",
					optarg);
			break;
		default: return usage_bad_option(c, argv, longs);
		}
	return undo_options_check(argc, o);
}
