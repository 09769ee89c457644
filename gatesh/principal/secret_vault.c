/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_vault.c - logs in to a Vault server, renews the token, reads a field, and gives the token back. */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "principal/https_call.h"
#include "principal/secret_memory.h"
#include "principal/secret_text.h"
#include "principal/vault.h"
#include "util/loop.h"

/* One call: its answer as JSON.  Freed by vault_call_free(). */
struct vault_answer {
	unsigned status;
	char *memory;
	json_t *json; /* or NULL */
};

static void vault_answer_free(struct vault_answer *a)
{
	json_decref(a->json);
	secret_memory_free(a->memory);
}

static int vault_call(const struct vault *v, const char *method, const char *path, const char *body,
		      struct vault_answer *out, struct secret_got *got)
{
	const struct https_server server = {v->server.host, v->server.port, v->server.tls};
	char fields[SECRET_VALUE_MAX + 256], why[HTTPS_WHY_MAX];
	struct https_answer a;
	snprintf(fields, sizeof fields, "%s%s%s%s%s%sX-Vault-Request: true\r\n", v->token ? "X-Vault-Token: " : "",
		 v->token ? v->token : "", v->token ? "\r\n" : "", v->namespace ? "X-Vault-Namespace: " : "",
		 v->namespace ? v->namespace : "", v->namespace ? "\r\n" : "");
	const struct https_call c = {&server, method, path, fields, body};
	*out = (struct vault_answer){0};
	int err = https_call(&c, &out->memory, &a, why);
	explicit_bzero(fields, sizeof fields);
	if (err)
		return secret_source_fail(got, -EHOSTUNREACH, "Vault: %s", why);
	out->status = a.status;
	out->json = json_loadb(a.body, a.len, 0, NULL);
	return 0;
}

/* The server's own words about a refusal, without anything that moves a cursor. */
static int vault_refused(const struct vault_answer *a, const char *doing, struct secret_got *got)
{
	const char *says = json_string_value(json_array_get(json_object_get(a->json, "errors"), 0));
	char text[100] = "";
	for (size_t n = 0; says && says[n] && n < sizeof text - 1; n++)
		text[n] = isprint((unsigned char)says[n]) ? says[n] : ' ';
	return secret_source_fail(got, a->status >= 500 ? -EIO : -EACCES, "Vault refuses %s: %s%s(%u)", doing, text,
				  *text ? " " : "", a->status);
}

/* Take the member of an answer into memory that is not swapped, and overwrite the answer's. */
static char *vault_take(json_t *o, const char *name)
{
	json_t *member = json_object_get(o, name);
	if (!json_is_string(member) || !json_string_length(member))
		return NULL;
	char *value = secret_memory_copy(json_string_value(member), json_string_length(member));
	explicit_bzero((char *)(size_t)json_string_value(member), json_string_length(member));
	return value;
}

/* --- the token ---------------------------------------------------------------------------------------------------- */

/* Renew it from the middle of its life on. */
static void vault_set_times(struct vault *v, const json_t *auth)
{
	json_int_t ttl = json_integer_value(json_object_get(auth, "lease_duration"));
	bool limited = ttl > 0 && ttl < 1 << 30;
	v->until = limited ? loop_now() + (uint64_t)ttl * 1000 : 0;
	v->renew = limited ? loop_now() + (uint64_t)ttl * 500 : 0;
}

/* The request that an AppRole logs in with, from its file: two words, or role_id and secret_id in JSON or lines. */
static int vault_role(const char *text, char **body, struct secret_got *got)
{
	char role[256], secret[256];
	bool words = sscanf(text, " %255s %255s", role, secret) == 2 && *role != '{' && !strchr(text, '=');
	bool found = words || (!secret_text_find(text, strlen(text), "role_id", role, sizeof role) &&
			       !secret_text_find(text, strlen(text), "secret_id", secret, sizeof secret));
	json_t *o = found ? json_pack("{s:s, s:s}", "role_id", role, "secret_id", secret) : NULL;
	*body = o ? json_dumps(o, JSON_COMPACT) : NULL;
	explicit_bzero(secret, sizeof secret);
	json_decref(o);
	return *body ? 0 : secret_source_fail(got, -EINVAL, "the AppRole's file has no role_id and secret_id");
}

static int vault_log_in(struct vault *v, struct secret_got *got)
{
	struct secret_got file = {0};
	struct vault_answer a;
	char *body = NULL;
	int err = secret_file_read(v->approle, NULL, &file);
	if (err)
		secret_source_fail(got, err, "the AppRole's file: %s", file.why);
	else
		err = vault_role(file.value, &body, got);
	secret_memory_free(file.value);
	if (!err)
		err = vault_call(v, "POST", "/v1/auth/approle/login", body, &a, got);
	if (body)
		explicit_bzero(body, strlen(body));
	free(body);
	if (err)
		return err;
	json_t *auth = json_object_get(a.json, "auth");
	v->token = a.status == 200 ? vault_take(auth, "client_token") : NULL;
	if (v->token)
		vault_set_times(v, auth);
	else
		err = vault_refused(&a, "the AppRole", got);
	vault_answer_free(&a);
	return err;
}

static void vault_forget(struct vault *v)
{
	secret_memory_free(v->token);
	v->token = NULL;
}

/* A token that can't be renewed any more is used until its end, and then another one is fetched. */
static void vault_renew(struct vault *v)
{
	struct secret_got got;
	struct vault_answer a;
	if (!v->approle || vault_call(v, "POST", "/v1/auth/token/renew-self", "{}", &a, &got))
		return;
	if (a.status == 200)
		vault_set_times(v, json_object_get(a.json, "auth"));
	else
		v->renew = v->until;
	vault_answer_free(&a);
}

static int vault_have_token(struct vault *v, struct secret_got *got)
{
	if (v->token && v->until && loop_now() >= v->until)
		vault_forget(v);
	if (v->token && v->renew && loop_now() >= v->renew)
		vault_renew(v);
	if (v->token)
		return 0;
	if (v->approle)
		return vault_log_in(v, got);
	struct secret_got token = {0};
	int err = secret_source_kind(&v->server)->fetch(&v->server, &token);
	if (err) {
		secret_memory_free(token.value);
		return secret_source_fail(got, err, "Vault's token from %s: %s", v->server.spelled, token.why);
	}
	token.value[strcspn(token.value, "\r\n")] = '\0';
	v->token = token.value;
	v->until = v->renew = 0;
	return 0;
}

/* --- a secret ----------------------------------------------------------------------------------------------------- */

static int vault_take_field(const struct secret *s, const struct vault_answer *a, struct secret_got *got)
{
	if (a->status == 404)
		return secret_source_fail(got, -ENOENT, "Vault has no %s", s->from);
	if (a->status != 200)
		return vault_refused(a, s->from, got);
	got->value = vault_take(json_object_get(json_object_get(a->json, "data"), "data"), s->key);
	return got->value ? 0 : secret_source_fail(got, -ENOENT, "%s has no text in %s", s->from, s->key);
}

/* Has somebody revoked the token?  A refusal says the same of a token and of a secret. */
static bool vault_token_is_dead(struct vault *v)
{
	struct secret_got got;
	struct vault_answer a;
	if (vault_call(v, "GET", "/v1/auth/token/lookup-self", NULL, &a, &got))
		return false;
	bool dead = a.status == 403;
	vault_answer_free(&a);
	return dead;
}

static int vault_get(struct vault *v, const char *path, struct vault_answer *a, struct secret_got *got)
{
	int err = vault_have_token(v, got);
	if (!err)
		err = vault_call(v, "GET", path, NULL, a, got);
	return err;
}

static int vault_read(const struct secret *s, struct secret_got *got)
{
	struct vault *v = s->vault;
	struct vault_answer a;
	char path[512];
	int mount = (int)strcspn(s->from, "/");
	snprintf(path, sizeof path, "/v1/%.*s/data/%s", mount, s->from, s->from + mount + 1);
	bool known = v->token != NULL;
	int err = vault_get(v, path, &a, got);
	if (!err && a.status == 403 && known && vault_token_is_dead(v)) {
		vault_answer_free(&a);
		vault_forget(v);
		err = vault_get(v, path, &a, got);
	}
	if (err)
		return err;
	err = vault_take_field(s, &a, got);
	vault_answer_free(&a);
	return err;
}

int secret_vault_fetch(const struct secret *s, struct secret_got *got)
{
	pthread_mutex_lock(&s->vault->lock);
	int err = vault_read(s, got);
	pthread_mutex_unlock(&s->vault->lock);
	return err;
}

void vault_end(struct vault *v)
{
	struct secret_got got;
	struct vault_answer a;
	pthread_mutex_lock(&v->lock);
	if (v->token && v->approle && !vault_call(v, "POST", "/v1/auth/token/revoke-self", NULL, &a, &got))
		vault_answer_free(&a);
	vault_forget(v);
	pthread_mutex_unlock(&v->lock);
}
