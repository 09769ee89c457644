/* SPDX-License-Identifier: BSD-2-Clause */
/* https_call.h - one request of gatesh's own to a server that gives out secrets. */
#ifndef GATESH_PRINCIPAL_HTTPS_CALL_H
#define GATESH_PRINCIPAL_HTTPS_CALL_H

#include "principal/https_answer.h"

enum { HTTPS_ANSWER_MAX = 65536, HTTPS_WHY_MAX = 256 };

/* A server: https://HOST[:PORT], or http:// to this machine. */
struct https_server {
	const char *host, *port;
	bool tls;
};

struct https_call {
	const struct https_server *server;
	const char *method, *path;
	const char *fields; /* field lines, each with \r\n; or "" */
	const char *body;   /* or NULL */
};

/* Make the call.  Returns 0: *out points into *memory, which the caller frees (secret_memory.h); -1 with the reason in `why`.  Blocks
 * for at most about 30 s. */
int https_call(const struct https_call *c, char **memory, struct https_answer *out, char why[HTTPS_WHY_MAX]);

#endif
