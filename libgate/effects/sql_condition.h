/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_condition.h - judges the WHERE of a statement.  Private to libgate/effects. */
#ifndef GATE_EFFECTS_SQL_CONDITION_H
#define GATE_EFFECTS_SQL_CONDITION_H

#include "effects/sql_tokens.h"

/* The condition in tokens [from, to), the words after WHERE; from == to: there is none. */
enum effect_condition sql_condition(const struct sql_tokens *t, size_t from, size_t to);

#endif
