/* SPDX-License-Identifier: BSD-2-Clause */
/* broker.h - the session's relay by address: programs speak plain HTTP to a port of this machine, and gatesh adds the
 * credential that a `secret:` line names and speaks TLS to the server.  No certificate authority, and no program of the session
 * ever has the credential.
 *
 * The address that programs get holds a key of 128 bits, which tells them from others: a process of another user can't
 * know it, one of the same user can read it in an environment.  Each connection has a thread and carries one request. */
#ifndef GATESH_BROKER_BROKER_H
#define GATESH_BROKER_BROKER_H

#include <pthread.h>
#include <stdbool.h>

#include "audit/audit_write.h"
#include "broker/request_head.h"
#include "crypto/crypto.h"
#include "principal/secret.h"

enum { BROKER_CONNECTIONS_MAX = 256 };

struct broker {
	const struct secret *secrets; /* the principal's */
	size_t nsecrets;
	int fd; /* listens on loopback; -1: the session has none */
	unsigned port;
	char key[33]; /* hexadecimal */
	const struct crypto *crypto;
	void *settings; /* of its TLS */
	pthread_t thread;
	bool running;
	struct audit *audit; /* NULL until the log is open (atomic) */
	const char *session; /* its id; set before `audit` */
	pthread_mutex_t lock;
	pthread_cond_t done;
	int clients[BROKER_CONNECTIONS_MAX]; /* their sockets, 0: free; under the lock */
	unsigned nclients;
};

/* Listen, and put addresses and sentinels into this process's environment, which the session inherits.  Before there are
 * threads.  Returns 0 or a negative errno. */
int broker_open(struct broker *b, const struct secret *secrets, size_t n);

/* Start to serve, with the signals of the caller blocked.  Returns 0 or a negative errno. */
int broker_start(struct broker *b);

/* From now on, what it does is logged. */
void broker_log(struct broker *b, struct audit *audit, const char *session);

/* End every connection and the threads. */
void broker_close(struct broker *b);

/* --- among the broker's files ------------------------------------------------------------------------------------- */

/* Log that a credential was used for this request to `host`, or was to be (`failed`: why not).  Any thread. */
void broker_used(struct broker *b, const struct secret *s, const char *host, const struct request_head *h, size_t skip,
		 const char *failed);

#endif
