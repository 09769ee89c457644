/* SPDX-License-Identifier: BSD-2-Clause */
/* created_list.c - a short list that is searched only when a rule speaks of something. */
#include "relay/created_list.h"

#include <stdlib.h>
#include <string.h>

static void created_list_remove(struct created_list *l, size_t i)
{
	free(l->v[i].name);
	memmove(l->v + i, l->v + i + 1, (--l->n - i) * sizeof *l->v);
}

static size_t created_list_find(const struct created_list *l, const char *name)
{
	size_t i = 0;
	while (i < l->n && strcmp(l->v[i].name, name))
		i++;
	return i;
}

void created_list_add(struct created_list *l, const char *name, bool temporary)
{
	if (strlen(name) >= CREATED_NAME_MAX)
		return;
	created_list_forget(l, name);
	if (l->n == CREATED_MAX)
		created_list_remove(l, 0);
	if (!(l->n & (l->n - 1))) { /* full at every power of two */
		struct created_item *grown = reallocarray(l->v, l->n ? l->n * 2 : 1, sizeof *grown);
		if (!grown)
			return;
		l->v = grown;
	}
	char *copy = strdup(name);
	if (copy)
		l->v[l->n++] = (struct created_item){copy, temporary};
}

bool created_list_has(const struct created_list *l, const char *name)
{
	return created_list_find(l, name) < l->n;
}

void created_list_forget(struct created_list *l, const char *name)
{
	size_t i = created_list_find(l, name);
	if (i < l->n)
		created_list_remove(l, i);
}

void created_list_forget_all(struct created_list *l, const char *beginning)
{
	for (size_t i = l->n; i-- > 0;)
		if (!strncmp(l->v[i].name, beginning, strlen(beginning)))
			created_list_remove(l, i);
}

void created_list_move(struct created_list *l, struct created_list *to)
{
	for (size_t i = 0; i < l->n;) {
		if (l->v[i].temporary) {
			i++;
			continue;
		}
		created_list_add(to, l->v[i].name, false);
		created_list_remove(l, i);
	}
}

void created_list_free(struct created_list *l)
{
	created_list_forget_all(l, "");
	free(l->v);
	*l = (struct created_list){0};
}
