/* SPDX-License-Identifier: BSD-2-Clause */
/* sign.c - RSA signatures with SHA-256 (RSASSA-PKCS1-v1_5, the RS256 of JSON web tokens) by OpenSSL. */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "crypto/crypto.h"

/* Nobody is asked for a passphrase. */
static int sign_no_passphrase(char *buf, int size, int writing, void *data)
{
	return -1;
}

int crypto_sign(const char *pem, const char *text, size_t len, unsigned char out[CRYPTO_SIGNATURE_MAX], size_t *n)
{
	BIO *in = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, sign_no_passphrase, NULL) : NULL;
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	*n = CRYPTO_SIGNATURE_MAX;
	bool done = key && c && EVP_PKEY_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_size(key) <= CRYPTO_SIGNATURE_MAX &&
		    EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestSign(c, out, n, (const unsigned char *)text, len) == 1;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	BIO_free(in);
	ERR_clear_error();
	*n = done ? *n : 0;
	return done ? 0 : -EINVAL;
}
