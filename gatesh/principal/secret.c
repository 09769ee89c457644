/* SPDX-License-Identifier: BSD-2-Clause */
/* secret.c - parses `secret:` lines. */
#include "principal/secret.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "principal/secret_command.h"
#include "principal/secret_memory.h"
#include "principal/secret_source.h"

/* The words of the line: v[i], n[i] bytes. */
enum { SECRET_WORDS_MAX = 64 };
struct words {
	const char *v[SECRET_WORDS_MAX];
	size_t n[SECRET_WORDS_MAX], count;
};

static void secret_split(const char *text, struct words *w)
{
	for (w->count = 0; w->count < SECRET_WORDS_MAX && text[strspn(text, " \t")]; w->count++) {
		text += strspn(text, " \t");
		w->v[w->count] = text;
		w->n[w->count] = strcspn(text, " \t");
		text += w->n[w->count];
	}
}

static bool secret_is(const struct words *w, size_t i, const char *word)
{
	return i < w->count && w->n[i] == strlen(word) && !memcmp(w->v[i], word, w->n[i]);
}

bool secret_is_variable(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '_')
			return false;
	return n && !isdigit((unsigned char)*s);
}

/* A field name of RFC 9110, of those that say nothing about the message itself. */
static bool secret_is_header(const char *s, size_t n)
{
	static const char *const taken[] = {"host", "content-length", "transfer-encoding", "connection",
					    "te",   "upgrade"};
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (strlen(taken[i]) == n && !strncasecmp(s, taken[i], n))
			return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return false;
	return n;
}

static bool secret_is_loopback(const char *host)
{
	return !strcmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "::1");
}

/* Split HOST[:PORT], where an IPv6 address is in brackets. */
static const char *secret_set_host(struct secret *out, const char *s, size_t n)
{
	const char *end = *s == '[' ? memchr(s, ']', n) : NULL, *colon;
	size_t host = end ? (size_t)(end - s) - 1 : (colon = memchr(s, ':', n)) ? (size_t)(colon - s) : n;
	const char *rest = s + host + 2 * (end != NULL), *err = secret_source_keep(&out->host, s + (end != NULL), host);
	bool domain = !end && host > 2 && !memcmp(s, "*.", 2);
	for (size_t i = domain; !err && i < host; i++)
		if (!isalnum((unsigned char)out->host[i]) && !strchr(end ? ".:" : ".-_", out->host[i]))
			return "a host's name has letters, digits, dots and dashes";
	if (err || !host)
		return err ? err : "the URL has no host";
	if (rest == s + n)
		return secret_source_keep(&out->port, out->tls ? "443" : "80", out->tls ? 3 : 2);
	size_t digits = (size_t)(s + n - rest) - 1;
	if (*rest != ':' || !digits || digits > 5)
		return "a port is a number behind a colon";
	for (size_t i = 1; i <= digits; i++)
		if (!isdigit((unsigned char)rest[i]))
			return "a port is a number behind a colon";
	return secret_source_keep(&out->port, rest + 1, digits);
}

const char *secret_parse_url(struct secret *out, const char *s, size_t n)
{
	size_t scheme = secret_source_begins(s, n, "https://") ? 8 : secret_source_begins(s, n, "http://") ? 7 : 0;
	if (!scheme)
		return "a secret is for https://HOST[:PORT][/PATH]";
	out->tls = scheme == 8;
	const char *host = s + scheme, *slash = memchr(host, '/', n - scheme), *end = s + n;
	const char *err = secret_set_host(out, host, (size_t)((slash ? slash : end) - host));
	if (err)
		return err;
	if (!out->tls && !secret_is_loopback(out->host))
		return "http:// would send the credential in the clear; only this machine may have it so";
	while (slash && end > slash && end[-1] == '/')
		end--;
	for (const char *c = slash; c && c < end; c++)
		if (!isgraph((unsigned char)*c) || strchr("?#\"<>\\", *c))
			return "the URL has a query, a fragment or a character that a path does not have";
	return secret_source_keep(&out->path, slash ? slash : "", slash ? (size_t)(end - slash) : 0);
}

static const char *const secret_tools[] = {"", "aws", "git", "kubectl", "npm", NULL};
static const char *const secret_scopes[] = {"", "read", "write", NULL};

const char *secret_tool_name(enum secret_tool tool)
{
	return secret_tools[tool];
}

const char *secret_scope_name(enum secret_scope scope)
{
	return secret_scopes[scope];
}

/* Which of the words it is; 0: none. */
static unsigned secret_word(const char *const *words, const char *s, size_t n)
{
	for (unsigned i = 1; words[i]; i++)
		if (strlen(words[i]) == n && !memcmp(words[i], s, n))
			return i;
	return 0;
}

static const char *secret_set_option(struct secret *out, const char *s, size_t n)
{
	if (secret_source_begins(s, n, "tool=")) {
		out->tool = secret_word(secret_tools, s + 5, n - 5);
		return out->tool ? NULL : "tool= is aws, git, kubectl or npm";
	}
	if (secret_source_begins(s, n, "scope=")) {
		out->scope = secret_word(secret_scopes, s + 6, n - 6);
		return out->scope ? NULL : "scope= is read or write";
	}
	if (secret_source_begins(s, n, "env="))
		return secret_is_variable(s + 4, n - 4) ? secret_source_keep(&out->env, s + 4, n - 4) :
							  "env= takes the name of a variable";
	if (secret_source_begins(s, n, "base="))
		return secret_is_variable(s + 5, n - 5) ? secret_source_keep(&out->base, s + 5, n - 5) :
							  "base= takes the name of a variable";
	if (secret_source_begins(s, n, "header="))
		return secret_is_header(s + 7, n - 7) ? secret_source_keep(&out->header, s + 7, n - 7) :
							"header= takes the name of a header field";
	if (secret_source_begins(s, n, "ca=/"))
		return secret_source_keep(&out->ca, s + 3, n - 3);
	if (secret_source_begins(s, n, "basic=") && !memchr(s, ':', n))
		return secret_source_keep(&out->user, s + 6, n - 6);
	return "expected env=, base=, tool=, scope=, ca=/FILE, header= or basic=";
}

static const char *secret_set_name(struct secret *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return "a secret's name has letters, digits and dashes";
	if (n >= SECRET_NAME_MAX)
		return "a secret's name has at most 31 characters";
	memcpy(out->name, s, n);
	return NULL;
}

/* The word behind SOURCE, which may be of several words: "for", with a URL behind it. */
static size_t secret_find_for(const struct words *w)
{
	for (size_t i = 3; i + 1 < w->count; i++)
		if (secret_is(w, i, "for") && memmem(w->v[i + 1], w->n[i + 1], "://", 3))
			return i;
	return 3;
}

static const char *secret_parse_words(const char *text, const struct words *w, struct secret *out, size_t *at)
{
	size_t url = secret_find_for(w) + 1;
	const char *err = secret_set_name(out, w->v[0], w->n[0]);
	if (!err) {
		*at = (size_t)(w->v[2] - text);
		err = secret_source_parse(out, w->v[2], (size_t)(w->v[url - 2] + w->n[url - 2] - w->v[2]));
	}
	if (!err) {
		*at = (size_t)(w->v[url] - text);
		err = secret_parse_url(out, w->v[url], w->n[url]);
	}
	for (size_t i = url + 1; !err && i < w->count; i++) {
		*at = (size_t)(w->v[i] - text);
		err = secret_set_option(out, w->v[i], w->n[i]);
	}
	if (!err && out->tool == SECRET_TOOL_GIT && !out->header && !out->user)
		err = secret_source_keep(&out->user, "x-access-token", strlen("x-access-token"));
	return err;
}

/* The parts that do not go together; NULL: all do. */
static const char *secret_check(const struct secret *s)
{
	if (s->header && s->user)
		return "header= and basic= exclude each other";
	if (s->scope == SECRET_SCOPE_WRITE)
		return s->env || s->base || s->header || s->user || s->tool || s->ca ?
			       "scope=write stands alone: the rest is on the line with scope=read" :
			       NULL;
	if (*s->host == '*' && s->tool != SECRET_TOOL_AWS)
		return "a host's name has a * with tool=aws alone";
	if (s->tool && (s->env || s->base))
		return "tool= takes the place of env= and base=";
	if (s->tool == SECRET_TOOL_AWS && (s->header || s->user))
		return "AWS's tools sign; header= and basic= are for others";
	return s->tool || (s->env && s->base) ? NULL : "without env= and base=, or tool=, no program finds it";
}

static bool secret_is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

bool secret_goes_with(const struct secret *s, const struct secret *other)
{
	if (secret_is_same(s->env, other->env) || secret_is_same(s->base, other->base))
		return false;
	if (strcmp(s->name, other->name)) /* git has many servers, the others have one place in their settings */
		return !s->tool || s->tool == SECRET_TOOL_GIT || s->tool != other->tool;
	return s->scope == SECRET_SCOPE_WRITE && other->scope == SECRET_SCOPE_READ && s->tls == other->tls &&
	       !strcmp(s->host, other->host) && !strcmp(s->port, other->port) && !strcmp(s->path, other->path);
}

const struct secret *secret_stronger(const struct secret *list, size_t n, const struct secret *s)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].scope == SECRET_SCOPE_WRITE && !strcmp(list[i].name, s->name))
			return &list[i];
	return NULL;
}

const char *secret_parse(const char *text, struct secret *out, size_t *at)
{
	struct words w;
	*out = (struct secret){0};
	secret_split(text, &w);
	*at = 0;
	if (w.count < 5 || !secret_is(&w, 1, "from") || !secret_is(&w, secret_find_for(&w), "for"))
		return "expected NAME from SOURCE for URL env=VARIABLE base=VARIABLE, or tool=";
	const char *err = secret_parse_words(text, &w, out, at);
	return err ? err : secret_check(out);
}

void secret_free(struct secret *s)
{
	char *const texts[] = {s->spelled, s->from,   s->key,  s->ca,  s->host, s->port,
			       s->path,    s->header, s->user, s->env, s->base};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	secret_memory_free(s->value);
	secret_program_free(s->program);
	secret_github_free(s->github);
	if (s->held)
		secret_memory_free(s->held->value);
	free(s->held);
	*s = (struct secret){0};
}
