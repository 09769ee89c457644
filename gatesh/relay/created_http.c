/* SPDX-License-Identifier: BSD-2-Clause */
/* created_http.c - HTTP: what a POST or a PUT created, by the server's 201 (RFC 9110, 15.3.2). */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "relay/created.h"

enum { STATUS_AT = 9, ID_MAX = 128, ITEMS_MAX = 64 };
enum { OK = 200, CREATED = 201, NOT_FOUND = 404, GONE = 410 };

/* The path without its query, and without a slash at its end. */
static struct protocol_text created_http_path(struct protocol_text t)
{
	size_t n = 0;
	while (n < t.n && t.at[n] != '?' && t.at[n] != '#')
		n++;
	return (struct protocol_text){t.at, n && t.at[n - 1] == '/' ? n - 1 : n};
}

static bool created_http_is(struct protocol_text t, const char *word)
{
	return t.n == strlen(word) && !strncasecmp(t.at, word, t.n);
}

/* "http PLACE HOST": two hosts of one server may be different services. */
static void created_http_put_base(const struct created *k, const struct protocol_statement *s,
				  char base[CREATED_NAME_MAX])
{
	int n = snprintf(base, CREATED_NAME_MAX, "http %s %.*s", k->place, (int)(s->host.n < ID_MAX ? s->host.n : 0),
			 s->host.n ? s->host.at : "");
	for (int i = 0; i < n; i++)
		base[i] = (char)tolower((unsigned char)base[i]);
}

/* Returns false if it is too long. */
static bool created_http_put_name(char name[CREATED_NAME_MAX], const char *base, struct protocol_text path)
{
	return snprintf(name, CREATED_NAME_MAX, "%s %.*s", base, (int)path.n, path.n ? path.at : "") < CREATED_NAME_MAX;
}

void created_http_said(struct created *k, const struct protocol_statement *s)
{
	bool adds = created_http_is(s->method, "POST") || created_http_is(s->method, "PUT");
	bool forgets = created_http_is(s->method, "DELETE");
	k->wait = CREATED_NOTHING;
	k->nreply = 0;
	if (k->hasty || (!adds && !forgets))
		return;
	created_http_put_base(k, s, k->base);
	if (!created_http_put_name(k->name, k->base, created_http_path(s->path)))
		return;
	if (forgets && !created_list_has(k->session, k->name))
		return;
	snprintf(k->method, sizeof k->method, "%.*s", (int)s->method.n, s->method.at);
	k->wait = adds ? CREATED_ADDS : CREATED_FORGETS;
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

/* A thing below or beside the path of the request, not what contains it. */
static void created_http_add(const struct created *k, struct protocol_text path)
{
	char name[CREATED_NAME_MAX];
	if (!created_http_put_name(name, k->base, created_http_path(path)))
		return;
	size_t n = strlen(name);
	bool contains = !strncmp(k->name, name, n) && (!k->name[n] || k->name[n] == '/');
	if (!contains && !strstr(name, "//") && !strstr(name, "/."))
		created_list_add(k->session, name, false);
}

/* "http://HOST/PATH" of the same host, or "/PATH". */
static void created_http_add_location(const struct created *k, struct protocol_text t)
{
	const char *host = strrchr(k->base, ' ') + 1, *at = t.at;
	size_t scheme = t.n > 7 && !strncasecmp(at, "http://", 7)  ? 7 :
			t.n > 8 && !strncasecmp(at, "https://", 8) ? 8 :
								     0;
	if (!t.n || memchr(t.at, '?', t.n) || memchr(t.at, '#', t.n))
		return; /* no Location, or one with a query */
	if (scheme) {
		size_t n = strlen(host);
		if (t.n <= scheme + n || strncasecmp(at + scheme, host, n))
			return;
		t = (struct protocol_text){at + scheme + n, t.n - scheme - n};
	}
	if (t.n && t.at[0] == '/')
		created_http_add(k, t);
}

static void created_http_add_id(const struct created *k, const json_t *id)
{
	char path[CREATED_NAME_MAX], text[ID_MAX] = "";
	if (json_is_string(id) && json_string_length(id) < sizeof text)
		strcpy(text, json_string_value(id));
	else if (json_is_integer(id))
		snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.~", *c))
			return;
	const char *own = k->name + strlen(k->base) + 1;
	if (*text && snprintf(path, sizeof path, "%s/%s", own, text) < (int)sizeof path)
		created_http_add(k, (struct protocol_text){path, strlen(path)});
}

/* The key of an object: its id; else its name, as with a bucket; in Kubernetes, the name in its metadata. */
static void created_http_add_object(const struct created *k, const json_t *o)
{
	static const char *const keys[] = {"id", "_id", "uuid", "name", "key"};
	const json_t *id = NULL, *meta = json_object_get(o, "apiVersion") ? json_object_get(o, "metadata") : NULL;
	for (size_t i = 0; !id && !meta && i < sizeof keys / sizeof *keys; i++)
		id = json_object_get(o, keys[i]);
	created_http_add_id(k, meta ? json_object_get(meta, "name") : id);
}

/* PUT /NAME makes an index of Elasticsearch, which says so with 200. */
static void created_http_add_index(const struct created *k, const json_t *o)
{
	const char *index = json_string_value(json_object_get(o, "index")), *own = k->name + strlen(k->base) + 1;
	if (index && json_is_true(json_object_get(o, "acknowledged")) && *own == '/' && !strcmp(own + 1, index))
		created_list_add(k->session, k->name, false);
}

static void created_http_read_body(const struct created *k, int status, const json_t *o)
{
	const json_t *data = json_object_get(o, "data");
	if (status == OK) {
		created_http_add_index(k, o);
		return;
	}
	o = json_is_object(data) ? data : o;
	for (size_t i = 0; i < json_array_size(o) && i < ITEMS_MAX; i++)
		created_http_add_object(k, json_array_get(o, i));
	if (json_is_object(o))
		created_http_add_object(k, o);
}

/* A field of the head, which ends in an empty line. */
static struct protocol_text created_http_field(const char *head, size_t n, const char *name)
{
	size_t k = strlen(name);
	for (const char *line = head, *end = head + n, *stop; line < end; line = stop + 1) {
		stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop ? stop : end;
		if ((size_t)(stop - line) <= k || line[k] != ':' || strncasecmp(line, name, k))
			continue;
		const char *from = line + k + 1, *to = stop;
		while (from < to && isblank((unsigned char)*from))
			from++;
		while (to > from && isspace((unsigned char)to[-1]))
			to--;
		return (struct protocol_text){from, (size_t)(to - from)};
	}
	return (struct protocol_text){0};
}

/* Read the body as JSON.  Returns NULL if it is not, or is not complete. */
static json_t *created_http_json(const char *head, size_t n, const char *body, size_t have)
{
	char decoded[CREATED_REPLY_MAX + 1];
	struct protocol_text coding = created_http_field(head, n, "transfer-encoding");
	const struct protocol_statement s = {.chunked = created_http_is(coding, "chunked"), .body = {body, have}};
	return json_loadb(decoded, protocol_copy_body(&s, decoded), JSON_REJECT_DUPLICATES, NULL);
}

/* Read the answer, as far as it has come.  Returns false if more of it decides. */
static bool created_http_read(struct created *k, const char *head, size_t n, size_t have)
{
	int status = n > STATUS_AT ? atoi(head + STATUS_AT) : 0;
	bool put = !strcmp(k->method, "PUT");
	if (k->wait == CREATED_FORGETS) {
		if (status / 100 == 2 || status == NOT_FOUND || status == GONE)
			created_list_forget(k->session, k->name);
		return true;
	}
	if (status != CREATED && !(put && status == OK))
		return true;
	if (put && status == CREATED)
		created_list_add(k->session, k->name, false);
	else if (status == CREATED)
		created_http_add_location(k, created_http_field(head, n, "location"));
	json_t *body = put && status == CREATED ? NULL : created_http_json(head, n, head + n, have - n);
	if (body)
		created_http_read_body(k, status, body);
	bool done = body || (put && status == CREATED) ||
		    created_http_is(created_http_field(head, n, "content-length"), "0");
	json_decref(body);
	return done;
}

/* The head's length with its empty line; 0: it has not come. */
static size_t created_http_head(const char *s, size_t n)
{
	const char *end = memmem(s, n, "\r\n\r\n", 4);
	return end ? (size_t)(end - s) + 4 : 0;
}

static void created_http_done(struct created *k)
{
	k->wait = CREATED_NOTHING;
	free(k->reply);
	k->reply = NULL;
	k->nreply = 0;
}

void created_http_heard(struct created *k, const char *bytes, size_t n)
{
	size_t room, head;
	if (!k->reply)
		k->reply = malloc(CREATED_REPLY_MAX + 1);
	if (!k->reply) {
		created_http_done(k);
		return;
	}
	room = CREATED_REPLY_MAX - k->nreply;
	memcpy(k->reply + k->nreply, bytes, n < room ? n : room);
	k->nreply += n < room ? n : room;
	k->reply[k->nreply] = '\0';
	while ((head = created_http_head(k->reply, k->nreply)) && head > STATUS_AT && k->reply[STATUS_AT] == '1') {
		k->nreply -= head; /* an interim answer */
		memmove(k->reply, k->reply + head, k->nreply + 1);
	}
	bool bad = k->nreply >= STATUS_AT && strncasecmp(k->reply, "HTTP/1.", 7);
	if (bad || (head && created_http_read(k, k->reply, head, k->nreply)) || n >= room)
		created_http_done(k);
}

bool created_http_is_own(const struct created *k, const struct protocol_statement *s)
{
	char base[CREATED_NAME_MAX], name[CREATED_NAME_MAX];
	if (!created_http_is(s->method, "DELETE") && !created_http_is(s->method, "PUT") &&
	    !created_http_is(s->method, "PATCH"))
		return false;
	created_http_put_base(k, s, base);
	return created_http_put_name(name, base, created_http_path(s->path)) && created_list_has(k->session, name);
}
