/* SPDX-License-Identifier: BSD-2-Clause */
/* run_session.h - runs a session: one command, gated until it ends. */
#ifndef GATESH_SESSION_RUN_SESSION_H
#define GATESH_SESSION_RUN_SESSION_H

#include <stdbool.h>

#include "principal/principal.h"
#include "session/network_policy.h"

enum { WORKSPACES_MAX = 32 };

struct session_options {
	const char *debug;                    /* --debug; NULL: what GATE_DEBUG names */
	const char *service;                  /* NULL: gate.conf's */
	const char *agent;                    /* NULL: the command's base name */
	char **command;                       /* NULL-terminated, at least one word */
	char *workspaces[WORKSPACES_MAX + 1]; /* besides the current directory; NULL-terminated */
	bool allow_setuid;                    /* no hardening */
	bool preload_only;                    /* no seam: the listener is left to the command */
	bool same_end;                        /* end by the signal that ended the command */
	enum network_mode network;
	const char *allow_list;            /* with --network; NULL: the user's */
	bool wait_for_answer;              /* questions wait until their timeout even if nobody is attached */
	const struct principal *principal; /* NULL: the person's own identity */
	bool scrub;                        /* the session does not get the environment's credentials */
};

/* Start the session, run the command, stay until it has ended.  Returns the exit status for gatesh: the command's own
 * (128 + n when signal n ended it), or one of exit.h's when the session can't start or fails. */
int session_run(const struct session_options *o);

#endif
