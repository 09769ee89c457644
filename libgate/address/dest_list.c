/* SPDX-License-Identifier: BSD-2-Clause */
/* dest_list.c - parses a list file of destinations and looks destinations up in it. */
#include "address/dest_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One line. */
struct entry {
	struct gate_net *nets; /* CIDR blocks of an address entry; else NULL */
	size_t nnets;
	char *host, *socket;      /* one of them is set when there are no nets */
	struct gate_ports *ports; /* none: any port */
	size_t nports;
};

struct dest_list {
	struct entry *entries;
	size_t n;
};

/* The line being parsed. */
struct line {
	const struct source *src;
	struct diag *d;
	unsigned number;
	const char *s;
	size_t n;
};

static int dest_list_bad(const struct line *l, const char *at, const char *what)
{
	diag_at(l->d, DIAG_ERROR, l->src, l->number, (unsigned)(at - l->s) + 1, "%s", what);
	return -EINVAL;
}

/* Find the next word from *p on.  Returns its length, 0 at the end of the line. */
static size_t dest_list_next_word(const struct line *l, const char **p)
{
	const char *end = l->s + l->n, *from = *p;
	while (from < end && (*from == ' ' || *from == '\t'))
		from++;
	*p = from;
	while (from < end && *from != ' ' && *from != '\t')
		from++;
	return (size_t)(from - *p);
}

/* An address begins with a digit or contains colons.  The names of known blocks are not host names either. */
static bool dest_list_is_net(const char *s, size_t n)
{
	static const char *const words[] = {"private", "loopback", "link-local"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == n && !memcmp(s, words[i], n))
			return true;
	char name[GATE_HOST_MAX] = "";
	if (memchr(s, ':', n) || memchr(s, '/', n))
		return true;
	if (n < sizeof name)
		memcpy(name, s, n);
	return *name && gate_host_is_address(name);
}

static int dest_list_parse_entry(const struct line *l, const char *s, size_t n, struct entry *e)
{
	char host[GATE_HOST_MAX];
	struct word_fault f = {0};
	int err;
	if (*s == '!')
		return dest_list_bad(l, s, "a list entry cannot be negated");
	if (*s == '/' || *s == '@') {
		e->socket = strndup(s, n);
		return e->socket ? 0 : -ENOMEM;
	}
	if (dest_list_is_net(s, n)) {
		err = destination_add_net(s, n, &e->nets, &e->nnets, &f);
	} else {
		err = destination_host(s, n, host, &f);
		e->host = err ? NULL : strdup(host);
		err = err || e->host ? err : -ENOMEM;
	}
	return err == -EINVAL ? dest_list_bad(l, s + f.at, f.what) : err;
}

static int dest_list_parse_ports(const struct line *l, const char *p, struct entry *e)
{
	struct word_fault f = {0};
	int err = 0;
	for (size_t n; !err && (n = dest_list_next_word(l, &p)); p += n) {
		if (e->socket)
			return dest_list_bad(l, p, "a socket has no port");
		err = destination_add_ports(p, n, &e->ports, &e->nports, &f);
		if (err == -EINVAL)
			return dest_list_bad(l, p + f.at, f.what);
	}
	return err;
}

static void dest_list_entry_free(struct entry *e)
{
	free(e->nets);
	free(e->host);
	free(e->socket);
	free(e->ports);
}

static int dest_list_add_entry(struct dest_list *list, const struct entry *e)
{
	struct entry *grown = list->n & (list->n - 1) ? list->entries :
							reallocarray(list->entries, list->n ? 2 * list->n : 1,
								     sizeof *grown); /* full at every power of two */
	if (!grown)
		return -ENOMEM;
	list->entries = grown;
	grown[list->n++] = *e;
	return 0;
}

static int dest_list_parse_line(struct dest_list *list, const struct line *l)
{
	struct entry e = {0};
	const char *p = l->s, *nul = memchr(l->s, '\0', l->n);
	if (l->n > DEST_LIST_LINE_MAX)
		return dest_list_bad(l, l->s + DEST_LIST_LINE_MAX, "the line is longer than 4096 bytes");
	if (nul)
		return dest_list_bad(l, nul, "NUL byte in the line");
	size_t n = dest_list_next_word(l, &p);
	if (!n || *p == '#')
		return 0;
	int err = dest_list_parse_entry(l, p, n, &e);
	if (!err)
		err = dest_list_parse_ports(l, p + n, &e);
	if (!err)
		err = dest_list_add_entry(list, &e);
	if (err)
		dest_list_entry_free(&e);
	return err;
}

int dest_list_parse(const struct source *src, struct diag *d, struct dest_list **out)
{
	struct dest_list *list = calloc(1, sizeof *list);
	unsigned errors = d->errors;
	int err = list ? 0 : -ENOMEM;
	struct line l = {.src = src, .d = d};
	for (size_t at = 0; at < src->len && err != -ENOMEM; at += l.n + 1) {
		const char *nl = memchr(src->text + at, '\n', src->len - at);
		l.s = src->text + at;
		l.n = nl ? (size_t)(nl - l.s) : src->len - at;
		l.number++;
		err = dest_list_parse_line(list, &l);
	}
	*out = NULL;
	if (err != -ENOMEM)
		err = d->errors > errors ? -EINVAL : 0;
	if (err)
		dest_list_free(list);
	else
		*out = list;
	return err;
}

void dest_list_free(struct dest_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->n; i++)
		dest_list_entry_free(&list->entries[i]);
	free(list->entries);
	free(list);
}

static bool dest_list_names_host(const struct entry *e, const char *name)
{
	struct gate_choosing c = {0};
	if (!e->host)
		return false;
	gate_choose_host(&c, e->host, name);
	return gate_chosen(&c);
}

/* Does an entry match this name?  `name` NULL: the name is unknown. */
static bool dest_list_has_name(const struct dest_list *list, const struct destination *d, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (gate_ports_match(list->entries[i].ports, list->entries[i].nports, d->dest.port) &&
		    dest_list_names_host(&list->entries[i], name))
			return true;
	return false;
}

static bool dest_list_has_address(const struct dest_list *list, const struct destination *d)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct entry *e = &list->entries[i];
		if (e->nnets && gate_nets_match(e->nets, e->nnets, d->dest.ip) &&
		    gate_ports_match(e->ports, e->nports, d->dest.port))
			return true;
	}
	return false;
}

static bool dest_list_has_socket(const struct dest_list *list, const char *path)
{
	for (size_t i = 0; i < list->n; i++) {
		struct gate_choosing c = {0};
		if (!list->entries[i].socket)
			continue;
		gate_choose_path(&c, list->entries[i].socket, path);
		if (gate_chosen(&c))
			return true;
	}
	return false;
}

bool dest_list_has(const struct dest_list *list, const struct destination *d)
{
	if (d->path)
		return dest_list_has_socket(list, d->path);
	if (dest_list_has_address(list, d))
		return true;
	for (size_t i = 0; i < d->n; i++)
		if (!dest_list_has_name(list, d, d->names[i]))
			return false;
	return d->n || dest_list_has_name(list, d, NULL);
}
