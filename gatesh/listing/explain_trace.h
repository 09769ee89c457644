/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_trace.h - the end of what explain shows: the service's lines that ran in the last check, and the verdict. */
#ifndef GATESH_LISTING_EXPLAIN_TRACE_H
#define GATESH_LISTING_EXPLAIN_TRACE_H

#include <gate.h>
#include <jansson.h>

/* Print them; `ret` is the code of the check.  Returns 0 or -1. */
int explain_trace_print(const gate_handle_t *h, int ret);

/* The lines as a JSON list; NULL if memory is out. */
json_t *explain_trace_json(const gate_handle_t *h);

#endif
