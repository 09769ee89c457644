/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_trace.c - shows the lines of the service that ran, and the verdict. */
#include "listing/explain_trace.h"

#include <stdio.h>

#include "ask/judge_command.h"
#include "base/name.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"

static int explain_trace_lines(const gate_handle_t *h)
{
	struct table t = {.columns = 6};
	size_t n;
	const struct gate_trace *trace = gate_trace(h, &n);
	static const char *const heads[] = {"LINE", "MODULE", "CONTROL", "RETURN", "ACTION", ""};
	for (size_t i = 0; i < 6; i++)
		table_put(&t, SGR_DIM, heads[i]);
	for (size_t i = 0; i < n; i++) {
		table_printf(&t, NULL, "%s:%u", name_base(trace[i].file), trace[i].line);
		table_put(&t, NULL, trace[i].module);
		table_put(&t, NULL, trace[i].control);
		table_put(&t, NULL, gate_strret(trace[i].ret));
		table_put(&t, NULL, trace[i].action);
		table_put(&t, SGR_GREEN, trace[i].grantor ? "grants" : "");
	}
	return table_print(&t, stdout);
}

int explain_trace_print(const gate_handle_t *h, int ret)
{
	const char *reason = gate_get_item(h, GATE_ITEM_REASON);
	int err = explain_trace_lines(h);
	printf("\nservice %s: %s", gate_get_item(h, GATE_ITEM_SERVICE), judge_verdict(ret));
	if (reason) {
		fputs(": ", stdout);
		out_text(stdout, reason);
	}
	putchar('\n');
	return err;
}

json_t *explain_trace_json(const gate_handle_t *h)
{
	size_t n;
	const struct gate_trace *t = gate_trace(h, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      json_pack("{s:o, s:i, s:o, s:o, s:s, s:s, s:b}", "file", json_bytes(t[i].file),
						"line", (int)t[i].line, "module", json_bytes(t[i].module), "control",
						json_bytes(t[i].control), "ret", gate_strret(t[i].ret), "action",
						t[i].action, "grantor", t[i].grantor));
	return list;
}
