/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_github.c - github-app: sources: a JSON web token signed by the app's key, and for it a token of an installation, for the
 * repositories and permissions that the line names.
 * https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/crypto.h"
#include "principal/https_call.h"
#include "principal/secret_memory.h"
#include "principal/secret_source.h"

enum { GITHUB_WORDS_MAX = 32 };

struct github_app {
	char *id, *installation, *key; /* of the app; the file with its RSA key in PEM */
	struct secret api;             /* where: https://api.github.com */
	char *repositories[GITHUB_WORDS_MAX], *permissions[GITHUB_WORDS_MAX]; /* names; NAME:LEVEL */
	size_t nrepositories, npermissions;
};

void secret_github_free(struct github_app *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < GITHUB_WORDS_MAX; i++) {
		free(a->repositories[i]);
		free(a->permissions[i]);
	}
	free(a->id);
	free(a->installation);
	free(a->key);
	secret_free(&a->api);
	free(a);
}

const char *secret_github_key(const struct github_app *a)
{
	return a->key;
}

/* --- the line ----------------------------------------------------------------------------------------------------- */

static bool secret_github_is_number(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return n && n < 20;
}

static const char *secret_github_add(char **list, size_t *count, const char *s, size_t n)
{
	return *count == GITHUB_WORDS_MAX ? "too many of them" : secret_source_keep(&list[(*count)++], s, n);
}

static const char *secret_github_word(struct github_app *a, const char *s, size_t n)
{
	if (secret_source_begins(s, n, "id=") && secret_github_is_number(s + 3, n - 3))
		return secret_source_keep(&a->id, s + 3, n - 3);
	if (secret_source_begins(s, n, "installation=") && secret_github_is_number(s + 13, n - 13))
		return secret_source_keep(&a->installation, s + 13, n - 13);
	if (secret_source_begins(s, n, "key=/"))
		return secret_source_keep(&a->key, s + 4, n - 4);
	if (secret_source_begins(s, n, "api="))
		return secret_parse_url(&a->api, s + 4, n - 4);
	if (secret_source_begins(s, n, "repository="))
		return secret_github_add(a->repositories, &a->nrepositories, s + 11, n - 11);
	if (secret_source_begins(s, n, "permission=") && memchr(s, ':', n))
		return secret_github_add(a->permissions, &a->npermissions, s + 11, n - 11);
	return "github-app: takes id=NUMBER installation=NUMBER key=/FILE [repository=NAME...] [permission=NAME:LEVEL...]";
}

const char *secret_github_parse(struct secret *s, const char *text, size_t n)
{
	static const char api[] = "https://api.github.com";
	struct github_app *a = s->github = calloc(1, sizeof *a);
	const char *err = a ? secret_parse_url(&a->api, api, sizeof api - 1) : "", *end = text + n;
	while (!err && text < end) {
		size_t blanks = strspn(text, " \t"), len = strcspn(text + blanks, " \t");
		text += blanks;
		len = len < (size_t)(end - text) ? len : (size_t)(end - text);
		err = secret_github_word(a, text, len);
		text += len;
	}
	if (!err && (!a->id || !a->installation || !a->key))
		err = secret_github_word(a, "", 0);
	return err ? err : secret_source_keep(&s->from, a->id, strlen(a->id));
}

/* --- the tokens --------------------------------------------------------------------------------------------------- */

/* RFC 4648, 5: without padding. */
static void secret_github_put_base64(struct strbuf *out, const unsigned char *in, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	for (size_t i = 0; i < n; i += 3) {
		unsigned bits =
			(unsigned)in[i] << 16 | (i + 1 < n ? in[i + 1] : 0u) << 8 | (i + 2 < n ? in[i + 2] : 0u);
		for (size_t k = 0; k < 4 && k <= n - i; k++)
			strbuf_putc(out, letters[bits >> (18 - 6 * k) & 63]);
	}
}

/* The app's own token, RS256 (RFC 7518, 3.3), of ten minutes at most; a clock may be a minute fast. */
static int secret_github_sign(const struct github_app *a, struct strbuf *out, struct secret_got *got)
{
	static const char head[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
	struct secret_got key = {0};
	unsigned char signature[CRYPTO_SIGNATURE_MAX];
	char claims[128];
	size_t n = 0;
	long long now = (long long)time(NULL);
	int err = secret_file_read(a->key, NULL, &key);
	snprintf(claims, sizeof claims, "{\"iat\":%lld,\"exp\":%lld,\"iss\":\"%s\"}", now - 60, now + 540, a->id);
	secret_github_put_base64(out, (const unsigned char *)head, sizeof head - 1);
	strbuf_putc(out, '.');
	secret_github_put_base64(out, (const unsigned char *)claims, strlen(claims));
	if (err)
		secret_source_fail(got, err, "the app's key in %s: %s", a->key, key.why);
	else if (out->err || (err = crypto_load()->sign(key.value, out->s, out->len, signature, &n)))
		err = secret_source_fail(got, -EINVAL, "the app's key in %s is not an RSA key in PEM", a->key);
	strbuf_putc(out, '.');
	secret_github_put_base64(out, signature, n);
	secret_memory_free(key.value);
	return err ? err : out->err;
}

/* The token is for all that the installation has, unless the line names less. */
static char *secret_github_body(const struct github_app *a)
{
	json_t *o = json_object(), *repositories = json_array(), *permissions = json_object();
	for (size_t i = 0; i < a->nrepositories; i++) {
		const char *slash = strchr(a->repositories[i], '/');
		json_array_append_new(repositories, json_string(slash ? slash + 1 : a->repositories[i]));
	}
	for (size_t i = 0; i < a->npermissions; i++) {
		char name[64];
		const char *colon = strchr(a->permissions[i], ':');
		snprintf(name, sizeof name, "%.*s", (int)(colon - a->permissions[i]), a->permissions[i]);
		json_object_set_new(permissions, name, json_string(colon + 1));
	}
	if (a->nrepositories)
		json_object_set(o, "repositories", repositories);
	if (a->npermissions)
		json_object_set(o, "permissions", permissions);
	char *text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	json_decref(repositories);
	json_decref(permissions);
	return text;
}

static int secret_github_take(const struct https_answer *answer, struct secret_got *got)
{
	json_t *o = json_loadb(answer->body, answer->len, 0, NULL), *token = json_object_get(o, "token");
	const char *says = json_string_value(json_object_get(o, "message"));
	char text[100] = "";
	int err = 0;
	for (size_t i = 0; says && says[i] && i < sizeof text - 1; i++)
		text[i] = isprint((unsigned char)says[i]) ? says[i] : ' ';
	if (answer->status != 201 || !json_is_string(token)) {
		err = secret_source_fail(got, answer->status >= 500 ? -EIO : -EACCES,
					 "GitHub refuses a token: %s%s(%u)", text, *text ? " " : "", answer->status);
	} else {
		got->value = secret_memory_copy(json_string_value(token), json_string_length(token));
		got->until = secret_source_until(json_string_value(json_object_get(o, "expires_at")));
		explicit_bzero((char *)(size_t)json_string_value(token), json_string_length(token));
		err = got->value ? 0 : secret_source_fail(got, -ENOMEM, "memory is out");
	}
	json_decref(o);
	return err;
}

int secret_github_fetch(const struct secret *s, struct secret_got *got)
{
	const struct github_app *a = s->github;
	const struct https_server server = {a->api.host, a->api.port, a->api.tls};
	cleanup_strbuf struct strbuf jwt = {0}, fields = {0};
	struct https_answer answer;
	char path[256], why[HTTPS_WHY_MAX], *memory = NULL, *body = secret_github_body(a);
	if (!crypto_load() || !body) {
		free(body);
		return secret_source_fail(got, -ENOMEM, "memory is out");
	}
	int err = secret_github_sign(a, &jwt, got);
	snprintf(path, sizeof path, "%s/app/installations/%s/access_tokens", a->api.path, a->installation);
	strbuf_printf(&fields, "Authorization: Bearer %s\r\nAccept: application/vnd.github+json\r\n",
		      jwt.s ? jwt.s : "");
	const struct https_call call = {&server, "POST", path, fields.s ? fields.s : "", body};
	if (!err && https_call(&call, &memory, &answer, why))
		err = secret_source_fail(got, -EHOSTUNREACH, "GitHub: %s", why);
	else if (!err)
		err = secret_github_take(&answer, got);
	secret_memory_free(memory);
	free(body);
	return err;
}
