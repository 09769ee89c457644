/* SPDX-License-Identifier: BSD-2-Clause */
/* sigv4_chunks.c - a body in signed chunks: SIZE;chunk-signature=HEX, the data, and at the end perhaps checksums with a signature. */
#include <ctype.h>
#include <string.h>

#include "broker/sigv4.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" /* the hash of no bytes */
#define MARK ";chunk-signature="
#define TRAILER "x-amz-trailer-signature:"

/* A body on its way through. */
struct chunks {
	const struct sigv4 *v;
	const struct crypto *crypto;
	unsigned char key[CRYPTO_MAC_SIZE];
	char *body;
	size_t n, at;
	char last[SIGV4_HEX + 1]; /* the signature before */
};

static const char failed[] = "gatesh can't sign it";

/* Each part is signed by its kind, the signature before, and a hash of its bytes. */
static const char *sigv4_chunks_sign(struct chunks *c, const char *kind, const char *middle, const char *bytes,
				     size_t n)
{
	cleanup_strbuf struct strbuf text = {0};
	char hash[SIGV4_HEX + 1];
	if (sigv4_hash(c->crypto, bytes, n, hash))
		return failed;
	strbuf_printf(&text, "AWS4-HMAC-SHA256-%s\n%.*s\n%.*s\n%s\n%s%s", kind, (int)c->v->time.n, c->v->time.s,
		      (int)c->v->scope.n, c->v->scope.s, c->last, middle, hash);
	return sigv4_sign(c->crypto, c->key, &text, c->last) ? failed : NULL;
}

/* The head of a chunk at c->at: its size; c->at goes to its data, *signature to the digits.  False: it is none. */
static bool sigv4_chunks_head(struct chunks *c, size_t *size, char **signature)
{
	const size_t mark = sizeof MARK - 1;
	size_t digits = 0;
	const char *s = c->body + c->at;
	for (*size = 0; digits < 8 && c->at + digits < c->n && isxdigit((unsigned char)s[digits]); digits++) {
		int d = tolower((unsigned char)s[digits]);
		*size = *size * 16 + (size_t)(isdigit(d) ? d - '0' : d - 'a' + 10);
	}
	size_t head = digits + mark + SIGV4_HEX + 2;
	if (!digits || c->n - c->at < head || memcmp(s + digits, MARK, mark) || memcmp(s + head - 2, "\r\n", 2))
		return false;
	*signature = c->body + c->at + digits + mark;
	c->at += head;
	return true;
}

/* The checksums behind the last chunk, "name:value\n" each, are signed as one text. */
static const char *sigv4_chunks_trailer(struct chunks *c)
{
	static const char wrong[] = "checksums without a signature";
	cleanup_strbuf struct strbuf sums = {0};
	const size_t k = sizeof TRAILER - 1;
	while (c->at < c->n) {
		char *line = c->body + c->at, *end = memmem(line, c->n - c->at, "\r\n", 2);
		if (!end)
			return wrong;
		size_t n = (size_t)(end - line);
		c->at += n + 2;
		if (n == k + SIGV4_HEX && !strncasecmp(line, TRAILER, k)) {
			const char *err = sigv4_chunks_sign(c, "TRAILER", "", sums.s ? sums.s : "", sums.len);
			if (!err)
				memcpy(line + k, c->last, SIGV4_HEX);
			return err;
		}
		strbuf_put(&sums, line, n);
		strbuf_puts(&sums, n ? "\n" : "");
	}
	return wrong;
}

static const char *sigv4_chunks_all(struct chunks *c)
{
	for (;;) {
		char *signature;
		size_t size;
		if (!sigv4_chunks_head(c, &size, &signature))
			return "a chunk without its signature";
		if (c->n - c->at < size + (size ? 2 : 0))
			return "a chunk without its end";
		const char *err = sigv4_chunks_sign(c, "PAYLOAD", EMPTY "\n", c->body + c->at, size);
		if (err)
			return err;
		memcpy(signature, c->last, SIGV4_HEX);
		if (!size)
			return c->v->payload == SIGV4_CHUNKS_TRAILER ? sigv4_chunks_trailer(c) : NULL;
		c->at += size;
		if (memcmp(c->body + c->at, "\r\n", 2))
			return "a chunk without its end";
		c->at += 2;
	}
}

const char *sigv4_sign_chunks(const struct sigv4 *v, const struct sigv4_key *key, const struct crypto *crypto,
			      char *body, size_t n, const char *signature)
{
	struct chunks c = {.v = v, .crypto = crypto, .body = body, .n = n};
	memcpy(c.last, signature, sizeof c.last);
	const char *err = sigv4_signing_key(v, key, crypto, c.key) ? failed : sigv4_chunks_all(&c);
	explicit_bzero(c.key, sizeof c.key);
	return err;
}
