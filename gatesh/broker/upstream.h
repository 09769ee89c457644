/* SPDX-License-Identifier: BSD-2-Clause */
/* upstream.h - a connection to the server of a secret, with TLS and the system's roots ($SSL_CERT_FILE, $SSL_CERT_DIR of the
 * person who started the session). */
#ifndef GATESH_BROKER_UPSTREAM_H
#define GATESH_BROKER_UPSTREAM_H

#include <openssl/ssl.h>
#include <stddef.h>
#include <sys/types.h>

#include "principal/secret.h"

struct upstream {
	int fd;
	SSL *ssl; /* NULL: in the clear, to this machine */
	char why[256];
};

/* The settings that all connections share; NULL if OpenSSL has none.  The caller frees it. */
SSL_CTX *upstream_settings(void);

/* Connect, and check that the certificate is the host's.  Returns 0, or -1 with the reason in u->why.  Blocks for at most
 * about 30 s. */
int upstream_open(struct upstream *u, SSL_CTX *settings, const struct secret *s);
void upstream_close(struct upstream *u);

/* Send what can be sent at once: the number of bytes, -1 with the reason in u->why, or -2 if nothing can. */
ssize_t upstream_send(struct upstream *u, const char *bytes, size_t n);

/* Send everything.  Returns 0, or -1 with the reason in u->why.  Nothing is received meanwhile: for a few kilobytes. */
int upstream_send_all(struct upstream *u, const char *bytes, size_t n);

/* What has come: the number of bytes, 0 at the end, -1 with the reason, or -2 if nothing is there yet. */
ssize_t upstream_receive(struct upstream *u, char *buf, size_t size);

#endif
