/* SPDX-License-Identifier: BSD-2-Clause */
/* crypto.h - what gatesh needs OpenSSL for.  It is in a module, gate-crypto.so, which gatesh loads for a session with --scrub or
 * a principal: any other start of gatesh does not pay for OpenSSL (1.2 ms of CPU, 6 MB of addresses). */
#ifndef GATESH_CRYPTO_CRYPTO_H
#define GATESH_CRYPTO_CRYPTO_H

#include <stddef.h>
#include <sys/types.h>

#include "crypto/upstream.h"

enum { CRYPTO_KEY_SIZE = 32, CRYPTO_MAC_SIZE = 32, CRYPTO_SIGNATURE_MAX = 1024 };

/* HMAC-SHA256.  Returns 0 or -EIO. */
typedef int crypto_hmac_fn(const unsigned char key[CRYPTO_KEY_SIZE], const char *text, size_t len,
			   unsigned char mac[CRYPTO_MAC_SIZE]);

/* The same with a key of any length, and SHA-256. */
typedef int crypto_mac_fn(const void *key, size_t key_len, const char *text, size_t len,
			  unsigned char mac[CRYPTO_MAC_SIZE]);
typedef int crypto_sha256_fn(const char *text, size_t len, unsigned char sum[CRYPTO_MAC_SIZE]);

/* RSASSA-PKCS1-v1_5 with SHA-256, by the unencrypted RSA key in the text `pem`.  Returns 0 and sets *n, or returns -EINVAL. */
typedef int crypto_sign_fn(const char *pem, const char *text, size_t len, unsigned char out[CRYPTO_SIGNATURE_MAX],
			   size_t *n);

/* The functions of the module; those of upstream.h under their names there. */
struct crypto {
	crypto_hmac_fn *hmac;
	crypto_mac_fn *mac;
	crypto_sha256_fn *sha256;
	crypto_sign_fn *sign;
	void *(*settings)(void);
	void *(*settings_with)(const char *ca, const char *pem);
	void (*settings_free)(void *settings);
	int (*open)(struct upstream *u, void *settings, const char *host, const char *port, bool tls);
	void (*close)(struct upstream *u);
	ssize_t (*send)(struct upstream *u, const char *bytes, size_t n);
	int (*send_all)(struct upstream *u, const char *bytes, size_t n);
	ssize_t (*receive)(struct upstream *u, char *buf, size_t size);
	int (*pending)(const struct upstream *u);
};

/* Load the module, once.  Returns NULL after a message on stderr.  Before there are threads. */
const struct crypto *crypto_load(void);

/* In the module: defined in crypto_module.c, hmac.c and sign.c. */
extern const struct crypto gate_crypto;
crypto_hmac_fn crypto_hmac;
crypto_mac_fn crypto_mac;
crypto_sha256_fn crypto_sha256;
crypto_sign_fn crypto_sign;

#endif
