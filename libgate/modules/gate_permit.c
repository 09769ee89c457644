/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_permit.c - allows every event.  gate_permit(8). */
#include <gate_module.h>

static int permit_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	return GATE_SUCCESS;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_permit",
	.events = GATE_EVENTS_ALL,
	.decide = permit_decide,
};
