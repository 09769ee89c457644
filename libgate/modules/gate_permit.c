/* gate_permit.c - always yes.  gate_permit(8). */
#include <gate_module.h>

const struct gate_module_info gate_module_info = {
	.api = GATE_MODULE_API,
	.name = "gate_permit",
	.events = GATE_MODULE_ALL_EVENTS,
};

int gate_sm_exec(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	return GATE_SUCCESS;
}

GATE_MODULE_SAME_AS_EXEC;
