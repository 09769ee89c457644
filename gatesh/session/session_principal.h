/* SPDX-License-Identifier: BSD-2-Clause */
/* session_principal.h - what a principal changes in a session: its environment, its network, its record. */
#ifndef GATESH_SESSION_SESSION_PRINCIPAL_H
#define GATESH_SESSION_SESSION_PRINCIPAL_H

#include "session/run_session.h"
#include "session/session_core.h"

/* Take the credentials out of this process's environment and take on the principal's identity.  Before the session forks
 * or has threads.  Tells the person what was taken.  Returns 0, or an exit status after a message on stderr. */
int session_principal_enter(const struct session_options *o);

/* What the log says about the session's credentials.  Static storage. */
const char *session_principal_credentials(const struct session_options *o);

/* Texts that the terms of a session's network point to. */
struct principal_files {
	char list[PATH_MAX], rules[PATH_MAX]; /* in the session's directory */
	char label[PATH_MAX + 32];
};

/* The terms of the session's network: those of its options, with the principal's list and rule, which are written to
 * files.  Returns 0 or a negative errno. */
int session_principal_terms(const struct session_core *v, struct network_terms *terms, struct principal_files *f);

/* The engine has read them. */
void session_principal_forget(const struct network_terms *terms, const struct session_core *v);

#endif
