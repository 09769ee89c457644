/* SPDX-License-Identifier: BSD-2-Clause */
/* cloud_operations.c - reads requests to AWS and Kubernetes. */
#include "effects/cloud_operations.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* A part of a text. */
struct piece {
	const char *s;
	size_t n;
};

static const struct piece cloud_none = {"", 0}; /* never NULL, from which nothing may be counted on */

static bool cloud_is(struct piece p, const char *text)
{
	return p.n == strlen(text) && !strncasecmp(p.s, text, p.n);
}

static void cloud_put(struct strbuf *out, struct piece p)
{
	for (size_t i = 0; i < p.n; i++)
		strbuf_putc(out, isgraph((unsigned char)p.s[i]) ? p.s[i] : '?');
}

/* The next part of a path: *at goes behind it.  n 0: there are no more. */
static struct piece cloud_segment(const char **at, const char *end)
{
	while (*at < end && **at == '/')
		(*at)++;
	struct piece p = {*at, 0};
	while (*at < end && **at != '/')
		(*at)++;
	p.n = (size_t)(*at - p.s);
	return p;
}

/* The value of a parameter in "a=b&c": s NULL: it is not there. */
static struct piece cloud_parameter(struct piece query, const char *name)
{
	size_t k = strlen(name);
	for (const char *s = query.s, *end = s + query.n; s && s < end;) {
		const char *stop = memchr(s, '&', (size_t)(end - s));
		size_t n = (size_t)((stop ? stop : end) - s);
		if (n >= k && !memcmp(s, name, k) && (n == k || s[k] == '='))
			return (struct piece){s + k + (n > k), n - k - (n > k)};
		s += n + 1;
	}
	return (struct piece){0};
}

/* --- S3 ----------------------------------------------------------------------------------------------------------- */

/* "Delete" of DELETE. */
static void cloud_put_verb(struct strbuf *out, const char *method)
{
	for (size_t i = 0; method[i]; i++)
		strbuf_putc(out, (char)(i ? tolower((unsigned char)method[i]) : method[i]));
}

/* "ObjectLock" of "object-lock". */
static void cloud_put_camel(struct strbuf *out, const char *name)
{
	for (bool up = true; *name; name++) {
		if (*name != '-')
			strbuf_putc(out, (char)(up ? toupper((unsigned char)*name) : *name));
		up = *name == '-';
	}
}

static const char *cloud_s3_part(struct piece query)
{
	static const char *const parts[] = {"acl",
					    "policy",
					    "lifecycle",
					    "versioning",
					    "encryption",
					    "cors",
					    "tagging",
					    "website",
					    "replication",
					    "object-lock",
					    "logging",
					    "notification",
					    "inventory",
					    "analytics",
					    "metrics",
					    "accelerate",
					    "legal-hold",
					    "retention",
					    "torrent",
					    "restore",
					    "ownershipControls",
					    "publicAccessBlock",
					    "requestPayment",
					    "intelligent-tiering",
					    "location",
					    "policyStatus",
					    "attributes"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (cloud_parameter(query, parts[i]).s)
			return parts[i];
	return NULL;
}

/* The names that do not follow from the method. */
static const struct cloud_s3_name {
	const char *method;
	int depth; /* 0: the service; 1: a bucket; 2: an object */
	const char *parameter, *name;
} s3_names[] = {
	{"GET", 0, NULL, "ListBuckets"},
	{"POST", 1, "delete", "DeleteObjects"},
	{"GET", 1, "uploads", "ListMultipartUploads"},
	{"GET", 1, "versions", "ListObjectVersions"},
	{"PUT", 2, "partNumber", "UploadPart"},
	{"POST", 2, "uploads", "CreateMultipartUpload"},
	{"POST", 2, "uploadId", "CompleteMultipartUpload"},
	{"DELETE", 2, "uploadId", "AbortMultipartUpload"},
	{"POST", 2, "select", "SelectObjectContent"},
};

static void cloud_s3(const struct cloud_call *c, bool bucket_in_host, struct piece path, struct piece query,
		     struct strbuf *out)
{
	const char *at = path.s, *end = path.s + path.n, *part = cloud_s3_part(query);
	int depth = bucket_in_host;
	if (!bucket_in_host && cloud_segment(&at, end).n)
		depth = 1;
	depth += depth && cloud_segment(&at, end).n;
	strbuf_puts(out, "s3:");
	for (size_t i = 0; i < sizeof s3_names / sizeof *s3_names; i++) {
		const struct cloud_s3_name *n = &s3_names[i];
		if (n->depth == depth && !strcmp(n->method, c->method) &&
		    (!n->parameter || cloud_parameter(query, n->parameter).s)) {
			strbuf_printf(out, "%s\n", n->name);
			return;
		}
	}
	bool plain = depth == 1 && !part;
	if (plain && !strcmp(c->method, "PUT"))
		strbuf_puts(out, "Create");
	else if (plain && !strcmp(c->method, "GET"))
		strbuf_puts(out, "List");
	else
		cloud_put_verb(out, c->method);
	strbuf_puts(out, depth == 2 ? "Object" : plain && !strcmp(c->method, "GET") ? "Objects" : "Bucket");
	if (part)
		cloud_put_camel(out, part);
	else if (depth == 2 && !strcmp(c->method, "DELETE") && cloud_parameter(query, "versionId").s)
		strbuf_puts(out, "Version");
	strbuf_putc(out, '\n');
}

/* --- AWS ---------------------------------------------------------------------------------------------------------- */

/* The host's first words: "b.s3.eu-west-1" of "b.s3.eu-west-1.amazonaws.com".  n 0: it is not AWS's. */
static struct piece cloud_aws_words(const char *host)
{
	static const char *const domains[] = {".amazonaws.com", ".amazonaws.com.cn"};
	size_t n = host ? strlen(host) : 0;
	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
		size_t k = strlen(domains[i]);
		if (n > k && !strcasecmp(host + n - k, domains[i]))
			return (struct piece){host, n - k};
	}
	return cloud_none;
}

static struct piece cloud_word(struct piece words, size_t which)
{
	const char *at = words.s, *end = words.s + words.n;
	for (;; which--) {
		const char *dot = at < end ? memchr(at, '.', (size_t)(end - at)) : NULL;
		struct piece p = {at, (size_t)((dot ? dot : end) - at)};
		if (!which || !dot)
			return which ? cloud_none : p;
		at = dot + 1;
	}
}

static bool cloud_is_s3_word(struct piece p)
{
	return cloud_is(p, "s3") || (p.n > 3 && !strncasecmp(p.s, "s3-", 3));
}

/* The service, and whether the host's name begins with a bucket's. */
static struct piece cloud_service(const struct cloud_call *c, bool *bucket)
{
	struct piece words = cloud_aws_words(c->host), first = cloud_word(words, 0);
	struct piece said = c->service ? (struct piece){c->service, strlen(c->service)} : cloud_none;
	*bucket = false;
	if (said.n && !cloud_is(said, "s3"))
		return said;
	for (size_t i = 0; words.n && i < 8; i++) {
		if (!cloud_is_s3_word(cloud_word(words, i)))
			continue;
		*bucket = i > 0;
		return (struct piece){"s3", 2};
	}
	if (said.n)
		return said;
	if (cloud_is(first, "api") || cloud_is(first, "runtime"))
		return cloud_word(words, 1);
	return cloud_is(first, "email") ? (struct piece){"ses", 3} : first;
}

/* The action that the request itself names. */
static struct piece cloud_action(const struct cloud_call *c, struct piece query)
{
	const char *dot = c->action ? strrchr(c->action, '.') : NULL;
	struct piece form = c->body ? (struct piece){c->body, c->len} : cloud_none,
		     action = cloud_parameter(form, "Action");
	if (c->action && *c->action)
		action = (struct piece){dot ? dot + 1 : c->action, strlen(dot ? dot + 1 : c->action)};
	return action.n ? action : cloud_parameter(query, "Action");
}

static void cloud_aws(const struct cloud_call *c, struct piece path, struct piece query, struct strbuf *out)
{
	bool bucket;
	struct piece service = cloud_service(c, &bucket);
	if (!service.n)
		return;
	if (cloud_is(service, "s3")) {
		cloud_s3(c, bucket, path, query, out);
		return;
	}
	struct piece action = cloud_action(c, query);
	cloud_put(out, service);
	strbuf_putc(out, ':');
	cloud_put(out, action.n ? action : (struct piece){c->method, strlen(c->method)});
	strbuf_putc(out, '\n');
}

/* --- Kubernetes --------------------------------------------------------------------------------------------------- */

/* The path behind /api/v1/ or /apis/GROUP/VERSION/, perhaps behind a proxy's own; s NULL: it is not there. */
static struct piece cloud_k8s_path(struct piece path)
{
	const char *end = path.s + path.n, *at = memmem(path.s, path.n, "/api/v1/", 8);
	if (at)
		return (struct piece){at + 8, (size_t)(end - at) - 8};
	at = memmem(path.s, path.n, "/apis/", 6);
	if (!at)
		return (struct piece){0};
	at += 6;
	struct piece group = cloud_segment(&at, end), version = cloud_segment(&at, end);
	bool is = group.n && version.n > 1 && *version.s == 'v' && isdigit((unsigned char)version.s[1]) && at < end;
	return is ? (struct piece){at + 1, (size_t)(end - at) - 1} : (struct piece){0};
}

static const char *cloud_k8s_verb(const char *method, bool named)
{
	static const struct {
		const char *method, *one, *all;
	} verbs[] = {{"GET", "get", "list"},
		     {"POST", "create", "create"},
		     {"PUT", "update", "update"},
		     {"PATCH", "patch", "patch"},
		     {"DELETE", "delete", "deletecollection"}};
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(method, verbs[i].method))
			return named ? verbs[i].one : verbs[i].all;
	return NULL;
}

static bool cloud_k8s(const struct cloud_call *c, struct piece path, struct strbuf *out)
{
	struct piece rest = cloud_k8s_path(path);
	if (!rest.s)
		return false;
	const char *at = rest.s, *end = rest.s + rest.n;
	struct piece resource = cloud_segment(&at, end), name = cloud_segment(&at, end), more = cloud_segment(&at, end);
	if (cloud_is(resource, "namespaces") && more.n && !cloud_is(more, "finalize") && !cloud_is(more, "status")) {
		resource = more;
		name = cloud_segment(&at, end);
		more = cloud_segment(&at, end);
	}
	const char *verb = cloud_k8s_verb(c->method, name.n);
	if (!resource.n || !verb)
		return false;
	strbuf_printf(out, "k8s:%s:", verb);
	cloud_put(out, resource);
	strbuf_puts(out, more.n ? "/" : "");
	cloud_put(out, more);
	strbuf_putc(out, '\n');
	return true;
}

void cloud_operation(const struct cloud_call *c, struct strbuf *out)
{
	if (!c->method || !c->target)
		return;
	size_t n = strcspn(c->target, "?#");
	struct piece path = {c->target, n}, query = {c->target + n + (c->target[n] == '?'), 0};
	query.n = strcspn(query.s, "#");
	if (!c->service && cloud_k8s(c, path, out))
		return;
	cloud_aws(c, path, query, out);
}
