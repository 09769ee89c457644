/* SPDX-License-Identifier: BSD-2-Clause */
/* scrub.c - replaces or withholds the credentials in gatesh's own environment, which the session inherits. */
#include "principal/scrub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "principal/sentinel.h"

static bool scrub_is_in(char *const *list, const char *name)
{
	for (; list && *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

static enum scrub_way scrub_way_of(enum credential_kind kind)
{
	return kind == CREDENTIAL_LOCAL_KEY || kind == CREDENTIAL_COMPOSITE ? SCRUB_WITHHELD : SCRUB_SENTINEL;
}

static int scrub_add(struct scrub *s, char *name, enum credential_kind kind, enum scrub_way way)
{
	struct scrubbed *more = name ? reallocarray(s->v, s->n + 1, sizeof *more) : NULL;
	if (!more) {
		free(name);
		return -ENOMEM;
	}
	s->v = more;
	s->v[s->n++] = (struct scrubbed){.name = name, .kind = kind, .way = way};
	return 0;
}

int scrub_look(char *const *envp, char *const *keep, struct scrub *out)
{
	int err = 0;
	*out = (struct scrub){0};
	for (; !err && *envp; envp++) {
		const char *equals = strchr(*envp, '=');
		char *name = equals ? strndup(*envp, (size_t)(equals - *envp)) : NULL;
		if (!equals)
			continue;
		struct credential c = name ? credential_in(name, equals + 1) : (struct credential){0};
		if (!name || c.kind)
			err = scrub_add(out, name, c.kind, scrub_is_in(keep, name) ? SCRUB_KEPT : scrub_way_of(c.kind));
		else
			free(name);
	}
	return err;
}

/* Put the variable's new value in place of the old one, and nothing where the old one was. */
static int scrub_replace(const struct scrubbed *v, const struct sentinels *keys)
{
	char *old = getenv(v->name);
	cleanup_strbuf struct strbuf text = {0};
	struct credential c = old ? credential_in(v->name, old) : (struct credential){0};
	int err = c.kind && v->way == SCRUB_SENTINEL ? sentinel_put(keys, old, &c, &text) : 0;
	size_t len = old ? strlen(old) : 0;
	if (!err && (v->way == SCRUB_SENTINEL ? setenv(v->name, text.s ? text.s : "", 1) : unsetenv(v->name)))
		err = -errno;
	if (!err && len)
		explicit_bzero(old, len);
	return err;
}

int scrub_environment(char *const *keep, struct scrub *out)
{
	struct sentinels keys;
	int err = scrub_look(environ, keep, out);
	if (!err)
		err = sentinels_open(&keys);
	for (size_t i = 0; !err && i < out->n; i++)
		if (out->v[i].way != SCRUB_KEPT)
			err = scrub_replace(&out->v[i], &keys);
	explicit_bzero(&keys, sizeof keys);
	return err;
}

void scrub_free(struct scrub *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].name);
	free(s->v);
	*s = (struct scrub){0};
}

static void scrub_tell_of(const struct scrub *s, enum scrub_way way, const char *before, const char *after)
{
	unsigned n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].way == way)
			fprintf(stderr, "%s%s", n++ ? ", " : before, s->v[i].name);
	if (n)
		fprintf(stderr, "%s\n", after);
}

void scrub_tell(const struct scrub *s)
{
	scrub_tell_of(s, SCRUB_SENTINEL, "gate: the session gets sentinels that no server honours in place of ", "");
	scrub_tell_of(s, SCRUB_WITHHELD, "gate: the session does not get ", "");
}

const char *scrub_way_name(enum scrub_way way)
{
	static const char *const names[] = {
		[SCRUB_SENTINEL] = "sentinel", [SCRUB_WITHHELD] = "withheld", [SCRUB_KEPT] = "kept"};
	return names[way];
}
