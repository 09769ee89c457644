/* SPDX-License-Identifier: BSD-2-Clause */
/* hmac.c - HMAC-SHA256 and SHA-256 by OpenSSL. */
#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/crypto.h"

int crypto_mac(const void *key, size_t key_len, const char *text, size_t len, unsigned char mac[CRYPTO_MAC_SIZE])
{
	unsigned size = 0;
	bool done = key_len <= INT_MAX &&
		    HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, len, mac, &size) &&
		    size == CRYPTO_MAC_SIZE;
	return done ? 0 : -EIO;
}

int crypto_hmac(const unsigned char key[CRYPTO_KEY_SIZE], const char *text, size_t len,
		unsigned char mac[CRYPTO_MAC_SIZE])
{
	return crypto_mac(key, CRYPTO_KEY_SIZE, text, len, mac);
}

int crypto_sha256(const char *text, size_t len, unsigned char sum[CRYPTO_MAC_SIZE])
{
	unsigned size = 0;
	return EVP_Digest(text, len, sum, &size, EVP_sha256(), NULL) && size == CRYPTO_MAC_SIZE ? 0 : -EIO;
}
