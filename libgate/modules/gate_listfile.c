/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_listfile.c - checks whether the destination of a connection is on a list.  gate_listfile(8). */
#include <gate_module.h>

static const struct gate_option options[] = {
	{"item", GATE_OPT_CHOICE, "host", true},
	{"file", GATE_OPT_LIST, NULL, false},
	{"label", GATE_OPT_STRING, NULL, false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

static int listfile_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	int ret = gate_match(h, event);
	if (ret >= GATE_SERVICE_ERR)
		return ret;
	const char *file = gate_opt_string(argc, argv, "file", NULL);
	int listed = gate_listed(h, event);
	if (listed < 0) {
		gate_set_reason(h, "gate_listfile: the destination can't be compared");
		return GATE_SYSTEM_ERR;
	}
	if (listed) /* the list can't overrule a rule: a name can be made to resolve to any address */
		return gate_ruled(h) ? GATE_IGNORE : GATE_SUCCESS;
	if (file)
		gate_set_reason(h, "the destination is not on the list %s", gate_opt_string(argc, argv, "label", file));
	else
		gate_set_reason(h, "nobody has allowed this destination yet");
	return GATE_FINDING;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_listfile",
	.events = 1u << GATE_EVENT_CONNECT,
	.options = options,
	.decide = listfile_decide,
};
