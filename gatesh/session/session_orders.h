/* SPDX-License-Identifier: BSD-2-Clause */
/* session_orders.h - what a person orders for a whole session from outside: freeze, pause, end.  The answer socket brings
 * the orders, and has made sure that no process of a session gives them.  Main thread only. */
#ifndef GATESH_SESSION_SESSION_ORDERS_H
#define GATESH_SESSION_SESSION_ORDERS_H

#include <stdbool.h>

#include "util/loop.h"

struct session_core;

enum {
	ORDERS_PARTING_MS = 2000, /* after SIGTERM: for the processes to clean up */
	ORDERS_AGAIN_MS = 100,    /* after SIGKILL: for what a dying process has still forked */
};

struct session_orders {
	struct timer pause_over;
	struct timer parting;
	bool killing; /* SIGTERM was sent ORDERS_PARTING_MS ago */
};

/* Take orders: sets v->answers' callbacks.  Before the answer socket is opened. */
void session_orders_open(struct session_core *v);

/* Take no more, and clear the timers. */
void session_orders_close(struct session_core *v);

#endif
