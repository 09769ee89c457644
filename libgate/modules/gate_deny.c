/* gate_deny.c - always no, with a reason.  gate_deny(8). */
#include <gate_module.h>

static const struct gate_option options[] = {
	{"reason", GATE_OPT_STRING, NULL, false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

const struct gate_module_info gate_module_info = {
	.api = GATE_MODULE_API,
	.name = "gate_deny",
	.events = GATE_MODULE_ALL_EVENTS,
	.options = options,
};

int gate_sm_exec(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
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

GATE_MODULE_SAME_AS_EXEC;
