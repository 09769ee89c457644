/* sql_temp.h - the temporary tables of an SQL text: dropping one of them loses nothing.  Internal to libgate. */
#ifndef GATE_SUBJECT_CODE_SQL_TEMP_H
#define GATE_SUBJECT_CODE_SQL_TEMP_H

#include <stdbool.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

/* The names made so far, case folded, each between two newlines.  Zero-initialise; strbuf_free() the names. */
struct sql_temp {
	struct strbuf names;
};

/* Take note of the next statement of the text (comments removed, strings blanked).  True when all it does is to drop
 * tables that it made as TEMPORARY before: such a table hides a permanent one of its name, and only until it is
 * dropped, so a second drop is no such thing. */
bool sql_temp_statement(struct sql_temp *t, const char *blanked);

#pragma GCC visibility pop

#endif
