/* SPDX-License-Identifier: BSD-2-Clause */
/* effects.c - the list of a statement's effects, and the words for them. */
#include "effects/effects.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "effects/effects_internal.h"

const char *const effect_kind_names[] = {"drop",  "truncate", "delete",   "update", "alter",   "grant", "revoke",
					 "flush", "config",   "shutdown", "eval",   "unknown", NULL};
const char *const effect_condition_names[] = {"none", "trivial", "any", "query", NULL};
const char *const effect_engine_names[] = {"postgresql", "mysql", "sqlite", "redis", "mongodb", NULL};
const char *const effect_object_kinds[] = {
	"table",      "database",     "schema",   "tablespace", "owned",   "view",     "index",       "column",
	"partition",  "constraint",   "function", "procedure",  "trigger", "sequence", "type",        "user",
	"role",       "extension",    "policy",   "rule",       "event",   "server",   "publication", "subscription",
	"collection", "key",          "script",   "log",        "slot",    "session",  "setting",     "program",
	"library",    "large-object", "other",    NULL};

int effect_engine_of(const char *name)
{
	for (int i = 0; name && i < EFFECT_ENGINE_COUNT; i++)
		if (!strcmp(effect_engine_names[i], name))
			return i;
	return -1;
}

void effect_add(struct effects *e, enum effect_kind kind, const char *of, const char *object, size_t n,
		enum effect_condition condition)
{
	if (!(e->n & (e->n - 1))) { /* full at every power of two */
		struct effect *grown = reallocarray(e->v, e->n ? e->n * 2 : 1, sizeof *grown);
		if (!grown) {
			e->err = -ENOMEM;
			return;
		}
		e->v = grown;
	}
	char *name = strndup(object, n);
	if (name)
		e->v[e->n++] = (struct effect){kind, condition, of, name};
	else
		e->err = -ENOMEM;
}

int effects_of_statement(enum effect_engine engine, const char *statement, struct effects *out)
{
	switch (engine) {
	case EFFECT_REDIS: return effects_of_redis(statement, out);
	case EFFECT_MONGODB: return effects_of_mongo(statement, out);
	default: return effects_of_sql(engine, statement, out);
	}
}

void effects_add_unknown(struct effects *e)
{
	effect_add(e, EFFECT_UNKNOWN, "", "", 0, EFFECT_ALL_ROWS);
}

void effects_free(struct effects *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->v[i].object);
	free(e->v);
	*e = (struct effects){0};
}

void effect_put(struct strbuf *b, const struct effect *e)
{
	static const char *const conditions[] = {" (no condition)", " (a condition that is true of all)", "",
						 " (a condition that another query decides)"};
	bool rows = e->kind == EFFECT_DELETE || e->kind == EFFECT_UPDATE;
	strbuf_printf(b, "%s%s%s%s%s%s", effect_kind_names[e->kind], *e->of ? " " : "", e->of, *e->object ? " " : "",
		      e->object, rows ? conditions[e->condition] : "");
}
