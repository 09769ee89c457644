/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_rules.c - matches the event against the rule packs.  gate_rules(8). */
#include <gate_module.h>

static int rules_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	return gate_match(h, event);
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_rules",
	.events = GATE_EVENTS_ALL,
	.decide = rules_decide,
};
