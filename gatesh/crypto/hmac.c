/* SPDX-License-Identifier: BSD-2-Clause */
/* hmac.c - HMAC-SHA256 by OpenSSL. */
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/crypto.h"

int crypto_hmac(const unsigned char key[CRYPTO_KEY_SIZE], const char *text, size_t len,
		unsigned char mac[CRYPTO_MAC_SIZE])
{
	unsigned size = 0;
	bool done = HMAC(EVP_sha256(), key, CRYPTO_KEY_SIZE, (const unsigned char *)text, len, mac, &size) &&
		    size == CRYPTO_MAC_SIZE;
	return done ? 0 : -EIO;
}
