/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_weekend.c - an example of a third-party module: on the named days it refuses what a rule asks about.
 *
 *   exec  sufficient  gate_rules.so
 *   exec  requisite   gate_weekend.so  sat sun
 *   exec  requisite   gate_confirm.so
 *
 * In this service gate_rules has already allowed every event that no rule asks about.  On a named day gate_weekend
 * refuses the rest.  On any other day it has no opinion, and gate_confirm asks.  The module builds outside Gate's
 * source tree: see the Makefile and gate_module(3). */
#include <gate_module.h>

#include <time.h>

static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/* One flag for each day.  The engine refuses a line with any other word. */
static const struct gate_option options[] = {
	{"sun", GATE_OPT_FLAG}, {"mon", GATE_OPT_FLAG}, {"tue", GATE_OPT_FLAG}, {"wed", GATE_OPT_FLAG},
	{"thu", GATE_OPT_FLAG}, {"fri", GATE_OPT_FLAG}, {"sat", GATE_OPT_FLAG}, {NULL},
};

static int weekend_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	time_t now = time(NULL);
	struct tm tm;
	if (!localtime_r(&now, &tm)) {
		gate_set_reason(h, "the day of the week is unknown");
		return GATE_SYSTEM_ERR;
	}
	if (!gate_opt_flag(argc, argv, days[tm.tm_wday]))
		return GATE_IGNORE;
	gate_set_reason(h, "not on this day (%s): nobody is there to fix it", days[tm.tm_wday]);
	return GATE_DENY;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_weekend",
	.events = 1u << GATE_EVENT_EXEC,
	.options = options,
	.decide = weekend_decide,
};
