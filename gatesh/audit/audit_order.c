/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_order.c - appends an order for a session to the audit log.  See audit_order.h. */
#include "audit/audit_order.h"

#include <errno.h>
#include <string.h>

#include "util/json.h"

int audit_order(struct audit *a, const struct audit_order *order)
{
	json_t *o = audit_record(order->session, order->name);
	if (!o)
		return -ENOMEM;
	json_put(o, "by", order->by);
	json_put(o, "reason", order->reason);
	return audit_append(a, o);
}

bool audit_is_order(const json_t *object)
{
	static const char *const names[] = {"credential", "end", "leak", "pause", "resume"};
	const char *event = json_string_value(json_object_get(object, "event"));
	for (size_t i = 0; event && i < sizeof names / sizeof *names; i++)
		if (!strcmp(event, names[i]))
			return true;
	return false;
}
