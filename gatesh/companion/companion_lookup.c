/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_lookup.c - finds the session or the question that a person names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "companion/companion.h"
#include "util/out.h"

struct link *sessions_link(struct companion *c, const char *name)
{
	struct link *found = NULL;
	unsigned hits = 0;
	for (struct link *l = c->links; l; l = l->next) {
		if (name && strncmp(l->id, name, strlen(name)))
			continue;
		found = l;
		hits++;
	}
	if (hits != 1)
		fprintf(stderr, "gate: %s (sessions lists them)\n",
			hits          ? "several sessions match: name one" :
			name && *name ? "no such session" :
					"no session is running");
	return hits == 1 ? found : NULL;
}

struct waiting *sessions_question(struct companion *c, const char *name)
{
	const char *dot = strchr(name, '.');
	char *end;
	unsigned long n = strtoul(dot ? dot + 1 : name, &end, 10);
	bool number = end != (dot ? dot + 1 : name) && !*end;
	struct waiting *found = NULL;
	unsigned hits = 0;
	for (struct waiting *w = c->questions; number && w; w = w->next) {
		bool is = dot ? w->id == n && !strncmp(w->link->id, name, (size_t)(dot - name)) : w->number == n;
		found = is ? w : found;
		hits += is;
	}
	if (hits == 1)
		return found;
	fputs(hits ? "gate: several sessions have a question '" : "gate: no question '", stderr);
	out_text(stderr, name);
	fputs(hits ? "'\n" : "' is open (pending lists them)\n", stderr);
	return NULL;
}

unsigned sessions_waiting(const struct companion *c)
{
	unsigned n = 0;
	for (const struct waiting *w = c->questions; w; w = w->next)
		n++;
	return n;
}
