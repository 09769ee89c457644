/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_http.c - HTTP/1.1 requests (RFC 9112): method, target, host, and the beginning of the body.  Gate judges a request
 * with as much of its body as the window holds.  If the client holds the body back (Expect: 100-continue, a stream), Gate judges
 * without it.  After CONNECT or an upgrade, the client goes on in another protocol: bytes that do not begin a request pass
 * untouched from there on.  HTTP/2 passes untouched. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "relay/protocol.h"

enum { METHOD_MAX = 32, CHUNK_LINE_MAX = 4096 };

enum { PHASE_HEAD = 0, PHASE_CHUNK_SIZE, PHASE_CHUNK_DATA, PHASE_CHUNK_END, PHASE_TRAILER };

/* The header fields that matter here. */
struct head {
	size_t n; /* bytes, with the empty line */
	uint64_t length;
	bool chunked, waits; /* `waits`: the body comes after the server has answered */
};

static bool http_is_token(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* "METHOD TARGET HTTP/1.x".  The version decides, at the end of the line. */
int protocol_http_begins(const uint8_t *in, size_t len)
{
	static const char version[] = "HTTP/1.";
	size_t n = 0;
	while (n < len && n < METHOD_MAX && http_is_token(in[n]))
		n++;
	if (n == len)
		return -1;
	if (!n || in[n] != ' ')
		return 0;
	const uint8_t *end = memchr(in, '\n', len);
	if (!end)
		return -1;
	size_t line = (size_t)(end - in);
	line -= line && in[line - 1] == '\r';
	return line > n + sizeof version && !memcmp(in + line - sizeof version, version, sizeof version - 1) &&
	       isdigit(in[line - 1]);
}

/* Find the empty line.  Returns the bytes up to its end; 0: it has not come yet. */
static size_t http_head_length(const uint8_t *in, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (in[i] != '\n')
			continue;
		if (in[i + 1] == '\n')
			return i + 2;
		if (i + 2 < len && in[i + 1] == '\r' && in[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

static bool http_is_named(const char *line, size_t n, const char *name, struct protocol_text *value)
{
	size_t k = strlen(name);
	if (n <= k || line[k] != ':' || strncasecmp(line, name, k))
		return false;
	for (k++; k < n && (line[k] == ' ' || line[k] == '\t');)
		k++;
	while (n > k && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	*value = (struct protocol_text){line + k, n - k};
	return true;
}

static bool http_contains(struct protocol_text t, const char *word)
{
	size_t k = strlen(word);
	for (size_t i = 0; i + k <= t.n; i++)
		if (!strncasecmp(t.at + i, word, k))
			return true;
	return false;
}

static uint64_t http_read_length(struct protocol_text t)
{
	uint64_t n = 0;
	for (size_t i = 0; i < t.n && isdigit((unsigned char)t.at[i]) && n < UINT64_MAX / 16; i++)
		n = n * 10 + (uint64_t)(t.at[i] - '0');
	return n;
}

static void http_read_field(const char *line, size_t n, struct head *h, struct protocol_statement *s)
{
	struct protocol_text v;
	if (http_is_named(line, n, "host", &v))
		s->host = s->host.at ? s->host : v;
	else if (http_is_named(line, n, "content-length", &v))
		h->length = http_read_length(v);
	else if (http_is_named(line, n, "transfer-encoding", &v))
		h->chunked = http_contains(v, "chunked");
	else if (http_is_named(line, n, "expect", &v))
		h->waits |= http_contains(v, "100-continue");
	else if (http_is_named(line, n, "upgrade", &v))
		h->waits = true;
	else if (http_is_named(line, n, "accept", &v) || http_is_named(line, n, "content-type", &v))
		s->json |= http_contains(v, "json");
}

/* The target of a request to a proxy has the host in it: "http://HOST/PATH". */
static void http_split_target(struct protocol_statement *s, struct protocol_text t)
{
	const char *at = t.at, *end = t.at + t.n, *host = NULL;
	for (const char *p = at; p + 2 < end && !host && *p != '/'; p++)
		host = p[0] == ':' && p[1] == '/' && p[2] == '/' ? p + 3 : NULL;
	if (host) {
		at = memchr(host, '/', (size_t)(end - host));
		at = at ? at : end;
		s->host = (struct protocol_text){host, (size_t)(at - host)};
	}
	s->path = (struct protocol_text){at, (size_t)(end - at)};
}

/* Read the request line and the fields; `n` bytes, which end in the empty line or where the window does. */
static void http_read_head(const uint8_t *in, size_t n, struct head *h, struct protocol_statement *s)
{
	const char *line = (const char *)in, *end = line + n, *stop = memchr(line, '\n', n);
	stop = stop ? stop : end;
	const char *blank = memchr(line, ' ', (size_t)(stop - line));
	const char *target = blank ? blank + 1 : stop, *after = memchr(target, ' ', (size_t)(stop - target));
	s->method = (struct protocol_text){line, (size_t)((blank ? blank : stop) - line)};
	struct protocol_text t = {target, (size_t)((after ? after : stop) - target)};
	for (line = stop + 1; line < end; line = stop + 1) {
		stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop ? stop : end;
		size_t k = (size_t)(stop - line);
		http_read_field(line, k && line[k - 1] == '\r' ? k - 1 : k, h, s);
	}
	http_split_target(s, t);
}

/* A line of a chunked body; returns its bytes, 0 if it has not come yet. */
static size_t http_line(const uint8_t *in, size_t len)
{
	const uint8_t *end = memchr(in, '\n', len);
	return end ? (size_t)(end - in) + 1 : 0;
}

static void http_begin_chunk(struct protocol *p, const uint8_t *in, size_t n)
{
	uint64_t size = 0;
	for (size_t i = 0; i < n && isxdigit(in[i]) && size < UINT64_MAX / 32; i++)
		size = size * 16 + (uint64_t)(isdigit(in[i]) ? in[i] - '0' : (in[i] | 32) - 'a' + 10);
	p->phase = size ? PHASE_CHUNK_DATA : PHASE_TRAILER;
	p->left = size;
}

/* Take one piece of a chunked body; returns its bytes, 0 if the next piece is not complete. */
static size_t http_chunk_piece(struct protocol *p, const uint8_t *in, size_t len)
{
	if (p->phase == PHASE_CHUNK_DATA) {
		size_t n = len < p->left ? len : (size_t)p->left;
		p->left -= n;
		p->phase = p->left ? PHASE_CHUNK_DATA : PHASE_CHUNK_END;
		return n;
	}
	size_t n = http_line(in, len);
	if (!n && len >= CHUNK_LINE_MAX) /* an extension without end: it is not looked at */
		return len;
	if (!n)
		return 0;
	if (p->phase == PHASE_CHUNK_SIZE)
		http_begin_chunk(p, in, n);
	else if (p->phase == PHASE_CHUNK_END)
		p->phase = PHASE_CHUNK_SIZE;
	else if (in[0] == '\n' || (in[0] == '\r' && n == 2))
		p->phase = PHASE_HEAD;
	return n;
}

/* Take as much of a chunked body as there is.  The phase is PHASE_HEAD when it has ended. */
static size_t http_chunks(struct protocol *p, const uint8_t *in, size_t len)
{
	size_t n = 0, k = 1;
	while (p->phase != PHASE_HEAD && n < len && k) {
		k = http_chunk_piece(p, in + n, len - n);
		n += k;
	}
	return n;
}

static enum protocol_step http_judge(struct protocol_found *found, uint64_t n, struct protocol_text body, bool whole)
{
	found->n = n;
	found->statement.body = body;
	found->statement.whole = whole;
	return PROTOCOL_JUDGE;
}

static enum protocol_step http_judge_chunked(struct protocol *p, const uint8_t *in, size_t len, const struct head *h,
					     enum protocol_lack lack, struct protocol_found *found)
{
	struct protocol ahead = *p;
	ahead.phase = PHASE_CHUNK_SIZE;
	size_t n = http_chunks(&ahead, in + h->n, len - h->n);
	if (ahead.phase != PHASE_HEAD && !h->waits && lack == PROTOCOL_EARLY)
		return PROTOCOL_MORE;
	p->phase = ahead.phase;
	p->left = ahead.left;
	found->statement.chunked = true;
	return http_judge(found, h->n + n, (struct protocol_text){(const char *)in + h->n, n}, p->phase == PHASE_HEAD);
}

enum protocol_step protocol_http(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				 struct protocol_found *found)
{
	struct head h = {0};
	if (p->phase != PHASE_HEAD) {
		size_t n = http_chunks(p, in, len);
		return n ? protocol_pass(found, n) : PROTOCOL_MORE;
	}
	if (in[0] == '\r' || in[0] == '\n') /* RFC 9112, 2.2: an empty line before a request */
		return protocol_pass(found, 1);
	int begins = protocol_http_begins(in, len);
	if (begins < 0 && lack == PROTOCOL_EARLY)
		return PROTOCOL_MORE;
	if (!begins || (begins < 0 && lack == PROTOCOL_SILENT)) /* a tunnel: the server may wait for these bytes */
		return protocol_foreign(p, found);
	h.n = http_head_length(in, len);
	if (!h.n && lack != PROTOCOL_FULL)
		return PROTOCOL_MORE;
	http_read_head(in, h.n ? h.n : len, &h, &found->statement);
	if (!h.n) { /* no server takes so long a head; nothing behind it can be judged */
		p->kind = PROTOCOL_FOREIGN;
		return http_judge(found, UINT64_MAX, (struct protocol_text){0}, false);
	}
	if (h.chunked)
		return http_judge_chunked(p, in, len, &h, lack, found);
	size_t have = len - h.n < h.length ? len - h.n : (size_t)h.length;
	if (have < h.length && !h.waits && lack == PROTOCOL_EARLY)
		return PROTOCOL_MORE;
	return http_judge(found, h.n + h.length, (struct protocol_text){(const char *)in + h.n, have},
			  have == h.length);
}

size_t protocol_copy_body(const struct protocol_statement *s, char *out)
{
	struct protocol p = {.phase = PHASE_CHUNK_SIZE};
	const uint8_t *at = (const uint8_t *)s->body.at;
	size_t left = s->body.n, n = 0, k;
	if (!s->chunked && left)
		memcpy(out, at, n = left);
	for (; s->chunked && left && p.phase != PHASE_HEAD; at += k, left -= k) {
		bool data = p.phase == PHASE_CHUNK_DATA;
		k = http_chunk_piece(&p, at, left);
		if (!k)
			break;
		if (data)
			memcpy(out + n, at, k);
		n += data ? k : 0;
	}
	out[n] = '\0';
	return n;
}

static void http_quote_json(char *out, size_t size, const char *why)
{
	size_t n = 0;
	for (; *why && n + 3 < size; why++) {
		unsigned char c = (unsigned char)*why;
		if (c == '"' || c == '\\')
			out[n++] = '\\';
		out[n++] = (char)(c < ' ' ? ' ' : c);
	}
	out[n] = '\0';
}

/* The relay's own answer, after the last that the server has to say. */
void protocol_http_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r)
{
	enum { WHY = PROTOCOL_REFUSAL_MAX / 2 };
	char quoted[WHY], body[WHY + 64];
	http_quote_json(quoted, sizeof quoted, why);
	if (s->json)
		snprintf(body, sizeof body, "{\"error\": \"%s\"}\n", quoted);
	else
		snprintf(body, sizeof body, "%.*s\n", WHY, why);
	bool bare = s->method.n == 4 && !memcmp(s->method.at, "HEAD", 4);
	r->ends = true;
	r->nclient = (size_t)snprintf(r->client, sizeof r->client,
				      "HTTP/1.1 403 Forbidden\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
				      "Connection: close\r\n\r\n%s",
				      s->json ? "application/json" : "text/plain; charset=utf-8", strlen(body),
				      bare ? "" : body);
}
