/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_timestamp.c - allows an event that a person allowed earlier for the rest of the session.  gate_timestamp(8). */
#include <gate_module.h>

static const struct gate_option options[] = {
	{"scope", GATE_OPT_CHOICE, "session", false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

static bool timestamp_asks(const gate_handle_t *h)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	for (size_t i = 0; i < n; i++)
		if (f[i].action == GATE_ACTION_ASK)
			return true;
	return false;
}

/* An event that no grant covers stays a finding, which `sufficient` passes on and `required` refuses. */
static int timestamp_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	int ret = gate_match(h, event);
	if (ret != GATE_SUCCESS && ret != GATE_FINDING && !(ret == GATE_IGNORE && timestamp_asks(h)))
		return ret;
	return gate_granted(h, event) ? GATE_SUCCESS : GATE_FINDING;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_timestamp",
	.events = GATE_EVENTS_ALL,
	.options = options,
	.decide = timestamp_decide,
};
