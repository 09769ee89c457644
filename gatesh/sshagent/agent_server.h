/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_server.h - the socket of the session's ssh agent, SSH_AUTH_SOCK, with a thread for each client. */
#ifndef GATESH_SSHAGENT_AGENT_SERVER_H
#define GATESH_SSHAGENT_AGENT_SERVER_H

#include "sshagent/agent_session.h"

#define AGENT_SOCKET "ssh.sock" /* in the session's directory */
enum { AGENT_CLIENTS_MAX = 64 };

struct agent_server {
	struct agent_terms terms;
	int fd; /* listens; -1: the session has no keys */
	char path[PRIVATE_PATH_MAX];
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t done;
	int clients[AGENT_CLIENTS_MAX]; /* their sockets, 0: free; under the lock */
	unsigned nclients;
};

/* Start the agent in the session's directory, and put its socket into this process's environment, which the session inherits.
 * Without keys, nothing happens.  Before the session's first program, in the main thread.  Returns 0, or a negative errno
 * after a message on stderr. */
int agent_server_open(struct agent_server *s, const char *dir, const struct ssh_key *keys, size_t n,
		      const sigset_t *mask);

/* Begin to serve, with the caller's signals blocked.  Returns 0 or a negative errno. */
int agent_server_start(struct agent_server *s, struct workers *w, struct audit *audit, const char *session);

/* End every connection and the threads.  Main thread. */
void agent_server_close(struct agent_server *s);

#endif
