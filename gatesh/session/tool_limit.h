/* SPDX-License-Identifier: BSD-2-Clause */
/* tool_limit.h - how long the tools of a session's agents wait for a command, where no hook tells of it. */
#ifndef GATESH_SESSION_TOOL_LIMIT_H
#define GATESH_SESSION_TOOL_LIMIT_H

/* Read GATE_TOOL_LIMIT ("110s", "2m"); *ms is 0 if it is not set.  Returns 0, or EXIT_USAGE after a message on stderr. */
int tool_limit_read(unsigned *ms);

#endif
