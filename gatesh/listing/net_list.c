/* SPDX-License-Identifier: BSD-2-Clause */
/* net_list.c - merges the log's connections into destinations and prints them as text, JSON or an allow-list. */
#include "listing/net_list.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit_objects.h"
#include "base/strbuf.h"
#include "util/out.h"

/* The text that identifies an entry, and its index in the list. */
struct key {
	char *text;
	size_t at;
};

static int net_list_by_text(const void *a, const void *b)
{
	return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

static void net_list_key_free(void *p)
{
	struct key *k = p;
	free(k->text);
	free(k);
}

/* The program's base name; a foreign log may hold anything. */
static const char *net_list_program_of(const json_t *o)
{
	const char *exe = audit_objects_text(o, "exe"), *slash = exe ? strrchr(exe, '/') : NULL;
	return slash && slash[1] ? slash + 1 : exe;
}

static bool net_list_is_preview(const json_t *o)
{
	return json_is_true(json_object_get(o, "preview"));
}

static char *net_list_names_of(const json_t *o)
{
	struct strbuf b = {0};
	size_t i;
	const json_t *host;
	json_array_foreach(json_object_get(o, "hosts"), i, host)
		strbuf_printf(&b, "%s%s", b.len ? "," : "", json_string_value(host) ? json_string_value(host) : "");
	return b.len ? strbuf_take(&b) : NULL;
}

static char *net_list_copy(const char *s, bool *failed)
{
	char *c = s ? strdup(s) : NULL;
	*failed |= s && !c;
	return c;
}

static void net_list_entry_free(struct net_entry *e)
{
	char *owned[] = {e->session, e->names, e->address, e->path,   e->protocol,
			 e->program, e->first, e->last,    e->verdict};
	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
		free(owned[i]);
	json_decref(e->object);
}

static int net_list_make_entry(struct net_entry *e, const json_t *o, char *names)
{
	bool failed = false;
	*e = (struct net_entry){
		.session = net_list_copy(audit_objects_text(o, "session"), &failed),
		.names = names,
		.address = net_list_copy(audit_objects_text(o, "address"), &failed),
		.path = net_list_copy(audit_objects_text(o, "path"), &failed),
		.protocol = net_list_copy(audit_objects_text(o, "protocol"), &failed),
		.program = net_list_copy(net_list_program_of(o), &failed),
		.first = net_list_copy(audit_objects_text(o, "time"), &failed),
		.port = json_integer_value(json_object_get(o, "port")),
		.preview = net_list_is_preview(o),
	};
	if (failed)
		net_list_entry_free(e);
	return failed ? -ENOMEM : 0;
}

static char *net_list_key_of(const json_t *o, const char *names)
{
	struct strbuf b = {0};
	static const char *const members[] = {"session", "address", "path", "protocol"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const char *s = audit_objects_text(o, members[i]);
		strbuf_printf(&b, "%s\n", s ? s : "");
	}
	const char *program = net_list_program_of(o);
	strbuf_printf(&b, "%s\n%s\n%lld\n%d", names ? names : "", program ? program : "",
		      (long long)json_integer_value(json_object_get(o, "port")), net_list_is_preview(o));
	return strbuf_take(&b);
}

/* Find or add the entry for the object; NULL when out of memory. */
static struct net_entry *net_list_entry_for(struct net_list *list, const json_t *o)
{
	char *names = net_list_names_of(o);
	struct key *k = calloc(1, sizeof *k), **node;
	struct net_entry *v;
	if (!k || !(k->text = net_list_key_of(o, names)) || !(node = tsearch(k, &list->index, net_list_by_text)))
		goto fail;
	if (*node != k) {
		net_list_key_free(k);
		free(names);
		return &list->v[(*node)->at];
	}
	k->at = list->n;
	v = reallocarray(list->v, list->n + 1, sizeof *v);
	if (v)
		list->v = v;
	if (v && !net_list_make_entry(&v[list->n], o, names))
		return &v[list->n++];
	tdelete(k, &list->index, net_list_by_text);
	names = v ? NULL : names; /* net_list_make_entry() has freed it */
fail:
	free(names);
	if (k)
		net_list_key_free(k);
	return NULL;
}

/* Replace a string with a member's. */
static int net_list_update(char **to, const json_t *o, const char *member)
{
	const char *s = audit_objects_text(o, member);
	char *c = strdup(s ? s : "");
	if (!c)
		return -ENOMEM;
	free(*to);
	*to = c;
	return 0;
}

int net_list_add(struct net_list *list, const json_t *o)
{
	const char *event = audit_objects_text(o, "event");
	int err = net_list_update(&list->newest, o, "session");
	if (err || !event || strcmp(event, "connect"))
		return err;
	struct net_entry *e = net_list_entry_for(list, o);
	if (!e || net_list_update(&e->last, o, "time") || net_list_update(&e->verdict, o, "verdict"))
		return -ENOMEM;
	const json_t *attempts = json_object_get(o, "attempts");
	e->attempts += json_is_integer(attempts) ? json_integer_value(attempts) : 1;
	json_decref(e->object);
	e->object = json_incref((json_t *)o);
	return 0;
}

char *net_entry_text(const struct net_entry *e)
{
	struct strbuf b = {0};
	bool six = e->address && strchr(e->address, ':');
	if (e->path)
		strbuf_puts(&b, e->path);
	else if (e->names)
		strbuf_printf(&b, "%s (%s):%lld", e->names, e->address ? e->address : "?", e->port);
	else
		strbuf_printf(&b, six ? "[%s]:%lld" : "%s:%lld", e->address ? e->address : "?", e->port);
	return strbuf_take(&b);
}

json_t *net_entry_json(const struct net_entry *e)
{
	static const char *const same[] = {"session",  "hosts", "address", "port",  "path",
					   "protocol", "exe",   "verdict", "rules", "preview"};
	json_t *o = json_object();
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		json_t *v = json_object_get(e->object, same[i]);
		if (v)
			json_object_set(o, same[i], v);
	}
	if (e->program)
		json_object_set_new(o, "program", json_string(e->program));
	json_object_set_new(o, "first", json_string(e->first ? e->first : ""));
	json_object_set_new(o, "last", json_string(e->last ? e->last : ""));
	json_object_set_new(o, "attempts", json_integer(e->attempts));
	return o;
}

/* --- a list file -------------------------------------------------------------------------------------------------- */

static int net_list_by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Append the line "NAME PORT", or a path. */
static int net_list_add_line(char ***lines, size_t *n, const char *what, const struct net_entry *e)
{
	struct strbuf b = {0};
	char **grown = reallocarray(*lines, *n + 1, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	*lines = grown;
	strbuf_puts(&b, what);
	if (!e->path)
		strbuf_printf(&b, " %lld", e->port);
	grown[*n] = strbuf_take(&b);
	if (!grown[*n])
		return -ENOMEM;
	++*n;
	return 0;
}

/* Append a line for each of its names, or one for the address or the path. */
static int net_list_add_lines(char ***lines, size_t *n, const struct net_entry *e)
{
	if (!e->names)
		return net_list_add_line(lines, n, e->path ? e->path : e->address ? e->address : "", e);
	char *names = strdup(e->names), *rest = names, *name;
	int err = names ? 0 : -ENOMEM;
	while (!err && (name = strsep(&rest, ",")))
		err = net_list_add_line(lines, n, name, e);
	free(names);
	return err;
}

/* Does the entry belong in the list?  A list is for the agent, and can't hold a path with blanks. */
static bool net_list_listable(const struct net_entry *e, const char *session)
{
	if (e->preview || !e->verdict || strcmp(e->verdict, "allow") ||
	    (session && (!e->session || strcmp(e->session, session))))
		return false;
	return !e->path || !e->path[strcspn(e->path, " \t\n\r")];
}

int net_list_print_allowed(const struct net_list *list, const char *session)
{
	char **lines = NULL;
	size_t n = 0;
	int err = 0;
	for (size_t i = 0; !err && i < list->n; i++)
		if (net_list_listable(&list->v[i], session))
			err = net_list_add_lines(&lines, &n, &list->v[i]);
	if (n)
		qsort(lines, n, sizeof *lines, net_list_by_line);
	for (size_t i = 0; !err && i < n; i++) {
		if (i && !strcmp(lines[i], lines[i - 1]))
			continue;
		out_text(stdout, lines[i]);
		putchar('\n');
	}
	for (size_t i = 0; i < n; i++)
		free(lines[i]);
	free(lines);
	return err;
}

void net_list_free(struct net_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		net_list_entry_free(&list->v[i]);
	free(list->v);
	free(list->newest);
	tdestroy(list->index, net_list_key_free);
	*list = (struct net_list){0};
}
