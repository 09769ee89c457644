/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_run.c - gatesh run: starts a session. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/principal_named.h"
#include "seam/inside.h"
#include "session/run_session.h"
#include "util/exit.h"
#include "util/identity.h"
#include "util/session_dir.h"
#include "util/spawn.h"
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

/* Already in a session: run the command in that one, with its policy and its person. */
static int cmd_run_join(char **command)
{
	fprintf(stderr, "gate: already in a session; %s runs in it\n", command[0]);
	execvp(command[0], command);
	fprintf(stderr, "gate: %s: %m\n", command[0]);
	return EXIT_NOT_FOUND;
}

/* An identity and an environment belong to a session from its start. */
static int cmd_run_too_late(void)
{
	return usage_error("run", "already in a session: --principal, --scrub and --user are for its start");
}

/* Run the session as a principal: what its file says holds where the command line says nothing. */
static int cmd_run_as(const char *name, struct session_options *o)
{
	struct principal p;
	if (o->agent)
		return usage_error("run", "--principal and --agent both say who it is; give one");
	int status = principal_named(name, &p);
	if (status)
		return status;
	if (p.nssh_keys && spawn_is_other()) {
		status = usage_error("run", "the user of --user can't reach an agent for the principal's ssh-key");
	} else if (p.allow && (o->network != NETWORK_LOG || o->allow_list)) {
		status = usage_error("run", "the principal %s has a network-allow; leave out --network", p.name);
	} else {
		o->agent = p.name;
		o->service = o->service ? o->service : p.service;
		o->wait_for_answer |= p.confirm;
		o->principal = &p;
		o->scrub = true;
		status = principal_take_secrets(&p) ? EXIT_SOFTWARE : session_run(o);
	}
	principal_free(&p);
	return status;
}

static int cmd_run_session(const char *principal, struct session_options *o)
{
	return principal ? cmd_run_as(principal, o) : session_run(o);
}

/* Run the session's programs as another user, who has no way back: no_new_privs, and no capability. */
static int cmd_run_by(const char *user, const char *principal, struct session_options *o)
{
	struct identity id;
	if (geteuid())
		return usage_error("run", "--user needs root");
	if (o->allow_setuid)
		return usage_error("run", "--user and --allow-setuid exclude each other");
	int err = identity_find(user, &id);
	if (err == -ENOENT)
		return usage_error("run", "no user '%s'", user);
	if (err || !id.uid) {
		identity_free(&id);
		return err ? usage_error("run", "the user '%s' can't be looked up: %s", user, strerror(-err)) :
			     usage_error("run", "--user takes another user than root");
	}
	spawn_become(&id);
	int status = cmd_run_session(principal, o);
	spawn_become(NULL);
	identity_free(&id);
	return status;
}

int cmd_run(int argc, char **argv)
{
	enum {
		OPT_WAIT = 256,
		OPT_SETUID,
		OPT_WORKSPACE,
		OPT_NETWORK,
		OPT_LIST,
		OPT_DEBUG,
		OPT_TIER,
		OPT_SCRUB,
		OPT_USER
	};
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
	static const char *const modes[] = {"log", "ask", "allow-listed", NULL};
	static const char *const tiers[] = {"seam", "preload", NULL};
	struct session_options o = {0};
	const char *principal = NULL, *user = NULL;
	size_t n = 0;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:s:a:p:h", options, NULL)) != -1;) {
		switch (c) {
		case 's': o.service = optarg; break;
		case 'a': o.agent = optarg; break;
		case 'p': principal = optarg; break;
		case OPT_SCRUB: o.scrub = true; break;
		case OPT_USER: user = optarg; break;
		case OPT_WORKSPACE:
			if (n == WORKSPACES_MAX)
				return usage_error("run", "more than %d workspaces", WORKSPACES_MAX);
			o.workspaces[n++] = optarg;
			break;
		case OPT_NETWORK:
			if (!network_mode_of(optarg, &o.network))
				return usage_bad_word("--network", optarg, modes);
			break;
		case OPT_LIST: o.allow_list = optarg; break;
		case OPT_DEBUG: o.debug = optarg; break;
		case OPT_TIER:
			if (!usage_word_in(optarg, tiers))
				return usage_bad_word("--tier", optarg, tiers);
			o.preload_only = !strcmp(optarg, "preload");
			break;
		case OPT_WAIT: o.wait_for_answer = true; break;
		case OPT_SETUID: o.allow_setuid = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, options);
		}
	}
	o.command = argv + optind;
	if (!o.command[0])
		return usage_error("run", "needs a command");
	if (o.service && strchr(o.service, '/'))
		return usage_error("run", "a service is a name, not a path: '%s'", o.service);
	if (o.allow_list && o.network == NETWORK_LOG)
		return usage_error("run", "--allow-list needs --network ask or allow-listed");
	if (session_inside())
		return principal || o.scrub || user ? cmd_run_too_late() : cmd_run_join(o.command);
	return user ? cmd_run_by(user, principal, &o) : cmd_run_session(principal, &o);
}
