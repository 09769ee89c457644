/* SPDX-License-Identifier: BSD-2-Clause */
/* vault_parse.c - the line of a Vault server, and the sources that lie in it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "principal/secret_memory.h"
#include "principal/vault.h"

/* Parts of the API's path: nothing that a path or a request could be made of. */
static bool vault_is_path(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("-_./", s[i]))
			return false;
	return n && *s != '/' && s[n - 1] != '/' && !memmem(s, n, "..", 2) && !memmem(s, n, "//", 2);
}

/* MOUNT/PATH#FIELD */
const char *secret_vault_parse(struct secret *s, const char *text, size_t n)
{
	const char *hash = memchr(text, '#', n);
	size_t path = hash ? (size_t)(hash - text) : n;
	if (!hash || hash + 1 == text + n)
		return "vault:// needs a #FIELD";
	if (!memchr(text, '/', path) || !vault_is_path(text, path))
		return "vault:// takes MOUNT/PATH of letters, digits, dashes, dots and slashes";
	const char *err = secret_source_keep(&s->from, text, path);
	return err ? err : secret_source_keep(&s->key, hash + 1, n - path - 1);
}

static const char *vault_set_option(struct vault *v, const char *s, size_t n)
{
	if (secret_source_begins(s, n, "approle=/"))
		return secret_source_keep(&v->approle, s + 8, n - 8);
	if (secret_source_begins(s, n, "namespace=") && vault_is_path(s + 10, n - 10))
		return secret_source_keep(&v->namespace, s + 10, n - 10);
	if (!secret_source_begins(s, n, "token="))
		return "expected approle=/FILE, token=SOURCE or namespace=NAME";
	if (!secret_source_begins(s + 6, n - 6, "env:") && !secret_source_begins(s + 6, n - 6, "file:"))
		return "a token comes from env:VARIABLE or file:/PATH";
	return secret_source_parse(&v->server, s + 6, n - 6);
}

const char *vault_parse(const char *text, struct vault *out, size_t *at)
{
	*out = (struct vault){0};
	const char *err = secret_source_keep(&out->spelled, text, strlen(text));
	pthread_mutex_init(&out->lock, NULL);
	*at = 0;
	for (size_t i = 0; !err; i++) {
		*at += strspn(text + *at, " \t");
		size_t n = strcspn(text + *at, " \t");
		if (!n && i > 1)
			break;
		if (!i)
			err = n == 5 && !memcmp(text + *at, "vault", 5) ? NULL :
									  "expected vault and the URL of a server";
		else
			err = i == 1 ? secret_parse_url(&out->server, text + *at, n) :
				       vault_set_option(out, text + *at, n);
		*at += err ? 0 : n;
	}
	if (!err && !out->approle == !out->server.spelled)
		err = "needs either approle= or token=";
	return err;
}

void vault_free(struct vault *v)
{
	if (!v)
		return;
	secret_free(&v->server);
	free(v->spelled);
	free(v->approle);
	free(v->namespace);
	secret_memory_free(v->token);
	free(v);
}
