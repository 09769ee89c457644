/* SPDX-License-Identifier: BSD-2-Clause */
/* net_list.h - collects the destinations in the audit log, each once, for gatesh net. */
#ifndef GATESH_LISTING_NET_LIST_H
#define GATESH_LISTING_NET_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* One destination of one program of one session.  Strings are owned; NULL: not in the log. */
struct net_entry {
	char *session, *names, *address, *path, *protocol, *program; /* names: joined by commas */
	char *first, *last;                                          /* times as in the log */
	char *verdict;                                               /* the last one */
	bool preview; /* a preview's program, which looked for the person and not for the agent */
	long long port, attempts;
	json_t *object; /* the last line of the log about it */
};

struct net_list {
	struct net_entry *v;
	size_t n;
	void *index;  /* tsearch(3) */
	char *newest; /* the session of the log's last line */
};

/* Add one object of the log, whatever its event.  0 or -ENOMEM. */
int net_list_add(struct net_list *list, const json_t *object);

/* The destination as text, "db.example.com (10.0.0.5):5432", not escaped.  The caller frees it; NULL: out of memory. */
char *net_entry_text(const struct net_entry *e);

/* One object for --json, as a new reference. */
json_t *net_entry_json(const struct net_entry *e);

/* Print what was allowed in `session` (NULL: in any) as lines of a list file (gate_listfile(8)).  0 or -ENOMEM. */
int net_list_print_allowed(const struct net_list *list, const char *session);

void net_list_free(struct net_list *list);

#endif
