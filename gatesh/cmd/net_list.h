/* net_list.h - the destinations that the audit log tells of, each once: gatesh net. */
#ifndef GATESH_CMD_NET_LIST_H
#define GATESH_CMD_NET_LIST_H

#include <jansson.h>
#include <stddef.h>

/* One destination of one program of one session.  Strings are owned; NULL where there is none. */
struct net_entry {
	char *session, *names, *address, *path, *protocol, *program; /* names: joined by commas */
	char *first, *last;                                          /* times as in the log */
	char *verdict;                                               /* of the last time */
	long long port, attempts;
	json_t *object; /* the last line about it */
};

struct net_list {
	struct net_entry *v;
	size_t n;
	void *index;  /* tsearch(3) */
	char *newest; /* the session of the log's last line */
};

/* Take one object of the log, whatever its event, into account: 0 or -ENOMEM. */
int net_list_add(struct net_list *list, const json_t *object);

/* Its destination as people read it, "db.example.com (10.0.0.5):5432"; not escaped.  To be freed; NULL: out of
 * memory. */
char *net_entry_text(const struct net_entry *e);

/* One object for --json, new. */
json_t *net_entry_json(const struct net_entry *e);

/* Print the lines of a list file (gate_listfile(8)) for what was allowed in `session` (NULL: in any).  0 or -ENOMEM. */
int net_list_print_allowed(const struct net_list *list, const char *session);

void net_list_free(struct net_list *list);

#endif
