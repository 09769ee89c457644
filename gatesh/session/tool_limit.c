/* SPDX-License-Identifier: BSD-2-Clause */
/* tool_limit.c - reads GATE_TOOL_LIMIT.  See tool_limit.h. */
#include "session/tool_limit.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/exit.h"
#include "util/timespan.h"

enum { TOOL_LIMIT_MAX_S = 24 * 3600 };

int tool_limit_read(unsigned *ms)
{
	const char *named = getenv("GATE_TOOL_LIMIT");
	*ms = 0;
	if (!named || !*named)
		return 0;
	*ms = timespan_parse_seconds(named, TOOL_LIMIT_MAX_S) * 1000;
	if (*ms)
		return 0;
	fprintf(stderr, "gate: GATE_TOOL_LIMIT: '%s': it takes a time of up to 24 hours, such as 110s or 2m\n", named);
	return EXIT_USAGE;
}
