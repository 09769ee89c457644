/* SPDX-License-Identifier: BSD-2-Clause */
/* enum_names.c - the names of the enumerators in gate.h, for messages, logs and rules. */
#include <gate.h>

#include "config.h"

#define NAME_OF(table, i) ((unsigned)(i) < sizeof(table) / sizeof *(table) ? (table)[i] : NULL)

const char *gate_strret(int ret)
{
	static const char *const names[GATE_RET_COUNT] = {"success", "ignore",   "finding",        "deny",
							  "timeout", "no_agent", "service_err",    "system_err",
							  "buf_err", "conv_err", "module_unknown", "abort"};
	const char *name = NAME_OF(names, ret);
	return name ? name : "unknown";
}

const char *gate_event_name(enum gate_event_type type)
{
	static const char *const names[GATE_EVENT_COUNT] = {"exec", "unlink",  "rename",    "truncate", "write",
							    "read", "connect", "statement", "request",  "verdict"};
	return NAME_OF(names, type);
}

const char *gate_severity_name(enum gate_severity s)
{
	static const char *const names[] = {"notice", "warning", "danger", "critical"};
	return NAME_OF(names, s);
}

const char *gate_action_name(enum gate_action a)
{
	static const char *const names[] = {"ask", "deny", "log", "defer", "allow", "keep"};
	return NAME_OF(names, a);
}

const char *gate_version(void)
{
	return PACKAGE_VERSION;
}
