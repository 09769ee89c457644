/* SPDX-License-Identifier: BSD-2-Clause */
/* leak.c - collects the session's sentinels, and looks for them in requests. */
#include "broker/leak.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/request_head.h"
#include "principal/credential.h"
#include "principal/secret.h"

static int leak_add(struct leaks *l, const char *name, size_t name_len, const char *text, size_t n)
{
	if (n < LEAK_LENGTH_MIN)
		return 0;
	for (size_t i = 0; i < l->n; i++)
		if (memmem(l->words[i].text, strlen(l->words[i].text), text, n))
			return 0; /* a secret's own variable */
	struct leak_word *more = reallocarray(l->words, l->n + 1, sizeof *more);
	if (!more)
		return -ENOMEM;
	l->words = more;
	struct leak_word *w = &more[l->n++];
	*w = (struct leak_word){.name = strndup(name, name_len), .text = strndup(text, n)};
	return w->name && w->text ? 0 : -ENOMEM;
}

static int leak_add_variable(struct leaks *l, const char *variable)
{
	char name[256];
	const char *equals = strchr(variable, '=');
	if (!equals || (size_t)(equals - variable) >= sizeof name)
		return 0;
	memcpy(name, variable, (size_t)(equals - variable));
	name[equals - variable] = '\0';
	const struct credential c = credential_in(name, equals + 1);
	return c.kind ? leak_add(l, name, strlen(name), equals + 1 + c.from, c.to - c.from) : 0;
}

int leaks_collect(struct leaks *l, const struct secret *secrets, size_t n, const char *key)
{
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		const char *sentinel = secrets[i].env ? getenv(secrets[i].env) : NULL;
		if (sentinel)
			err = leak_add(l, secrets[i].name, strlen(secrets[i].name), sentinel, strlen(sentinel));
	}
	for (char **e = environ; !err && e && *e; e++)
		err = strstr(*e, key) ? 0 : leak_add_variable(l, *e);
	return err;
}

void leaks_free(struct leaks *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->words[i].name);
		free(l->words[i].text);
	}
	free(l->words);
	*l = (struct leaks){0};
}

struct leak_word *leaks_find(const struct leaks *l, const char *own, const char *text, size_t n)
{
	for (size_t i = 0; n && i < l->n; i++)
		if ((!own || strcmp(l->words[i].name, own)) &&
		    memmem(text, n, l->words[i].text, strlen(l->words[i].text)))
			return &l->words[i];
	return NULL;
}

struct leak_word *leaks_find_head(const struct leaks *l, const struct request_head *h, const struct secret *s)
{
	const char *at = h->fields;
	struct request_field f;
	struct leak_word *found = leaks_find(l, s->name, h->target, h->target_len);
	while (!found && request_head_next(&at, h->fields + h->fields_len, &f) > 0)
		if (!request_head_drops(&f, s))
			found = leaks_find(l, s->name, f.value, f.value_len);
	return found;
}
