/* SPDX-License-Identifier: BSD-2-Clause */
/* private_agent.h - OpenSSH's own ssh-agent, which parses the principal's private keys and signs with them, and a second one
 * without keys, which proves that a server has the host key that a client says it has.
 *
 * No program of the session can reach the first: gatesh connects before any runs, then removes the socket.  The second keeps its
 * socket, in the session's directory, because each proof needs a connection of its own; who puts another socket there is
 * found out by its process.  Both end when gatesh does. */
#ifndef GATESH_SSHAGENT_PRIVATE_AGENT_H
#define GATESH_SSHAGENT_PRIVATE_AGENT_H

#include <pthread.h>
#include <signal.h>

#include "base/strbuf.h"
#include "principal/ssh_key.h"
#include "sshagent/agent_message.h"

enum { PRIVATE_PATH_MAX = 108 }; /* of a unix socket */

struct private_agent {
	int fd;               /* the agent with the keys; -1: closed */
	int lives;            /* the end of a pipe that both agents wait for */
	pid_t keeper, prover; /* the processes that wait; each agent is the child of one */
	pid_t proving;        /* the agent without keys */
	char path[PRIVATE_PATH_MAX];
	pthread_mutex_t lock; /* one request at a time */
};

/* Start both in the directory `dir`, and add the keys.  Before the session's first program runs.  Returns 0, or a negative errno
 * after a message on stderr. */
int private_agent_open(struct private_agent *a, const char *dir, const struct ssh_key *keys, size_t n,
		       const sigset_t *mask);
void private_agent_close(struct private_agent *a);

/* Put one request, and append the reply: a message without its length.  Any thread.  Returns 0 or a negative errno. */
int private_agent_request(struct private_agent *a, struct ssh_bytes request, struct strbuf *reply);

/* Has the server signed the session with its host key?  `request` is a whole session-bind.  Any thread. */
bool private_agent_proves(const struct private_agent *a, struct ssh_bytes request);

/* Read and write one message.  Return 0, or a negative errno; -EPIPE at the end. */
int agent_message_receive(int fd, struct strbuf *out);
int agent_message_send(int fd, struct ssh_bytes message);

#endif
