/* SPDX-License-Identifier: BSD-2-Clause */
/* upstream.h - a connection to a server, with TLS and the system's roots ($SSL_CERT_FILE, $SSL_CERT_DIR of the
 * person who started the session). */
#ifndef GATESH_CRYPTO_UPSTREAM_H
#define GATESH_CRYPTO_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct upstream {
	int fd;
	void *ssl; /* OpenSSL's SSL; NULL: in the clear, to this machine */
	char why[256];
};

/* The settings that all connections share, OpenSSL's SSL_CTX; NULL if memory is out. */
void *upstream_settings(void);
void upstream_settings_free(void *settings);

/* Settings of one's own: with the roots of the file `ca` in place of the system's (NULL: the system's), and with the client
 * certificate and its unencrypted key in the text `pem` (NULL: none).  NULL if one of them can't be read. */
void *upstream_settings_with(const char *ca, const char *pem);

/* Connect, and check that the certificate is the host's.  Returns 0, or -1 with the reason in u->why.  Blocks for at most
 * about 30 s. */
int upstream_open(struct upstream *u, void *settings, const char *host, const char *port, bool tls);
void upstream_close(struct upstream *u);

/* Send what can be sent at once: the number of bytes, -1 with the reason in u->why, or -2 if nothing can. */
ssize_t upstream_send(struct upstream *u, const char *bytes, size_t n);

/* Send everything.  Returns 0, or -1 with the reason in u->why.  Nothing is received meanwhile: for a few kilobytes. */
int upstream_send_all(struct upstream *u, const char *bytes, size_t n);

/* Take what has come.  Returns the number of bytes, 0 at the end, -1 with the reason, or -2 if nothing is there yet. */
ssize_t upstream_receive(struct upstream *u, char *buf, size_t size);

/* The bytes that have come and that poll(2) on u->fd does not tell of. */
int upstream_pending(const struct upstream *u);

#endif
