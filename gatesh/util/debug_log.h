/* SPDX-License-Identifier: BSD-2-Clause */
/* debug_log.h - the debug trace of a session: a line for each event, decision, question, answer, fault and hand-over.
 *
 * A line is TIME KIND TEXT: local time with microseconds, the kind in eight columns, text that is escaped.  HACKING.md,
 * "Reading a trace".  Off unless a file is named (gatesh run --debug FILE, GATE_DEBUG=FILE); then one write(2) per line.
 * Any thread may write. */
#ifndef GATESH_UTIL_DEBUG_LOG_H
#define GATESH_UTIL_DEBUG_LOG_H

#include <stdbool.h>

#include "gate.h"

/* Is a trace being written? */
extern bool debug_log_on;

/* Append to `path` from now on; NULL: what GATE_DEBUG names, if it is set.  The variable is taken out of the environment,
 * so that the command of a session does not see it.  0, or a negative errno, told on stderr. */
int debug_log_start(const char *path);

/* Call tell() once, in any thread, if a line can't be written any more: the trace ends there.  NULL: call nothing. */
typedef void debug_log_tell(enum gate_style style, const char *text, void *data);
void debug_log_when_lost(debug_log_tell *tell, void *data);

/* One line.  Costs a test of debug_log_on when there is no trace. */
#define debug_log(kind, ...)                                \
	do {                                                \
		if (__builtin_expect(debug_log_on, 0))      \
			debug_log_write(kind, __VA_ARGS__); \
	} while (0)

void debug_log_write(const char *kind, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
