/* SPDX-License-Identifier: BSD-2-Clause */
/* prepared.c - a ring of prepared statements, by name. */
#include "relay/prepared.h"

#include <stdlib.h>
#include <string.h>

static bool prepared_is(const struct prepared_statement *k, struct protocol_text name)
{
	return k->bytes && k->name == name.n && (!name.n || !memcmp(k->bytes, name.at, name.n));
}

static char *prepared_put(char *at, struct protocol_text t)
{
	if (t.n)
		memcpy(at, t.at, t.n);
	return at + t.n;
}

void prepared_said(struct prepared *p, const struct protocol_statement *s, bool takes)
{
	size_t n = s->name.n + s->text.n + s->types.n;
	for (size_t i = 0; i < PREPARED_MAX; i++)
		if (prepared_is(&p->v[i], s->name)) {
			free(p->v[i].bytes);
			p->v[i].bytes = NULL;
		}
	char *bytes = takes && n <= PREPARED_TEXT_MAX ? malloc(n + 1) : NULL;
	if (!bytes)
		return;
	struct prepared_statement *k = &p->v[p->next++ % PREPARED_MAX];
	free(k->bytes);
	*k = (struct prepared_statement){bytes, s->name.n, s->text.n, s->types.n};
	prepared_put(prepared_put(prepared_put(bytes, s->name), s->text), s->types);
}

bool prepared_find(const struct prepared *p, struct protocol_statement *s)
{
	for (size_t i = 0; i < PREPARED_MAX; i++) {
		const struct prepared_statement *k = &p->v[i];
		if (!prepared_is(k, s->name))
			continue;
		s->text = (struct protocol_text){k->bytes + k->name, k->text};
		s->types = (struct protocol_text){k->bytes + k->name + k->text, k->types};
		return true;
	}
	return false;
}

void prepared_free(struct prepared *p)
{
	for (size_t i = 0; i < PREPARED_MAX; i++)
		free(p->v[i].bytes);
	*p = (struct prepared){0};
}
