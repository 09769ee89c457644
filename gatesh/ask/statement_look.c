/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_look.c - judges a statement without asking and without a thread. */
#include "ask/statement_look.h"

enum { LOOK_MAX = 64 << 10 }; /* bytes: microseconds for the main thread */

bool statement_look_passes(gate_handle_t **handle, const struct workers *w, const struct gate_event *ev)
{
	size_t n;
	if (ev->type != GATE_EVENT_STATEMENT || ev->text_len > LOOK_MAX || *w->questions->frozen)
		return false;
	if (!*handle && gate_dup(w->base, NULL, handle))
		return false;
	return gate_check(*handle, ev, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN) == GATE_SUCCESS &&
	       (gate_findings(*handle, &n), !n);
}
