/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_objects.h - reads the statements about tables, databases and servers as a whole.  Private to libgate/effects. */
#ifndef GATE_EFFECTS_SQL_OBJECTS_H
#define GATE_EFFECTS_SQL_OBJECTS_H

#include "effects/effects_internal.h"
#include "effects/sql_tokens.h"

/* If token i begins such a statement (DROP, TRUNCATE, ALTER, GRANT, SET GLOBAL, ...), append its effects. */
void sql_objects(const struct sql_tokens *t, size_t i, struct effects *out);

/* If token i is a call of a function that destroys, append its effect. */
void sql_function(const struct sql_tokens *t, size_t i, struct effects *out);

#endif
