/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_temp.h - the temporary tables of an SQL text: dropping one of them loses nothing.  Internal to libgate. */
#ifndef GATE_SUBJECT_CODE_SQL_TEMP_H
#define GATE_SUBJECT_CODE_SQL_TEMP_H

#include <stdbool.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

/* The names created so far, case folded, each between two newlines.  Zero-initialize; free the names with
 * strbuf_free(). */
struct sql_temp {
	struct strbuf names;
};

/* Record the next statement of the text (comments removed, strings blanked).  Returns true if the statement only drops
 * tables that the text created as TEMPORARY.  Such a table hides a permanent one of the same name, but only until it is
 * dropped, so a second drop returns false. */
bool sql_temp_statement(struct sql_temp *t, const char *blanked);

#pragma GCC visibility pop

#endif
