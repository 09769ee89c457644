/* SPDX-License-Identifier: BSD-2-Clause */
/* request_head.c - reads a request's head and writes the server's. */
#include "broker/request_head.h"

#include <ctype.h>
#include <string.h>

size_t request_head_size(const char *text, size_t len)
{
	for (size_t i = 3; i < len; i++)
		if (text[i] == '\n' && !memcmp(text + i - 3, "\r\n\r\n", 4))
			return i + 1;
	return 0;
}

static bool head_is_token(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !memchr("!#$%&'*+-.^_`|~", s[i], 15))
			return false;
	return n;
}

static bool head_is(const struct request_field *f, const char *name)
{
	return f->name_len == strlen(name) && !strncasecmp(f->name, name, f->name_len);
}

int request_head_next(const char **at, const char *end, struct request_field *f)
{
	const char *line = *at, *stop = line < end ? memchr(line, '\r', (size_t)(end - line)) : NULL;
	if (line == end)
		return 0;
	if (!stop || stop + 1 >= end || stop[1] != '\n' || memchr(line, '\n', (size_t)(stop - line)))
		return -1;
	const char *colon = memchr(line, ':', (size_t)(stop - line));
	*at = stop + 2;
	if (!colon || !head_is_token(line, (size_t)(colon - line)))
		return -1; /* also a folded line */
	*f = (struct request_field){.name = line, .name_len = (size_t)(colon - line), .value = colon + 1};
	while (f->value < stop && (*f->value == ' ' || *f->value == '\t'))
		f->value++;
	while (stop > f->value && (stop[-1] == ' ' || stop[-1] == '\t'))
		stop--;
	f->value_len = (size_t)(stop - f->value);
	return memchr(f->value, '\0', f->value_len) ? -1 : 1;
}

static bool head_read_length(const struct request_field *f, uint64_t *length)
{
	*length = 0;
	for (size_t i = 0; i < f->value_len; i++) {
		if (!isdigit((unsigned char)f->value[i]) || *length > UINT64_MAX / 100)
			return false;
		*length = *length * 10 + (uint64_t)(f->value[i] - '0');
	}
	return f->value_len;
}

static const char *head_read_fields(struct request_head *h)
{
	const char *at = h->fields, *end = h->fields + h->fields_len;
	bool lengths = false;
	struct request_field f;
	int more;
	while ((more = request_head_next(&at, end, &f)) > 0) {
		if (head_is(&f, "content-length")) {
			if (lengths || !head_read_length(&f, &h->length))
				return "bad Content-Length";
			lengths = true;
		} else if (head_is(&f, "transfer-encoding")) {
			if (h->chunked || f.value_len != 7 || strncasecmp(f.value, "chunked", 7))
				return "a Transfer-Encoding other than chunked";
			h->chunked = true;
		}
	}
	if (more < 0)
		return "a header line that is none";
	return lengths && h->chunked ? "both Content-Length and Transfer-Encoding" : NULL;
}

const char *request_head_parse(const char *text, size_t len, struct request_head *out)
{
	const char *end = memchr(text, '\r', len), *method = end ? memchr(text, ' ', (size_t)(end - text)) : NULL;
	const char *target = method ? method + 1 : NULL,
		   *version = target ? memchr(target, ' ', (size_t)(end - target)) : NULL;
	*out = (struct request_head){0};
	if (!version || end + 1 >= text + len || end[1] != '\n' || end - version != 9 ||
	    memcmp(version, " HTTP/1.", 8) || !isdigit((unsigned char)version[8]))
		return "not a request of HTTP/1.x";
	out->method = text;
	out->method_len = (size_t)(method - text);
	out->target = target;
	out->target_len = (size_t)(version - target);
	out->fields = end + 2;
	out->fields_len = len - (size_t)(end + 2 - text) - 2;
	if (!head_is_token(out->method, out->method_len))
		return "not a method";
	for (size_t i = 0; i < out->target_len; i++)
		if (!isgraph((unsigned char)target[i]))
			return "a target with blanks or control characters";
	return head_read_fields(out);
}

const char *request_head_field(const struct request_head *h, const char *name, size_t *n)
{
	const char *at = h->fields;
	struct request_field f;
	while (at && request_head_next(&at, h->fields + h->fields_len, &f) > 0) {
		if (head_is(&f, name)) {
			*n = f.value_len;
			return f.value;
		}
	}
	return NULL;
}

bool request_head_drops(const struct request_field *f, const struct secret *s)
{
	static const char *const names[] = {
		"host",    "connection",    "keep-alive", "proxy-connection", "proxy-authorization", "te",    "trailer",
		"upgrade", "authorization", "x-api-key",  "api-key",          "x-goog-api-key",      "cookie"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (head_is(f, names[i]))
			return true;
	return s->header && head_is(f, s->header);
}

/* RFC 4648, 4. */
static void head_put_base64(const unsigned char *in, size_t n, struct strbuf *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < n; i += 3) {
		unsigned bits =
			(unsigned)in[i] << 16 | (i + 1 < n ? in[i + 1] : 0u) << 8 | (i + 2 < n ? in[i + 2] : 0u);
		strbuf_putc(out, letters[bits >> 18]);
		strbuf_putc(out, letters[bits >> 12 & 63]);
		strbuf_putc(out, i + 1 < n ? letters[bits >> 6 & 63] : '=');
		strbuf_putc(out, i + 2 < n ? letters[bits & 63] : '=');
	}
}

void request_head_put_basic(const char *user, const char *password, struct strbuf *out)
{
	cleanup_strbuf struct strbuf pair = {0};
	strbuf_printf(&pair, "%s:%s", user, password);
	strbuf_puts(out, "Basic ");
	head_put_base64((const unsigned char *)(pair.s ? pair.s : ""), pair.len, out);
	if (pair.err)
		out->err = pair.err;
	if (pair.s)
		explicit_bzero(pair.s, pair.len);
}

static void head_put_credential(const struct secret *s, const char *value, struct strbuf *out)
{
	if (!value)
		return;
	if (s->header) {
		strbuf_printf(out, "%s: %s\r\n", s->header, value);
	} else if (s->user) {
		strbuf_puts(out, "Authorization: ");
		request_head_put_basic(s->user, value, out);
		strbuf_puts(out, "\r\n");
	} else {
		strbuf_printf(out, "Authorization: Bearer %s\r\n", value);
	}
}

void request_head_write(const struct request_head *h, const struct secret *s, const char *value, size_t skip,
			struct strbuf *out)
{
	const char *at = h->fields;
	bool six = strchr(s->host, ':') != NULL, usual = !strcmp(s->port, s->tls ? "443" : "80");
	struct request_field f;
	const char *rest = h->target + skip;
	size_t n = h->target_len - skip;
	strbuf_put(out, h->method, h->method_len);
	bool empty = !n || *rest == '?'; /* of the target's path */
	strbuf_printf(out, " %s%s", s->path, (empty ? !*s->path : *rest != '/') ? "/" : "");
	strbuf_put(out, rest, n);
	strbuf_printf(out, " HTTP/1.1\r\nHost: %s%s%s%s%s\r\nConnection: close\r\n", six ? "[" : "", s->host,
		      six ? "]" : "", usual ? "" : ":", usual ? "" : s->port);
	while (request_head_next(&at, h->fields + h->fields_len, &f) > 0) {
		if (request_head_drops(&f, s))
			continue;
		strbuf_put(out, f.name, f.name_len);
		strbuf_puts(out, ": ");
		strbuf_put(out, f.value, f.value_len);
		strbuf_puts(out, "\r\n");
	}
	head_put_credential(s, value, out);
	strbuf_puts(out, "\r\n");
}
