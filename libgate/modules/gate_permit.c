/* gate_permit.c - always yes.  gate_permit(8). */
#include <gate_module.h>

const struct gate_module_info gate_module_info = {
	.api = GATE_MODULE_API,
	.name = "gate_permit",
	.events = 1u << GATE_EV_EXEC,
};

int gate_sm_exec(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	return GATE_SUCCESS;
}
