/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_deny.c - refuses every event, with a reason.  gate_deny(8). */
#include <gate_module.h>

static const struct gate_option options[] = {
	{"reason", GATE_OPT_STRING, NULL, false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

static int deny_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	const char *reason = gate_opt_string(argc, argv, "reason", "this service allows nothing here");
	size_t n;
	const struct gate_finding *worst = gate_findings(h, &n);
	if (n)
		gate_set_reason(h, "%s: %s; %s", worst->rule, worst->reason, reason);
	else
		gate_set_reason(h, "%s", reason);
	return GATE_DENY;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_deny",
	.events = GATE_EVENTS_ALL,
	.options = options,
	.decide = deny_decide,
};
