/* SPDX-License-Identifier: BSD-2-Clause */
/* sigv4.c - the canonical request and its signature. */
#include "broker/sigv4.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"

enum { PARAMETERS_MAX = 256, NAMES_MAX = 64 };

static void sigv4_hex(const unsigned char sum[CRYPTO_MAC_SIZE], char hex[SIGV4_HEX + 1])
{
	for (size_t i = 0; i < CRYPTO_MAC_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

int sigv4_hash(const struct crypto *crypto, const char *bytes, size_t n, char hex[SIGV4_HEX + 1])
{
	unsigned char sum[CRYPTO_MAC_SIZE];
	int err = crypto->sha256(bytes, n, sum);
	sigv4_hex(sum, hex);
	return err;
}

int sigv4_sign(const struct crypto *crypto, const unsigned char key[CRYPTO_MAC_SIZE], const struct strbuf *text,
	       char hex[SIGV4_HEX + 1])
{
	unsigned char mac[CRYPTO_MAC_SIZE];
	int err = text->err ? text->err : crypto->mac(key, CRYPTO_MAC_SIZE, text->s, text->len, mac);
	if (!err)
		sigv4_hex(mac, hex);
	return err;
}

int sigv4_signing_key(const struct sigv4 *v, const struct sigv4_key *key, const struct crypto *crypto,
		      unsigned char out[CRYPTO_MAC_SIZE])
{
	const struct sigv4_span parts[] = {{v->scope.s, 8}, v->region, v->service, {"aws4_request", 12}};
	cleanup_strbuf struct strbuf first = {0};
	strbuf_printf(&first, "AWS4%s", key->secret);
	int err = first.err ? first.err : crypto->mac(first.s, first.len, parts[0].s, parts[0].n, out);
	for (size_t i = 1; !err && i < sizeof parts / sizeof *parts; i++) {
		unsigned char from[CRYPTO_MAC_SIZE];
		memcpy(from, out, sizeof from);
		err = crypto->mac(from, sizeof from, parts[i].s, parts[i].n, out);
		explicit_bzero(from, sizeof from);
	}
	if (first.s)
		explicit_bzero(first.s, first.cap);
	return err;
}

/* --- the canonical request ---------------------------------------------------------------------------------------- */

static void sigv4_put(struct strbuf *b, struct sigv4_span s)
{
	strbuf_put(b, s.s, s.n);
}

static bool sigv4_is(struct sigv4_span s, const char *text)
{
	return s.n == strlen(text) && !strncasecmp(s.s, text, s.n);
}

/* S3 signs the path as it is sent; every other service encodes it once more. */
static void sigv4_put_path(struct strbuf *b, const struct sigv4 *v, struct sigv4_span path)
{
	bool s3 = sigv4_is(v->service, "s3");
	if (!path.n)
		strbuf_putc(b, '/');
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.s[i];
		if (s3 || isalnum(c) || strchr("-._~/", c))
			strbuf_putc(b, (char)c);
		else
			strbuf_printf(b, "%%%02X", c);
	}
}

static int sigv4_by_text(const void *a, const void *b)
{
	const struct sigv4_span *x = a, *y = b;
	int order = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);
	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* "a=b" goes before "a-c=d", as "a" goes before "a-c": compare the names alone first. */
static int sigv4_by_parameter(const void *a, const void *b)
{
	struct sigv4_span x = *(const struct sigv4_span *)a, y = *(const struct sigv4_span *)b;
	const char *ex = memchr(x.s, '=', x.n), *ey = memchr(y.s, '=', y.n);
	struct sigv4_span nx = {x.s, ex ? (size_t)(ex - x.s) : x.n}, ny = {y.s, ey ? (size_t)(ey - y.s) : y.n};
	int order = sigv4_by_text(&nx, &ny);
	return order ? order : sigv4_by_text(&x, &y);
}

static size_t sigv4_split(struct sigv4_span text, char at, struct sigv4_span *out, size_t max)
{
	size_t n = 0;
	while (text.n && n < max) {
		const char *end = memchr(text.s, at, text.n);
		size_t len = end ? (size_t)(end - text.s) : text.n;
		if (len)
			out[n++] = (struct sigv4_span){text.s, len};
		len += end != NULL;
		text = (struct sigv4_span){text.s + len, text.n - len};
	}
	return text.n ? max + 1 : n;
}

static int sigv4_put_query(struct strbuf *b, struct sigv4_span query)
{
	struct sigv4_span v[PARAMETERS_MAX];
	size_t n = sigv4_split(query, '&', v, PARAMETERS_MAX);
	if (n > PARAMETERS_MAX)
		return -E2BIG;
	qsort(v, n, sizeof *v, sigv4_by_parameter);
	for (size_t i = 0; i < n; i++) {
		strbuf_puts(b, i ? "&" : "");
		sigv4_put(b, v[i]);
		strbuf_puts(b, memchr(v[i].s, '=', v[i].n) ? "" : "=");
	}
	return 0;
}

/* A value without blanks around it, and with one in place of several. */
static void sigv4_put_value(struct strbuf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != ' ' || !i || s[i - 1] != ' ')
			strbuf_putc(b, s[i]);
}

/* "name:value" and a newline for each signed field; fields of one name are one, with commas. */
static void sigv4_put_fields(struct strbuf *b, const struct request_head *sent, struct sigv4_span names)
{
	struct sigv4_span v[NAMES_MAX];
	size_t n = sigv4_split(names, ';', v, NAMES_MAX);
	for (size_t i = 0; i < n && i < NAMES_MAX; i++) {
		const char *at = sent->fields;
		struct request_field f;
		bool more = false;
		sigv4_put(b, v[i]);
		strbuf_putc(b, ':');
		while (request_head_next(&at, sent->fields + sent->fields_len, &f) > 0) {
			if (f.name_len != v[i].n || strncasecmp(f.name, v[i].s, v[i].n))
				continue;
			strbuf_puts(b, more ? "," : "");
			sigv4_put_value(b, f.value, f.value_len);
			more = true;
		}
		strbuf_putc(b, '\n');
	}
}

/* Sign the head that is sent: its fields are those of `sent`, its signed ones `names`. */
static int sigv4_sign_head(const struct sigv4 *v, const struct request_head *sent, const struct sigv4_target *t,
			   struct sigv4_span names, const char *payload, const struct sigv4_key *key,
			   const struct crypto *crypto, char signature[SIGV4_HEX + 1])
{
	cleanup_strbuf struct strbuf request = {0}, text = {0};
	unsigned char signing[CRYPTO_MAC_SIZE];
	char hash[SIGV4_HEX + 1];
	strbuf_put(&request, sent->method, sent->method_len);
	strbuf_putc(&request, '\n');
	sigv4_put_path(&request, v, t->path);
	strbuf_putc(&request, '\n');
	int err = sigv4_put_query(&request, t->query);
	strbuf_putc(&request, '\n');
	sigv4_put_fields(&request, sent, names);
	strbuf_putc(&request, '\n');
	sigv4_put(&request, names);
	strbuf_printf(&request, "\n%s", payload);
	if (!err)
		err = request.err ? request.err : sigv4_hash(crypto, request.s, request.len, hash);
	strbuf_printf(&text, ALGORITHM "\n%.*s\n%.*s\n%s", (int)v->time.n, v->time.s, (int)v->scope.n, v->scope.s,
		      err ? "" : hash);
	if (!err)
		err = sigv4_signing_key(v, key, crypto, signing);
	if (!err)
		err = sigv4_sign(crypto, signing, &text, signature);
	explicit_bzero(signing, sizeof signing);
	return err;
}

/* --- the head for the server -------------------------------------------------------------------------------------- */

/* Fields between the client and gatesh alone, and the client's credentials. */
static bool sigv4_stays_behind(struct sigv4_span name)
{
	static const char *const names[] = {"host",      "connection",           "keep-alive",    "proxy-connection",
					    "te",        "proxy-authorization",  "authorization", "upgrade",
					    "x-api-key", "x-amz-security-token", "cookie",        "expect"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sigv4_is(name, names[i]))
			return true;
	return false;
}

/* The signed fields' names: the client's without those that stay behind, and the token's. */
static int sigv4_names(const struct sigv4 *v, bool token, struct strbuf *out)
{
	static const char token_name[] = "x-amz-security-token";
	struct sigv4_span names[NAMES_MAX + 1];
	size_t n = sigv4_split(v->names, ';', names, NAMES_MAX), kept = 0;
	if (n > NAMES_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++)
		if (sigv4_is(names[i], "host") || !sigv4_stays_behind(names[i]))
			names[kept++] = names[i];
	if (token)
		names[kept++] = (struct sigv4_span){token_name, sizeof token_name - 1};
	qsort(names, kept, sizeof *names, sigv4_by_text);
	for (size_t i = 0; i < kept; i++) {
		strbuf_puts(out, i ? ";" : "");
		sigv4_put(out, names[i]);
	}
	return out->err;
}

/* The fields that are sent, without Authorization. */
static void sigv4_put_sent(const struct request_head *h, const struct sigv4_target *t, const char *token,
			   struct strbuf *out)
{
	const char *at = h->fields;
	struct request_field f;
	strbuf_printf(out, "Host: %s\r\nConnection: close\r\n", t->host);
	while (request_head_next(&at, h->fields + h->fields_len, &f) > 0) {
		if (sigv4_stays_behind((struct sigv4_span){f.name, f.name_len}))
			continue;
		strbuf_put(out, f.name, f.name_len);
		strbuf_puts(out, ": ");
		strbuf_put(out, f.value, f.value_len);
		strbuf_puts(out, "\r\n");
	}
	if (token)
		strbuf_printf(out, "x-amz-security-token: %s\r\n", token);
}

static void sigv4_put_encoded(struct strbuf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (isalnum(c) || (c && strchr("-._~", c)))
			strbuf_putc(b, (char)c);
		else
			strbuf_printf(b, "%%%02X", c);
	}
}

/* The query with the real key's id and token in it. */
static int sigv4_put_presigned(const struct sigv4 *v, struct sigv4_span query, const struct sigv4_key *key,
			       struct strbuf *out)
{
	static const char *const replaced[] = {"X-Amz-Signature=", "X-Amz-Credential=", "X-Amz-Security-Token="};
	struct sigv4_span p[PARAMETERS_MAX];
	size_t n = sigv4_split(query, '&', p, PARAMETERS_MAX);
	for (size_t i = 0; i < n && n <= PARAMETERS_MAX; i++) {
		bool drop = false;
		for (size_t k = 0; k < sizeof replaced / sizeof *replaced; k++)
			drop |= p[i].n >= strlen(replaced[k]) && !strncasecmp(p[i].s, replaced[k], strlen(replaced[k]));
		if (drop)
			continue;
		sigv4_put(out, p[i]);
		strbuf_putc(out, '&');
	}
	strbuf_printf(out, "X-Amz-Credential=%s%%2F", key->id);
	sigv4_put_encoded(out, v->scope.s, v->scope.n);
	if (key->token) {
		strbuf_puts(out, "&X-Amz-Security-Token=");
		sigv4_put_encoded(out, key->token, strlen(key->token));
	}
	return n > PARAMETERS_MAX ? -E2BIG : out->err;
}

int sigv4_write(const struct sigv4 *v, const struct request_head *h, const struct sigv4_target *t,
		const struct sigv4_key *key, const struct crypto *crypto, const char *hash, struct strbuf *out,
		char signature[SIGV4_HEX + 1])
{
	cleanup_strbuf struct strbuf fields = {0}, names = {0}, query = {0}, payload = {0};
	struct request_head sent = *h;
	struct sigv4_target target = *t;
	int err = sigv4_names(v, key->token && !v->presigned, &names);
	if (!err && v->presigned) {
		err = sigv4_put_presigned(v, t->query, key, &query);
		target.query = (struct sigv4_span){query.s, query.len};
	}
	sigv4_put_sent(h, t, v->presigned ? NULL : key->token, &fields);
	sent.fields = fields.s;
	sent.fields_len = fields.len;
	if (v->payload == SIGV4_BODY)
		strbuf_puts(&payload, hash);
	else
		sigv4_put(&payload, v->said);
	if (!err && !(err = fields.err ? fields.err : payload.err))
		err = sigv4_sign_head(v, &sent, &target, (struct sigv4_span){names.s ? names.s : "", names.len},
				      payload.s ? payload.s : "", key, crypto, signature);
	if (err)
		return err;
	strbuf_printf(out, "%.*s %.*s", (int)h->method_len, h->method, (int)t->path.n, t->path.s);
	strbuf_puts(out, t->path.n ? "" : "/");
	strbuf_puts(out, target.query.n ? "?" : "");
	sigv4_put(out, target.query);
	if (v->presigned)
		strbuf_printf(out, "&X-Amz-Signature=%s", signature);
	strbuf_puts(out, " HTTP/1.1\r\n");
	strbuf_put(out, fields.s, fields.len);
	if (!v->presigned)
		strbuf_printf(out,
			      "Authorization: " ALGORITHM " Credential=%s/%.*s, SignedHeaders=%s, Signature=%s\r\n",
			      key->id, (int)v->scope.n, v->scope.s, names.s ? names.s : "", signature);
	strbuf_puts(out, "\r\n");
	return out->err;
}
