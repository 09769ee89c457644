/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_sigv4.c - gatesh/broker/aws_request.c, sigv4*.c: a signed request of a program of the session, head and body. */
#include <stdlib.h>
#include <string.h>

#include "broker/aws_request.h"

/* Sums that are cheap and depend on every byte. */
static int fuzz_sha256(const char *text, size_t len, unsigned char sum[CRYPTO_MAC_SIZE])
{
	memset(sum, 7, CRYPTO_MAC_SIZE);
	for (size_t i = 0; i < len; i++)
		sum[i % CRYPTO_MAC_SIZE] = (unsigned char)(sum[i % CRYPTO_MAC_SIZE] * 31 + text[i]);
	return 0;
}

static int fuzz_mac(const void *key, size_t key_len, const char *text, size_t len, unsigned char mac[CRYPTO_MAC_SIZE])
{
	fuzz_sha256(text, len, mac);
	mac[0] ^= key_len ? *(const unsigned char *)key : 0;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct crypto crypto = {.mac = fuzz_mac, .sha256 = fuzz_sha256};
	static struct secret s = {
		.host = (char *)"*.amazonaws.com", .port = (char *)"443", .path = (char *)"", .tls = true};
	const char *text = (const char *)data;
	size_t head = request_head_size(text, size);
	struct request_head h;
	struct aws_request r;
	if (!head || request_head_parse(text, head, &h))
		return 0;
	cleanup_strbuf struct strbuf out = {0}, body = {0};
	strbuf_put(&body, text + head, size - head);
	if (!aws_request_read(&h, 0, &s, &r) && !aws_request_sign(&r, &h, "ID:SECRET:TOKEN", &crypto, &body, &out) &&
	    /* The server reads one head, and its own name follows from letters, digits and dashes alone. */
	    (request_head_size(out.s, out.len) != out.len || request_head_parse(out.s, out.len, &h) ||
	     body.len != size - head || strpbrk(r.host, "/:@ \r\n")))
		abort();
	aws_request_free(&r);
	return 0;
}
