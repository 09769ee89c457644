/* SPDX-License-Identifier: BSD-2-Clause */
/* sigv4_read.c - reads a client's signature: the field Authorization, or the query of a presigned URL. */
#include <ctype.h>
#include <string.h>

#include "broker/sigv4.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

/* Regions and services have letters, digits and dashes: nothing else becomes part of a host's name. */
static bool sigv4_read_word(struct sigv4_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!islower((unsigned char)s.s[i]) && !isdigit((unsigned char)s.s[i]) && s.s[i] != '-')
			return false;
	return s.n && s.n < 48 && *s.s != '-';
}

/* The scope: 20130524/us-east-1/s3/aws4_request; `slash` is "/" or "%2F". */
static const char *sigv4_read_scope(struct sigv4_span s, struct sigv4 *out)
{
	const char *end = s.s + s.n, *region = s.s + 9, *slash = s.n > 9 ? memchr(region, '/', s.n - 9) : NULL;
	const char *service = slash ? slash + 1 : NULL,
		   *last = service ? memchr(service, '/', (size_t)(end - service)) : NULL;
	if (!last || s.s[8] != '/' || (size_t)(end - last) != 13 || memcmp(last, "/aws4_request", 13))
		return "a signature without a scope";
	for (size_t i = 0; i < 8; i++)
		if (!isdigit((unsigned char)s.s[i]))
			return "a signature without a date";
	out->scope = s;
	out->region = (struct sigv4_span){region, (size_t)(slash - region)};
	out->service = (struct sigv4_span){service, (size_t)(last - service)};
	return sigv4_read_word(out->region) && sigv4_read_word(out->service) ? NULL :
									       "a region or service that is none";
}

/* Names of fields with semicolons between them. */
static bool sigv4_read_names(struct sigv4_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!islower((unsigned char)s.s[i]) && !isdigit((unsigned char)s.s[i]) && !strchr("-_;", s.s[i]))
			return false;
	return s.n;
}

static bool sigv4_read_time(struct sigv4_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isdigit((unsigned char)s.s[i]) && s.s[i] != (i == 8 ? 'T' : i == 15 ? 'Z' : 0))
			return false;
	return s.n == 16;
}

/* The value of NAME=... in the field, up to a comma or a blank. */
static struct sigv4_span sigv4_read_part(const char *field, size_t n, const char *name)
{
	const char *at = memmem(field, n, name, strlen(name)), *end = field + n;
	struct sigv4_span v = {at ? at + strlen(name) : end, 0};
	while (v.s + v.n < end && v.s[v.n] != ',' && v.s[v.n] != ' ')
		v.n++;
	return v;
}

static const char *sigv4_read_field(const struct request_head *h, const char *field, size_t n, struct sigv4 *out)
{
	struct sigv4_span credential = sigv4_read_part(field, n, "Credential=");
	const char *slash = memchr(credential.s, '/', credential.n);
	if (n < sizeof ALGORITHM || memcmp(field, ALGORITHM " ", sizeof ALGORITHM) || !slash)
		return "not a signature of AWS's version 4 (HMAC)";
	out->names = sigv4_read_part(field, n, "SignedHeaders=");
	out->time.s = request_head_field(h, "x-amz-date", &out->time.n);
	size_t skip = (size_t)(slash - credential.s) + 1;
	return sigv4_read_scope((struct sigv4_span){slash + 1, credential.n - skip}, out);
}

/* --- presigned ---------------------------------------------------------------------------------------------------- */

static struct sigv4_span sigv4_read_parameter(struct sigv4_span query, const char *name)
{
	size_t k = strlen(name);
	while (query.n) {
		const char *end = memchr(query.s, '&', query.n);
		size_t n = end ? (size_t)(end - query.s) : query.n;
		if (n > k && query.s[k] == '=' && !strncasecmp(query.s, name, k))
			return (struct sigv4_span){query.s + k + 1, n - k - 1};
		n += end != NULL;
		query = (struct sigv4_span){query.s + n, query.n - n};
	}
	return (struct sigv4_span){"", 0};
}

/* Decode %2F and %3B in a copy: the text of the presigned parts lives in `room`. */
static struct sigv4_span sigv4_read_decoded(struct sigv4_span s, char *room, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < size; i++) {
		bool slash = s.n - i > 2 && !strncasecmp(s.s + i, "%2f", 3);
		bool semicolon = s.n - i > 2 && !strncasecmp(s.s + i, "%3b", 3);
		room[n++] = slash ? '/' : semicolon ? ';' : s.s[i];
		i += slash || semicolon ? 2 : 0;
	}
	return (struct sigv4_span){room, n};
}

static const char *sigv4_read_query(struct sigv4_span query, struct sigv4 *out)
{
	struct sigv4_span algorithm = sigv4_read_parameter(query, "X-Amz-Algorithm");
	if (algorithm.n != strlen(ALGORITHM) || memcmp(algorithm.s, ALGORITHM, algorithm.n))
		return "no signature of AWS's version 4: neither in a header nor in the query";
	out->presigned = true;
	out->names = sigv4_read_decoded(sigv4_read_parameter(query, "X-Amz-SignedHeaders"), out->room[0],
					sizeof out->room[0]);
	out->time = sigv4_read_parameter(query, "X-Amz-Date");
	struct sigv4_span credential =
		sigv4_read_decoded(sigv4_read_parameter(query, "X-Amz-Credential"), out->room[1], sizeof out->room[1]);
	const char *slash = memchr(credential.s, '/', credential.n);
	size_t skip = slash ? (size_t)(slash - credential.s) + 1 : 0;
	return slash ? sigv4_read_scope((struct sigv4_span){slash + 1, credential.n - skip}, out) :
		       "a signature without a scope";
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

static const char *sigv4_read_payload(const struct request_head *h, struct sigv4 *out)
{
	static const char unsigned_payload[] = "UNSIGNED-PAYLOAD";
	static const struct {
		const char *said;
		enum sigv4_payload payload;
	} rows[] = {{"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", SIGV4_CHUNKS},
		    {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", SIGV4_CHUNKS_TRAILER}};
	out->said.s = request_head_field(h, "x-amz-content-sha256", &out->said.n);
	if (!out->said.s && out->presigned && out->service.n == 2 && !memcmp(out->service.s, "s3", 2))
		out->said = (struct sigv4_span){unsigned_payload, sizeof unsigned_payload - 1};
	out->payload = out->said.n ? SIGV4_SAID : SIGV4_BODY;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (out->said.n == strlen(rows[i].said) && !memcmp(out->said.s, rows[i].said, out->said.n))
			out->payload = rows[i].payload;
	if (out->said.n > 15 && !memcmp(out->said.s, "STREAMING-AWS4-ECDSA", 15) && out->payload == SIGV4_SAID)
		return "a body whose chunks are signed by a way that Gate does not know";
	return out->payload != SIGV4_SAID && h->chunked ? "a signed body in HTTP's chunks; send Content-Length" : NULL;
}

const char *sigv4_read(const struct request_head *h, size_t skip, struct sigv4 *out)
{
	const char *mark = memchr(h->target + skip, '?', h->target_len - skip), *end = h->target + h->target_len;
	struct sigv4_span query = {mark ? mark + 1 : end, mark ? (size_t)(end - mark) - 1 : 0};
	size_t n;
	memset(out, 0, sizeof *out);
	const char *field = request_head_field(h, "authorization", &n);
	const char *wrong = field ? sigv4_read_field(h, field, n, out) : sigv4_read_query(query, out);
	if (!wrong && !sigv4_read_names(out->names))
		wrong = "a signature without names of fields";
	if (!wrong && !sigv4_read_time(out->time))
		wrong = "a signature without its time";
	return wrong ? wrong : sigv4_read_payload(h, out);
}
