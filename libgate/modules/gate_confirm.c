/* gate_confirm.c - ask a person.  gate_confirm(8). */
#include <gate_module.h>

#include <string.h>

enum { TIMEOUT_MS = 300000 };

static const struct gate_option options[] = {
	{"timeout", GATE_OPT_DURATION, NULL, false},
	{"typed", GATE_OPT_CHOICE, "notice|warning|danger|critical", false},
	{"session", GATE_OPT_CHOICE, "yes|no", false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

const struct gate_module_info gate_module_info = {
	.api = GATE_MODULE_API,
	.name = "gate_confirm",
	.events = 1u << GATE_EV_EXEC,
	.options = options,
};

/* Is a finding that asks as severe as `typed` says? */
static bool wants_word(const gate_handle_t *h, const char *typed)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	int from = GATE_NOTICE;
	while (strcmp(gate_severity_name((enum gate_severity)from), typed))
		from++;
	for (size_t i = 0; i < n; i++)
		if (f[i].action == GATE_ACT_ASK && (int)f[i].severity >= from)
			return true;
	return false;
}

int gate_sm_exec(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	unsigned flags = 0;
	const char *typed = gate_opt_string(argc, argv, "typed", NULL);
	int ret = gate_match(h, event);
	if (ret != GATE_SUCCESS && ret != GATE_FINDING)
		return ret;
	if (typed && wants_word(h, typed))
		flags |= GATE_Q_TYPED;
	if (!strcmp(gate_opt_string(argc, argv, "session", "yes"), "no"))
		flags |= GATE_Q_NO_SESSION;
	return gate_ask(h, event, gate_opt_duration(argc, argv, "timeout", TIMEOUT_MS), flags);
}
