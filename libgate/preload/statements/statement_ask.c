/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_ask.c - the question about a statement. */
#include "preload/statements/statement_ask.h"

#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/session_client.h"
#include "preload/base/str.h"
#include "preload/statements/statement_words.h"

bool statement_is_judged(void)
{
	return state_judges() && state_head()->flags & GATE_IMAGE_STATEMENT;
}

/* Nobody can decide.  One line for a process. */
static bool statement_ask_fault(const char *what, int err)
{
	static unsigned char told;
	if (__atomic_exchange_n(&told, 1, __ATOMIC_RELAXED))
		return state_head()->flags & GATE_IMAGE_ON_FAULT_ALLOW;
	return message_call_fault(what, err);
}

static bool statement_ask_put(const struct statement *s, char line[ASK_LINE], const char **text)
{
	const char *const words[] = {s->engine, s->database ? s->database : "", s->place, NULL};
	const bool part = s->n > WIRE_STATEMENT_MAX;
	const struct session_ask a = {.event = {.event = EVENT_STATEMENT,
						.address_len = s->address_len,
						.flags = part ? WIRE_PART : 0,
						.text_len = (uint32_t)(part ? WIRE_STATEMENT_MAX : s->n)},
				      .exe = state.exe,
				      .address = s->address,
				      .text = s->text,
				      .words = words};
	int ret = session_ask(&a, line, text);
	if (ret >= 0)
		return !ret;
	const char *what = *text;
	*text = NULL;
	return statement_ask_fault(what, ret);
}

bool statement_allowed(const struct statement *s, char why[WIRE_TEXT_MAX])
{
	char line[ASK_LINE];
	const char *text = NULL;
	const unsigned flags = state_head()->flags;
	bool by_effects = flags & GATE_IMAGE_STATEMENT_EFFECTS && !(flags & GATE_IMAGE_ASK_ALL);
	if (by_effects && !statement_may_matter(s->text, s->n))
		return true;
	if (statement_ask_put(s, line, &text))
		return true;
	struct text t = text_in(why, WIRE_TEXT_MAX);
	text_put(&t, text ? text : "gate: refused");
	return false;
}
