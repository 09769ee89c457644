/* SPDX-License-Identifier: BSD-2-Clause */
/* effects_internal.h - what the readers of the engines' languages share.  Private to libgate/effects. */
#ifndef GATE_EFFECTS_EFFECTS_INTERNAL_H
#define GATE_EFFECTS_EFFECTS_INTERNAL_H

#include "base/strbuf.h"
#include "effects/effects.h"

enum { EFFECTS_MAX = 256 }; /* of a statement; what has more is unknown */

/* Append an effect on the object of n bytes.  An error is stored in *e.  Defined in effects.c. */
void effect_add(struct effects *e, enum effect_kind kind, const char *of, const char *object, size_t n,
		enum effect_condition condition);

/* Defined in sql_effects.c, redis_effects.c, mongo_effects.c. */
int effects_of_sql(enum effect_engine engine, const char *statement, struct effects *out);
int effects_of_redis(const char *command, struct effects *out);
int effects_of_mongo(const char *command, struct effects *out);

#endif
