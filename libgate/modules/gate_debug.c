/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_debug.c - returns the code that its line names and reports it to the conversation.  gate_debug(8). */
#include <gate_module.h>

#include <string.h>

#define CODES \
	"success|ignore|finding|deny|timeout|no_agent|service_err|system_err|buf_err|conv_err|module_unknown|abort"

static const struct gate_option options[] = {
	{"return", GATE_OPT_CHOICE, CODES, false},  {"exec", GATE_OPT_CHOICE, CODES, false},
	{"verdict", GATE_OPT_CHOICE, CODES, false}, {"quiet", GATE_OPT_FLAG, NULL, false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

/* Return the code for the event: the option with its name, else `return`, else ignore. */
static int debug_serve(gate_handle_t *h, const char *event, int argc, const char *const *argv)
{
	const char *word = gate_opt_string(argc, argv, "return", "ignore");
	int ret = 0;
	word = gate_opt_string(argc, argv, event, word);
	while (ret < GATE_RET_COUNT && strcmp(gate_strret(ret), word))
		ret++;
	if (!gate_opt_flag(argc, argv, "quiet"))
		gate_tell(h, GATE_STYLE_DEBUG, "gate: gate_debug: %s returns %s", event, gate_strret(ret));
	return ret;
}

static int debug_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	return debug_serve(h, "exec", argc, argv);
}

static int debug_verdict(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	gate_tell(h, GATE_STYLE_DEBUG, "gate: gate_debug: the verdict on %s is %s", gate_event_name(event->type),
		  gate_strret(gate_verdict(h)));
	return debug_serve(h, "verdict", argc, argv);
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_debug",
	.events = GATE_EVENTS_ALL,
	.options = options,
	.decide = debug_decide,
	.verdict = debug_verdict,
};
