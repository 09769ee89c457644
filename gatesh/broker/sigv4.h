/* SPDX-License-Identifier: BSD-2-Clause */
/* sigv4.h - requests to AWS are signed anew: the client's signature, made with a sentinel, is read for what it covers, and one by the
 * real key is put in its place.  Signature Version 4, in a header or in the query (presigned), with the body's hash, unsigned, or in
 * signed chunks.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, sigv4-streaming-trailers.html */
#ifndef GATESH_BROKER_SIGV4_H
#define GATESH_BROKER_SIGV4_H

#include "broker/request_head.h"
#include "crypto/crypto.h"

enum { SIGV4_HEX = 2 * CRYPTO_MAC_SIZE };

/* A part of the request's text; not terminated. */
struct sigv4_span {
	const char *s;
	size_t n;
};

/* A real key.  `token` NULL: it is not a temporary one. */
struct sigv4_key {
	const char *id, *secret, *token;
};

/* How the body is covered. */
enum sigv4_payload {
	SIGV4_BODY,           /* by its hash, which the request does not say: hash the body */
	SIGV4_SAID,           /* by what the field x-amz-content-sha256 says: a hash, or that it is not covered */
	SIGV4_CHUNKS,         /* each chunk is signed */
	SIGV4_CHUNKS_TRAILER, /* ... and the checksums behind the last one */
};

/* A client's signature.  Points into the head and into itself: it is not copied. */
struct sigv4 {
	bool presigned;
	struct sigv4_span scope; /* DATE/REGION/SERVICE/aws4_request */
	struct sigv4_span region, service;
	struct sigv4_span names; /* of the signed fields: "host;x-amz-date" */
	struct sigv4_span time;  /* as 20130524T000000Z */
	struct sigv4_span said;  /* x-amz-content-sha256; n 0: there is none */
	enum sigv4_payload payload;
	char room[2][512]; /* where parts of a presigned query lie, decoded */
};

/* Where the request goes. */
struct sigv4_target {
	const char *host;              /* the field Host: with its port, if that is not the usual one */
	struct sigv4_span path, query; /* as they are sent, the query without its '?' */
};

/* Read what the client signed of a request whose target, from `skip` on, is meant for the server.  Returns NULL, or what is wrong with
 * it (static storage). */
const char *sigv4_read(const struct request_head *h, size_t skip, struct sigv4 *out);

/* Append the head for the server, signed by the key.  `hash`: SIGV4_HEX digits of the body's hash, with SIGV4_BODY alone.  The signature
 * goes to `signature`, NUL-terminated.  Returns 0 or a negative errno. */
int sigv4_write(const struct sigv4 *v, const struct request_head *h, const struct sigv4_target *t,
		const struct sigv4_key *key, const struct crypto *crypto, const char *hash, struct strbuf *out,
		char signature[SIGV4_HEX + 1]);

/* The SHA-256 of some bytes in lower-case hexadecimal, NUL-terminated.  Returns 0 or -EIO. */
int sigv4_hash(const struct crypto *crypto, const char *bytes, size_t n, char hex[SIGV4_HEX + 1]);

/* Sign the chunks of a body anew, in their places: every signature keeps its length.  `signature` is the head's.  Returns NULL, or what
 * is wrong with the body (static storage).  Defined in sigv4_chunks.c. */
const char *sigv4_sign_chunks(const struct sigv4 *v, const struct sigv4_key *key, const struct crypto *crypto,
			      char *body, size_t n, const char *signature);

/* --- among the files of sigv4 ------------------------------------------------------------------------------------- */

/* The key that signs, from the secret and the scope.  Returns 0 or -EIO. */
int sigv4_signing_key(const struct sigv4 *v, const struct sigv4_key *key, const struct crypto *crypto,
		      unsigned char out[CRYPTO_MAC_SIZE]);

/* Sign `text`: SIGV4_HEX digits and a NUL. */
int sigv4_sign(const struct crypto *crypto, const unsigned char key[CRYPTO_MAC_SIZE], const struct strbuf *text,
	       char hex[SIGV4_HEX + 1]);

#endif
