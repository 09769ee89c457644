/* SPDX-License-Identifier: BSD-2-Clause */
/* upstream.c - connects to servers by TLS. */
#include "crypto/upstream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 10000, STEP_MS = 20000 };

/* Nobody is asked for a passphrase. */
static int upstream_no_passphrase(char *buf, int size, int writing, void *data)
{
	return -1;
}

/* The first certificate is the client's, and those behind it lead to a root. */
static bool upstream_use_certificates(SSL_CTX *c, BIO *in)
{
	X509 *certificate = PEM_read_bio_X509(in, NULL, upstream_no_passphrase, NULL), *more;
	bool used = certificate && SSL_CTX_use_certificate(c, certificate) == 1;
	X509_free(certificate);
	while (used && (more = PEM_read_bio_X509(in, NULL, upstream_no_passphrase, NULL)))
		if (!SSL_CTX_add_extra_chain_cert(c, more)) {
			X509_free(more);
			used = false;
		}
	return used;
}

static bool upstream_use_pem(SSL_CTX *c, const char *pem)
{
	BIO *certificates = BIO_new_mem_buf(pem, -1), *keys = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = keys ? PEM_read_bio_PrivateKey(keys, NULL, upstream_no_passphrase, NULL) : NULL;
	bool used = key && certificates && upstream_use_certificates(c, certificates) &&
		    SSL_CTX_use_PrivateKey(c, key) == 1 && SSL_CTX_check_private_key(c) == 1;
	EVP_PKEY_free(key);
	BIO_free(certificates);
	BIO_free(keys);
	ERR_clear_error();
	return used;
}

void *upstream_settings_with(const char *ca, const char *pem)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());
	if (c && SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) &&
	    (ca ? SSL_CTX_load_verify_locations(c, ca, NULL) : SSL_CTX_set_default_verify_paths(c)) &&
	    (!pem || upstream_use_pem(c, pem))) {
		SSL_CTX_set_verify(c, SSL_VERIFY_PEER, NULL);
		SSL_CTX_set_mode(c, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE |
					    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		return c;
	}
	SSL_CTX_free(c);
	return NULL;
}

void *upstream_settings(void)
{
	return upstream_settings_with(NULL, NULL);
}

void upstream_settings_free(void *settings)
{
	SSL_CTX_free(settings);
}

int upstream_pending(const struct upstream *u)
{
	return u->ssl ? SSL_pending(u->ssl) : 0;
}

static int upstream_wait(int fd, short events, int ms)
{
	struct pollfd p = {.fd = fd, .events = events};
	int n;
	while ((n = poll(&p, 1, ms)) < 0 && errno == EINTR)
		;
	if (!n)
		errno = ETIMEDOUT;
	return n > 0 ? 0 : -1;
}

static int upstream_connect_to(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol), err = 0;
	socklen_t size = sizeof err;
	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) && errno != EINPROGRESS)
		err = errno;
	else if (upstream_wait(fd, POLLOUT, CONNECT_MS) || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size))
		err = errno;
	if (!err)
		return fd;
	close(fd);
	errno = err;
	return -1;
}

static int upstream_connect(struct upstream *u, const char *host, const char *port)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *list;
	int err = getaddrinfo(host, port, &hints, &list);
	if (err) {
		snprintf(u->why, sizeof u->why, "%s is not found: %s", host, gai_strerror(err));
		return -1;
	}
	for (const struct addrinfo *a = list; a && u->fd < 0; a = a->ai_next)
		u->fd = upstream_connect_to(a);
	if (u->fd < 0)
		snprintf(u->why, sizeof u->why, "%s:%s can't be reached: %s", host, port, strerrordesc_np(errno));
	freeaddrinfo(list);
	return u->fd < 0 ? -1 : 0;
}

static int upstream_tls_failed(struct upstream *u, const char *host)
{
	long verified = u->ssl ? SSL_get_verify_result(u->ssl) : X509_V_OK;
	const char *reason = verified != X509_V_OK ? X509_verify_cert_error_string(verified) :
						     ERR_reason_error_string(ERR_peek_last_error());
	snprintf(u->why, sizeof u->why, "%s and gatesh don't agree on TLS: %s", host,
		 reason ? reason : "the connection broke");
	ERR_clear_error();
	return -1;
}

/* Wait until OpenSSL can go on after `result`.  Returns 0, or -1: it can't. */
static int upstream_go_on(struct upstream *u, int result)
{
	int err = SSL_get_error(u->ssl, result);
	if (err == SSL_ERROR_WANT_READ)
		return upstream_wait(u->fd, POLLIN, STEP_MS);
	return err == SSL_ERROR_WANT_WRITE ? upstream_wait(u->fd, POLLOUT, STEP_MS) : -1;
}

static int upstream_start_tls(struct upstream *u, SSL_CTX *settings, const char *host)
{
	static const unsigned char http1[] = "\x08http/1.1";
	unsigned char address[16];
	int result, family = strchr(host, ':') ? AF_INET6 : AF_INET;
	bool numeric = inet_pton(family, host, address) == 1;
	u->ssl = SSL_new(settings);
	if (!u->ssl || !SSL_set_fd(u->ssl, u->fd) || SSL_set_alpn_protos(u->ssl, http1, sizeof http1 - 1))
		return upstream_tls_failed(u, host);
	if (numeric ? !X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(u->ssl), host) :
		      !SSL_set1_host(u->ssl, host) || !SSL_set_tlsext_host_name(u->ssl, host))
		return upstream_tls_failed(u, host);
	while ((result = SSL_connect(u->ssl)) != 1)
		if (upstream_go_on(u, result))
			return upstream_tls_failed(u, host);
	return 0;
}

int upstream_open(struct upstream *u, void *settings, const char *host, const char *port, bool tls)
{
	*u = (struct upstream){.fd = -1};
	int err = upstream_connect(u, host, port);
	if (!err && tls)
		err = upstream_start_tls(u, settings, host);
	if (err)
		upstream_close(u);
	return err;
}

void upstream_close(struct upstream *u)
{
	if (u->ssl && u->fd >= 0)
		SSL_shutdown(u->ssl);
	SSL_free(u->ssl);
	u->ssl = NULL;
	if (u->fd >= 0)
		close(u->fd);
	u->fd = -1;
}

static int upstream_failed(struct upstream *u)
{
	snprintf(u->why, sizeof u->why, "the server has closed the connection");
	ERR_clear_error();
	return -1;
}

ssize_t upstream_send(struct upstream *u, const char *bytes, size_t n)
{
	int part = n < 1 << 20 ? (int)n : 1 << 20;
	ssize_t sent = u->ssl ? SSL_write(u->ssl, bytes, part) : send(u->fd, bytes, (size_t)part, MSG_NOSIGNAL);
	if (sent > 0)
		return sent;
	if (!u->ssl)
		return errno == EAGAIN || errno == EINTR ? -2 : upstream_failed(u);
	int err = SSL_get_error(u->ssl, (int)sent);
	return err == SSL_ERROR_WANT_READ || err == SSL_ERROR_WANT_WRITE ? -2 : upstream_failed(u);
}

int upstream_send_all(struct upstream *u, const char *bytes, size_t n)
{
	while (n) {
		ssize_t sent = upstream_send(u, bytes, n);
		if (sent == -1 || (sent == -2 && upstream_wait(u->fd, POLLIN | POLLOUT, STEP_MS)))
			return upstream_failed(u);
		bytes += sent > 0 ? sent : 0;
		n -= sent > 0 ? (size_t)sent : 0;
	}
	return 0;
}

ssize_t upstream_receive(struct upstream *u, char *buf, size_t size)
{
	int want = size < 1 << 20 ? (int)size : 1 << 20;
	ssize_t n = u->ssl ? SSL_read(u->ssl, buf, want) : recv(u->fd, buf, (size_t)want, 0);
	if (n > 0)
		return n;
	if (!u->ssl)
		return !n ? 0 : errno == EAGAIN || errno == EINTR ? -2 : upstream_failed(u);
	int err = SSL_get_error(u->ssl, (int)n);
	if (err == SSL_ERROR_WANT_READ || err == SSL_ERROR_WANT_WRITE)
		return -2;
	ERR_clear_error();
	return err == SSL_ERROR_ZERO_RETURN ? 0 : upstream_failed(u);
}
