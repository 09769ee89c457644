/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_confirm.c - asks a person to allow or refuse the event.  gate_confirm(8). */
#include <gate_module.h>

#include <string.h>

enum { TIMEOUT_MS = 300000 };

static const struct gate_option options[] = {
	{"timeout", GATE_OPT_DURATION, NULL, false},
	{"typed", GATE_OPT_CHOICE, "notice|warning|danger|critical", false},
	{"session", GATE_OPT_CHOICE, "yes|no", false},
	{"desktop", GATE_OPT_CHOICE, "none|notice|warning|danger|critical", false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

/* Does a finding that asks have at least the named severity, or with `above`, a higher one? */
static bool confirm_reaches(const gate_handle_t *h, const char *name, bool above)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	int from = above;
	while (strcmp(gate_severity_name((enum gate_severity)(from - above)), name))
		from++;
	for (size_t i = 0; i < n; i++)
		if (f[i].action == GATE_ACTION_ASK && (int)f[i].severity >= from)
			return true;
	return false;
}

static int confirm_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	unsigned flags = 0;
	const char *typed = gate_opt_string(argc, argv, "typed", NULL);
	const char *desktop = gate_opt_string(argc, argv, "desktop", "danger");
	int ret = gate_match(h, event);
	if (ret != GATE_SUCCESS && ret != GATE_FINDING && ret != GATE_IGNORE)
		return ret;
	if (typed && confirm_reaches(h, typed, false))
		flags |= GATE_QUESTION_TYPED;
	if (strcmp(desktop, "none"))
		flags |= GATE_QUESTION_DESKTOP | (confirm_reaches(h, desktop, true) ? 0u : GATE_QUESTION_DESKTOP_YES);
	if (!strcmp(gate_opt_string(argc, argv, "session", "yes"), "no"))
		flags |= GATE_QUESTION_NO_SESSION;
	return gate_ask(h, event, gate_opt_duration(argc, argv, "timeout", TIMEOUT_MS), flags);
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_confirm",
	.events = GATE_EVENTS_ALL,
	.options = options,
	.decide = confirm_decide,
};
