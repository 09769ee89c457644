/* SPDX-License-Identifier: BSD-2-Clause */
/* fingerprint.c - SHA-256 (FIPS 180-4) and base64 (RFC 4648). */
#include "sshagent/fingerprint.h"

#include <string.h>

enum { SHA_BLOCK = 64, SHA_SIZE = 32 };

static const uint32_t rounds[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t fingerprint_turn(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void fingerprint_schedule(uint32_t w[64], const unsigned char *block)
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];
		w[i] = w[i - 16] + (fingerprint_turn(a, 7) ^ fingerprint_turn(a, 18) ^ a >> 3) + w[i - 7] +
		       (fingerprint_turn(b, 17) ^ fingerprint_turn(b, 19) ^ b >> 10);
	}
}

static void fingerprint_mix(uint32_t h[8], const unsigned char *block)
{
	uint32_t w[64], v[8];
	fingerprint_schedule(w, block);
	memcpy(v, h, sizeof v);
	for (int i = 0; i < 64; i++) {
		uint32_t e = v[4], a = v[0];
		uint32_t one = v[7] + (fingerprint_turn(e, 6) ^ fingerprint_turn(e, 11) ^ fingerprint_turn(e, 25)) +
			       ((e & v[5]) ^ (~e & v[6])) + rounds[i] + w[i];
		uint32_t two = (fingerprint_turn(a, 2) ^ fingerprint_turn(a, 13) ^ fingerprint_turn(a, 22)) +
			       ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof *v);
		v[4] += one;
		v[0] = one + two;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

static void fingerprint_hash(struct ssh_bytes in, unsigned char out[SHA_SIZE])
{
	uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	unsigned char last[2 * SHA_BLOCK] = {0};
	size_t whole = in.n / SHA_BLOCK * SHA_BLOCK, rest = in.n - whole;
	size_t end = rest < SHA_BLOCK - 8 ? SHA_BLOCK : 2 * SHA_BLOCK;
	for (size_t i = 0; i < whole; i += SHA_BLOCK)
		fingerprint_mix(h, in.at + i);
	if (rest)
		memcpy(last, in.at + whole, rest);
	last[rest] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[end - 1 - i] = (unsigned char)((uint64_t)in.n * 8 >> 8 * i);
	for (size_t i = 0; i < end; i += SHA_BLOCK)
		fingerprint_mix(h, last + i);
	for (size_t i = 0; i < SHA_SIZE; i++)
		out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void fingerprint_put_base64(struct strbuf *b, struct ssh_bytes in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < in.n; i += 3) {
		uint32_t v = (uint32_t)in.at[i] << 16 | (i + 1 < in.n ? (uint32_t)in.at[i + 1] << 8 : 0) |
			     (i + 2 < in.n ? in.at[i + 2] : 0u);
		for (size_t k = 0; k < 4; k++)
			strbuf_putc(b, i + k <= in.n ? digits[v >> (18 - 6 * k) & 63] : '=');
	}
}

void fingerprint(struct ssh_bytes key, char out[FINGERPRINT_SIZE])
{
	unsigned char hash[SHA_SIZE];
	cleanup_strbuf struct strbuf b = {0};
	fingerprint_hash(key, hash);
	strbuf_puts(&b, "SHA256:");
	fingerprint_put_base64(&b, (struct ssh_bytes){hash, sizeof hash});
	memset(out, 0, FINGERPRINT_SIZE);
	if (!b.err)
		memcpy(out, b.s, FINGERPRINT_SIZE - 1); /* without the padding */
}
