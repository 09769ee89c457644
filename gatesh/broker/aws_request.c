/* SPDX-License-Identifier: BSD-2-Clause */
/* aws_request.c - the server behind a signature's scope, and the key in a secret's value. */
#include "broker/aws_request.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool aws_request_is(struct sigv4_span s, const char *text)
{
	return s.n == strlen(text) && !memcmp(s.s, text, s.n);
}

/* The server of a service, where its name is not SERVICE.REGION: those with one for all regions, and those that sign by another name
 * than their server has.  https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
static const struct aws_request_server {
	const char *service, *path, *server; /* `path`: how it begins, or NULL; `server` with %s for the region */
} servers[] = {
	{"iam", NULL, "iam"},
	{"cloudfront", NULL, "cloudfront"},
	{"route53", NULL, "route53"},
	{"waf", NULL, "waf"},
	{"budgets", NULL, "budgets"},
	{"ce", NULL, "ce.us-east-1"},
	{"organizations", NULL, "organizations.us-east-1"},
	{"globalaccelerator", NULL, "globalaccelerator.us-west-2"},
	{"ses", NULL, "email.%s"},
	{"bedrock", "/model/", "bedrock-runtime.%s"},
	{"bedrock", "/guardrail/", "bedrock-runtime.%s"},
	{"bedrock", "/agents/", "bedrock-agent-runtime.%s"},
	{"ecr", NULL, "api.ecr.%s"},
	{"aws-marketplace", NULL, "metering.marketplace.%s"},
	{"cloudsearch", NULL, "cloudsearch.%s"},
	{"sagemaker", "/endpoints/", "runtime.sagemaker.%s"},
	{"sagemaker", NULL, "api.sagemaker.%s"},
};

/* `domain` is ".amazonaws.com" of "*.amazonaws.com". */
static bool aws_request_set_host(struct aws_request *r, const char *domain)
{
	char server[160];
	const char *path = r->path.s ? r->path.s : "", *form = NULL;
	for (size_t i = 0; i < sizeof servers / sizeof *servers && !form; i++) {
		const struct aws_request_server *s = &servers[i];
		if (aws_request_is(r->v.service, s->service) && (!s->path || !strncmp(path, s->path, strlen(s->path))))
			form = s->server;
	}
	const char *mark = form ? strstr(form, "%s") : NULL;
	int n = !form ? snprintf(server, sizeof server, "%.*s.%.*s", (int)r->v.service.n, r->v.service.s,
				 (int)r->v.region.n, r->v.region.s) :
		mark  ? snprintf(server, sizeof server, "%.*s%.*s", (int)(mark - form), form, (int)r->v.region.n,
				 r->v.region.s) :
			snprintf(server, sizeof server, "%s", form);
	return n < (int)sizeof server &&
	       snprintf(r->host, sizeof r->host, "%s%s", server, domain) < (int)sizeof r->host;
}

static bool aws_request_set_field(struct aws_request *r, const struct secret *s)
{
	bool six = strchr(r->host, ':') != NULL, usual = !strcmp(s->port, s->tls ? "443" : "80");
	return snprintf(r->field, sizeof r->field, "%s%s%s%s%s", six ? "[" : "", r->host, six ? "]" : "",
			usual ? "" : ":", usual ? "" : s->port) < (int)sizeof r->field;
}

const char *aws_request_read(const struct request_head *h, size_t skip, const struct secret *s, struct aws_request *out)
{
	const char *rest = h->target + skip, *end = h->target + h->target_len;
	const char *mark = memchr(rest, '?', (size_t)(end - rest));
	size_t n;
	memset(out, 0, sizeof *out);
	const char *wrong = sigv4_read(h, skip, &out->v);
	if (wrong)
		return wrong;
	strbuf_puts(&out->path, s->path);
	strbuf_put(&out->path, rest, (size_t)((mark ? mark : end) - rest));
	if (!out->path.len)
		strbuf_puts(&out->path, "/");
	out->query = (struct sigv4_span){mark ? mark + 1 : end, mark ? (size_t)(end - mark) - 1 : 0};
	const char *action = request_head_field(h, "x-amz-target", &n);
	if (action && n < sizeof out->action)
		memcpy(out->action, action, n);
	bool fits = *s->host == '*' ? aws_request_set_host(out, s->host + 1) :
				      snprintf(out->host, sizeof out->host, "%s", s->host) < (int)sizeof out->host;
	return out->path.err                         ? "memory is out" :
	       fits && aws_request_set_field(out, s) ? NULL :
						       "a server's name that is too long";
}

void aws_request_free(struct aws_request *r)
{
	strbuf_free(&r->path);
}

bool aws_request_needs_body(const struct aws_request *r)
{
	return r->v.payload != SIGV4_SAID;
}

/* --- the key ------------------------------------------------------------------------------------------------------ */

/* Split ID:SECRET[:TOKEN] in place. */
static bool aws_request_split_key(char *value, struct sigv4_key *key)
{
	char *secret = strchr(value, ':'), *token = secret ? strchr(secret + 1, ':') : NULL;
	if (!secret)
		return false;
	*secret = '\0';
	if (token)
		*token = '\0';
	*key = (struct sigv4_key){value, secret + 1, token && token[1] ? token + 1 : NULL};
	return *value && secret[1];
}

/* The output of a credential_process: AccessKeyId, SecretAccessKey, SessionToken.  *json owns the texts. */
static bool aws_request_json_key(const char *value, json_t **json, struct sigv4_key *key)
{
	*json = json_loads(value, 0, NULL);
	json_t *o = json_object_get(*json, "Credentials"); /* as the commands of sts print it */
	o = o ? o : *json;
	*key = (struct sigv4_key){json_string_value(json_object_get(o, "AccessKeyId")),
				  json_string_value(json_object_get(o, "SecretAccessKey")),
				  json_string_value(json_object_get(o, "SessionToken"))};
	return key->id && key->secret;
}

static void aws_request_wipe(const char *s)
{
	if (s)
		explicit_bzero((char *)(size_t)s, strlen(s));
}

static const char *aws_request_sign_with(const struct aws_request *r, const struct request_head *h,
					 const struct sigv4_key *key, const struct crypto *crypto, struct strbuf *body,
					 struct strbuf *out)
{
	const struct sigv4_target t = {r->field, {r->path.s, r->path.len}, r->query};
	char hash[SIGV4_HEX + 1], signature[SIGV4_HEX + 1];
	if (sigv4_hash(crypto, body->s ? body->s : "", body->len, hash) ||
	    sigv4_write(&r->v, h, &t, key, crypto, hash, out, signature))
		return "the request can't be signed";
	if (r->v.payload != SIGV4_CHUNKS && r->v.payload != SIGV4_CHUNKS_TRAILER)
		return NULL;
	return body->s ? sigv4_sign_chunks(&r->v, key, crypto, body->s, body->len, signature) : "a body without chunks";
}

const char *aws_request_sign(const struct aws_request *r, const struct request_head *h, const char *value,
			     const struct crypto *crypto, struct strbuf *body, struct strbuf *out)
{
	struct sigv4_key key = {0};
	json_t *json = NULL;
	char *copy = strdup(value);
	bool known =
		copy && (*value == '{' ? aws_request_json_key(value, &json, &key) : aws_request_split_key(copy, &key));
	const char *wrong = known ? aws_request_sign_with(r, h, &key, crypto, body, out) :
				    "the secret is neither ID:SECRET[:TOKEN] nor the JSON of a credential_process";
	if (copy)
		explicit_bzero(copy, strlen(value));
	free(copy);
	if (json) {
		aws_request_wipe(key.secret);
		aws_request_wipe(key.token);
	}
	json_decref(json);
	return wrong;
}
