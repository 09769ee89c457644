/* SPDX-License-Identifier: BSD-2-Clause */
/* broker.h - the session's relay by address: programs speak plain HTTP to a port of this machine, and gatesh adds the
 * credential that a `secret:` line names and speaks TLS to the server.  No certificate authority, and no program of the session
 * ever has the credential.
 *
 * The address that programs get holds a key of 128 bits, which tells them from others: a process of another user can't
 * know it, one of the same user can read it in an environment.  git takes gatesh for a proxy in plain HTTP, so that it sees the
 * server's own name (it writes the address that it used into FETCH_HEAD and into merge commits); npm has the key in its token.  Each connection has a thread and carries one request. */
#ifndef GATESH_BROKER_BROKER_H
#define GATESH_BROKER_BROKER_H

#include <pthread.h>
#include <stdbool.h>

#include "audit/audit_write.h"
#include "broker/leak.h"
#include "broker/request_head.h"
#include "crypto/crypto.h"
#include "principal/secret.h"

enum { BROKER_CONNECTIONS_MAX = 256 };

/* A request, for rules and for a person. */
struct broker_event {
	pid_t pid; /* who sends it; 0: unknown */
	const char *method, *host, *port;
	const char *target; /* at the server */
	const char *text;   /* `len` bytes of its body; with GATE_TEXT_OPERATIONS, what it does */
	size_t len;
	unsigned text_flags; /* as in gate.h */
};

enum broker_verdict {
	BROKER_REFUSED,
	BROKER_PASSES, /* no rule speaks of it */
	BROKER_AGREED, /* a rule asks about it, and the answer was yes */
};

/* Have it judged: blocks, perhaps until a person has answered, or the client on `fd` has gone.  After BROKER_REFUSED `why` says
 * why, in one line.  Any thread. */
typedef enum broker_verdict broker_judge_fn(void *data, const struct broker_event *e, int fd, char *why, size_t size);

struct broker {
	const struct secret *secrets; /* the principal's */
	size_t nsecrets;
	int fd; /* listens on loopback; -1: the session has none */
	unsigned port;
	char key[33];       /* hexadecimal */
	char proxy_key[96]; /* the Proxy-Authorization that has it */
	struct leaks leaks;
	const struct crypto *crypto;
	void *settings; /* of its TLS */
	pthread_t thread;
	bool running;
	struct audit *audit;    /* NULL until the log is open (atomic) */
	const char *session;    /* its id; set before `audit` */
	const char *principal;  /* its name, for the log */
	broker_judge_fn *judge; /* NULL: nothing is judged */
	void *judge_data;
	pthread_mutex_t lock;
	pthread_cond_t done;
	int clients[BROKER_CONNECTIONS_MAX]; /* their sockets, 0: free; under the lock */
	unsigned nclients;
};

/* Listen.  Returns 0 or a negative errno. */
int broker_open(struct broker *b, const struct secret *secrets, size_t n);

/* Put addresses, sentinels and the configuration of tools into this process's environment, which the session inherits, and files
 * for them into the session's directory.  While no other thread reads the environment.  Returns 0 or a negative errno.
 * Defined in announce.c. */
int broker_announce(const struct broker *b, const char *dir);

/* Start to serve, with the signals of the caller blocked.  `judge` and `judge_data` are set.  Returns 0 or a negative errno. */
int broker_start(struct broker *b);

/* From now on, what it does is logged. */
void broker_log(struct broker *b, struct audit *audit, const char *session);

/* End every connection and the threads. */
void broker_close(struct broker *b);

/* --- among the broker's files ------------------------------------------------------------------------------------- */

/* Log that a credential was used for this request to `host`, or was to be (`failed`: why not).  `s` is the one that was used;
 * `operations` are those that Gate has read from the request, a line each, or NULL.  Any thread. */
void broker_used(struct broker *b, const struct secret *s, const char *host, const struct request_head *h, size_t skip,
		 const char *operations, const char *failed);

/* Log that a request, which has the secret `s`, has a sentinel of another credential's in its head (it was refused) or in its body, for
 * each sentinel once.  Any thread. */
void broker_leaked(struct broker *b, const struct secret *s, const char *host, const struct request_head *h,
		   size_t skip, struct leak_word *w, bool refused);

/* Where programs find the secret's server: "http://127.0.0.1:PORT/KEY/NAME"; git: "http://HOST[:PORT]/PATH". */
void broker_put_address(const struct broker *b, const struct secret *s, struct strbuf *out);

#endif
