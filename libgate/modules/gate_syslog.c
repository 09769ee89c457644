/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_syslog.c - writes one line for each decision to syslog(3).  gate_syslog(8). */
#include <gate_module.h>

#include <string.h>
#include <syslog.h>

static const struct gate_option options[] = {
	{"facility", GATE_OPT_CHOICE,
	 "auth|authpriv|user|daemon|local0|local1|local2|local3|local4|local5|local6|local7", false},
	{"refused", GATE_OPT_FLAG, NULL, false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

static int syslog_facility_of(const char *name)
{
	static const struct {
		const char *name;
		int code;
	} known[] = {{"auth", LOG_AUTH},     {"authpriv", LOG_AUTHPRIV}, {"user", LOG_USER},
		     {"daemon", LOG_DAEMON}, {"local0", LOG_LOCAL0},     {"local1", LOG_LOCAL1},
		     {"local2", LOG_LOCAL2}, {"local3", LOG_LOCAL3},     {"local4", LOG_LOCAL4},
		     {"local5", LOG_LOCAL5}, {"local6", LOG_LOCAL6},     {"local7", LOG_LOCAL7}};
	size_t i = 0;
	while (strcmp(known[i].name, name))
		i++;
	return known[i].code;
}

static const char *syslog_item(const gate_handle_t *h, enum gate_item which)
{
	const char *value = gate_get_item(h, which);
	return value ? value : "-";
}

/* The engine escapes the subject, and it comes last, so that nothing in it can pass for another field. */
static int syslog_verdict(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	int verdict = gate_verdict(h);
	size_t n;
	const struct gate_finding *worst = gate_findings(h, &n);
	const struct gate_answer *answer = gate_answer(h);
	const char *const *subjects = gate_subjects(h);
	if (verdict == GATE_SUCCESS && gate_opt_flag(argc, argv, "refused"))
		return GATE_IGNORE;
	syslog(syslog_facility_of(gate_opt_string(argc, argv, "facility", "authpriv")) |
		       (verdict == GATE_SUCCESS ? LOG_INFO : LOG_NOTICE),
	       "gate: %s %s service=%s session=%s agent=%s human=%s uid=%u pid=%d rule=%s by=%s subject=%.4096s",
	       gate_event_name(event->type), gate_strret(verdict), syslog_item(h, GATE_ITEM_SERVICE),
	       syslog_item(h, GATE_ITEM_SESSION_ID), syslog_item(h, GATE_ITEM_AGENT), syslog_item(h, GATE_ITEM_HUMAN),
	       (unsigned)event->uid, (int)event->pid, n ? worst->rule : "-", answer && *answer->by ? answer->by : "-",
	       subjects[0] ? subjects[0] : "-");
	return GATE_SUCCESS;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_syslog",
	.options = options,
	.verdict = syslog_verdict,
};
