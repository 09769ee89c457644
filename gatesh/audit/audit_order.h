/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_order.h - writes what a person orders for a whole session into the audit log.  Such a record has no verdict: it
 * decides no event, and readers of decisions skip it. */
#ifndef GATESH_AUDIT_AUDIT_ORDER_H
#define GATESH_AUDIT_AUDIT_ORDER_H

#include <jansson.h>
#include <stdbool.h>

#include "audit/audit_write.h"

struct audit_order {
	const char *session; /* its id */
	const char *name;    /* the member "event": end, pause, resume */
	const char *by;      /* who ordered it, as front_by() writes it */
	const char *reason;  /* what it does, for people; NULL: the name says it */
};

/* Append it with a single write(2).  Thread-safe.  Returns 0 or a negative errno; on error there is no complete line in
 * the log. */
int audit_order(struct audit *a, const struct audit_order *o);

/* Is this object of the log an order? */
bool audit_is_order(const json_t *object);

#endif
