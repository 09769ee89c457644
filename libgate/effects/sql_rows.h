/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_rows.h - reads the statements that delete or change rows.  Private to libgate/effects. */
#ifndef GATE_EFFECTS_SQL_ROWS_H
#define GATE_EFFECTS_SQL_ROWS_H

#include "effects/effects_internal.h"
#include "effects/sql_tokens.h"

/* If token i begins a DELETE, an UPDATE or a MERGE, append its effects.  `first`: nothing comes before it in its
 * statement. */
void sql_rows(const struct sql_tokens *t, size_t i, bool first, struct effects *out);

#endif
