/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_run.c - gatesh run: starts a session. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/principal_named.h"
#include "cmd/run_options.h"
#include "seam/inside.h"
#include "util/exit.h"
#include "util/identity.h"
#include "util/session_dir.h"
#include "util/spawn.h"
#include "util/usage.h"

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
	struct run_options o = {0};
	int status = run_options_parse(argc, argv, &o);
	if (status >= 0)
		return status;
	if (session_inside())
		return o.principal || o.session.scrub || o.user ? cmd_run_too_late() : cmd_run_join(o.session.command);
	return o.user ? cmd_run_by(o.user, o.principal, &o.session) : cmd_run_session(o.principal, &o.session);
}
