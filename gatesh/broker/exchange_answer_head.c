/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange_answer_head.c - the head of an answer on its way back to the client. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "broker/exchange_parts.h"

unsigned exchange_answer_status(const char *head, size_t n)
{
	if (n < 12 || memcmp(head, "HTTP/1.", 7) || head[8] != ' ')
		return 0;
	for (size_t i = 9; i < 12; i++)
		if (!isdigit((unsigned char)head[i]))
			return 0;
	return (unsigned)(head[9] - '0') * 100 + (unsigned)(head[10] - '0') * 10 + (unsigned)(head[11] - '0');
}

/* How many bytes of the URL are the secret's: scheme, host, port and path, up to a slash, a query or the end; 0: it is another
 * place. */
static size_t answer_head_own(const char *url, size_t n, const struct secret *s)
{
	cleanup_strbuf struct strbuf own = {0};
	bool six = strchr(s->host, ':') != NULL, usual = !strcmp(s->port, s->tls ? "443" : "80");
	strbuf_printf(&own, "%s://%s%s%s", s->tls ? "https" : "http", six ? "[" : "", s->host, six ? "]" : "");
	if (own.err || n < own.len || strncasecmp(url, own.s, own.len))
		return 0;
	size_t at = own.len, port = strlen(s->port), path = strlen(s->path);
	if (at < n && url[at] == ':' && n - at > port && !memcmp(url + at + 1, s->port, port))
		at += port + 1;
	else if (!usual)
		return 0;
	if (n - at < path || memcmp(url + at, s->path, path))
		return 0;
	at += path;
	return at == n || url[at] == '/' || url[at] == '?' ? at : 0;
}

static void answer_head_put_location(const char *line, size_t n, const struct secret *s, const char *address,
				     struct strbuf *out)
{
	size_t name = strlen("location:"), skip = name;
	while (skip < n && (line[skip] == ' ' || line[skip] == '\t'))
		skip++;
	size_t own = answer_head_own(line + skip, n - skip, s);
	strbuf_put(out, line, skip);
	if (own)
		strbuf_puts(out, address);
	strbuf_put(out, line + skip + own, n - skip - own);
}

void exchange_put_answer_head(const char *head, size_t n, const struct secret *s, const char *address,
			      struct strbuf *out)
{
	size_t name = strlen("location:");
	for (size_t at = 0; at < n;) {
		const char *line = head + at, *end = memchr(line, '\r', n - at);
		size_t len = end ? (size_t)(end - line) : n - at, whole = end && end + 1 < head + n ? len + 2 : len;
		if (len > name && !strncasecmp(line, "location:", name))
			answer_head_put_location(line, len, s, address, out);
		else
			strbuf_put(out, line, len);
		strbuf_put(out, line + len, whole - len);
		at += whole ? whole : 1;
	}
}
