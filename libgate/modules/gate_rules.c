/* gate_rules.c - what do the rule packs say?  gate_rules(8). */
#include <gate_module.h>

const struct gate_module_info gate_module_info = {
	.api = GATE_MODULE_API,
	.name = "gate_rules",
	.events = GATE_MODULE_ALL_EVENTS,
};

int gate_sm_exec(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	return gate_match(h, event);
}

GATE_MODULE_SAME_AS_EXEC;
