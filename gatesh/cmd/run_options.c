/* SPDX-License-Identifier: BSD-2-Clause */
/* run_options.c - reads the command line of gatesh run. */
#include "cmd/run_options.h"

#include <getopt.h>
#include <string.h>

#include "util/usage.h"

static const char help[] =
	"usage: gatesh run [OPTION ...] [--] COMMAND [ARG ...]\n"
	"\n"
	"Run COMMAND in a session: a destructive command that a rule matches waits for a person's yes.\n"
	"The exit status is COMMAND's (128 + n if signal n ended it), or 78 if a rule or service file\n"
	"is bad.\n"
	"\n"
	"  -s, --service NAME       let the service NAME of gate.d(5) decide\n"
	"  -a, --agent NAME         name the agent NAME (default: COMMAND's name)\n"
	"  -p, --principal NAME     let it be the principal NAME of gate.principal(5): its git author, its network,\n"
	"                           and none of the environment's credentials\n"
	"      --scrub              take the environment's credentials from the session without a principal, too\n"
	"      --user NAME          run COMMAND as the user NAME, who can't undo it; for root\n"
	"      --workspace DIR      also work in DIR: Gate asks before a file outside is lost; repeatable\n"
	"      --network MODE       how to treat destinations that no rule matches: log (default), ask, or\n"
	"                           allow-listed (refuse those that are not on the list)\n"
	"      --allow-list FILE    the list for --network (default: network.list beside your rules)\n"
	"      --wait-for-answer    without a terminal, let questions wait for gatesh allow\n"
	"      --tier TIER          preload: leave the kernel's report of system calls to COMMAND (podman, LXC and\n"
	"                           syd need it); raw calls and static programs go unseen.  Default: seam\n"
	"      --allow-setuid       do not confine COMMAND: sudo works inside, and a session can kill gatesh\n"
	"      --debug FILE         append a debug trace to FILE\n"
	"  -h, --help               show this\n";

/* Do the options go together?  Returns -1 or EXIT_USAGE. */
static int run_options_check(const struct session_options *o)
{
	if (!o->command[0])
		return usage_error("run", "needs a command");
	if (o->service && strchr(o->service, '/'))
		return usage_error("run", "a service is a name, not a path: '%s'", o->service);
	if (o->allow_list && o->network == NETWORK_LOG)
		return usage_error("run", "--allow-list needs --network ask or allow-listed");
	return -1;
}

static int run_options_add_workspace(struct session_options *o, char *dir)
{
	size_t n = 0;
	while (o->workspaces[n])
		n++;
	if (n == WORKSPACES_MAX)
		return usage_error("run", "more than %d workspaces", WORKSPACES_MAX);
	o->workspaces[n] = dir;
	return -1;
}

static int run_options_set_tier(struct session_options *o, const char *tier)
{
	static const char *const tiers[] = {"seam", "preload", NULL};
	if (!usage_word_in(tier, tiers))
		return usage_bad_word("--tier", tier, tiers);
	o->preload_only = !strcmp(tier, "preload");
	return -1;
}

static int run_options_set_network(struct session_options *o, const char *mode)
{
	static const char *const modes[] = {"log", "ask", "allow-listed", NULL};
	return network_mode_of(mode, &o->network) ? -1 : usage_bad_word("--network", mode, modes);
}

enum { OPT_WAIT = 256, OPT_SETUID, OPT_WORKSPACE, OPT_NETWORK, OPT_LIST, OPT_DEBUG, OPT_TIER, OPT_SCRUB, OPT_USER };
static const struct option options[] = {{"service", required_argument, NULL, 's'},
					{"agent", required_argument, NULL, 'a'},
					{"principal", required_argument, NULL, 'p'},
					{"scrub", no_argument, NULL, OPT_SCRUB},
					{"user", required_argument, NULL, OPT_USER},
					{"workspace", required_argument, NULL, OPT_WORKSPACE},
					{"wait-for-answer", no_argument, NULL, OPT_WAIT},
					{"network", required_argument, NULL, OPT_NETWORK},
					{"allow-list", required_argument, NULL, OPT_LIST},
					{"allow-setuid", no_argument, NULL, OPT_SETUID},
					{"debug", required_argument, NULL, OPT_DEBUG},
					{"tier", required_argument, NULL, OPT_TIER},
					{"help", no_argument, NULL, 'h'},
					{NULL, 0, NULL, 0}};

int run_options_parse(int argc, char **argv, struct run_options *o)
{
	struct session_options *s = &o->session;
	int status = -1;
	opterr = 0;
	for (int c; status < 0 && (c = getopt_long(argc, argv, "+:s:a:p:h", options, NULL)) != -1;) {
		switch (c) {
		case 's': s->service = optarg; break;
		case 'a': s->agent = optarg; break;
		case 'p': o->principal = optarg; break;
		case OPT_SCRUB: s->scrub = true; break;
		case OPT_USER: o->user = optarg; break;
		case OPT_WORKSPACE: status = run_options_add_workspace(s, optarg); break;
		case OPT_NETWORK: status = run_options_set_network(s, optarg); break;
		case OPT_LIST: s->allow_list = optarg; break;
		case OPT_DEBUG: s->debug = optarg; break;
		case OPT_TIER: status = run_options_set_tier(s, optarg); break;
		case OPT_WAIT: s->wait_for_answer = true; break;
		case OPT_SETUID: s->allow_setuid = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, options);
		}
	}
	s->command = argv + optind;
	return status < 0 ? run_options_check(s) : status;
}
