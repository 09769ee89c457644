/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_session.h - one client of the session's agent: what it may do, and with which key it signs in where. */
#ifndef GATESH_SSHAGENT_AGENT_SESSION_H
#define GATESH_SSHAGENT_AGENT_SESSION_H

#include "audit/audit_write.h"
#include "sshagent/agent_question.h"
#include "sshagent/known_hosts.h"
#include "sshagent/private_agent.h"

/* The part that all clients share. */
struct agent_terms {
	const struct ssh_key *keys;
	size_t nkeys;
	struct strbuf *blobs; /* the public keys, one for each of `keys` */
	struct private_agent agent;
	struct known_hosts hosts;
	struct agent_asking asking;
	struct audit *audit;
	const char *session; /* its id */
};

/* Serve a connection until it ends.  Does not close it.  In a thread of its own. */
void agent_session_run(struct agent_terms *t, int fd);

/* Get the public keys from the agent that has them; in the order in which they were added.  Returns 0 or a negative errno. */
int agent_session_read_keys(struct agent_terms *t);

#endif
