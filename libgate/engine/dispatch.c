/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch.c - PAM's dispatch: runs the lines of an event and derives a decision from an impression and a status. */
#include "engine/handle.h"
#include "policy/control.h"
#include "policy/module.h"

enum impression { IMPRESSION_UNDECIDED, IMPRESSION_POSITIVE, IMPRESSION_NEGATIVE };

/* The state of the walk.  `status` is the code to return if the walk ended now. */
struct state {
	enum impression impression;
	int status;
	size_t traced; /* number of trace entries, so that a reset also clears grantors */
};

struct walk {
	gate_handle_t *h;
	const struct gate_event *ev;
	enum gate_event_type event;
	struct state now;
};

static struct gate_trace *dispatch_trace(struct walk *w, const struct stack_line *line, const char *module, int ret,
					 const char *action)
{
	struct check *c = &w->h->check;
	struct gate_trace *t = &c->trace[c->ntrace++];
	*t = (struct gate_trace){line->file, line->line, module, line->control_text, action, ret, false};
	w->now.traced = c->ntrace;
	return t;
}

static void dispatch_reset(struct walk *w, const struct state *entry)
{
	for (size_t i = entry->traced; i < w->now.traced; i++)
		w->h->check.trace[i].grantor = false;
	w->now.impression = entry->impression;
	w->now.status = entry->status;
}

static bool dispatch_asks(const struct check *c)
{
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACTION_ASK)
			return true;
	return false;
}

/* Call the module and return its code.  If it returns GATE_FINDING without a finding to show, add one.  A code outside
 * the enumeration is an inconsistency, and bad whatever the control says. */
static int dispatch_call(struct walk *w, const struct stack_line *line, enum control_action *action)
{
	struct check *c = &w->h->check;
	c->line = line;
	c->judged = c->explained = false;
	int ret = module_serves(line->module, w->event)(w->h, w->ev, line->argc, (const char *const *)line->argv);
	bool known_already = c->judged && !c->explained && dispatch_asks(c);
	if (ret == GATE_FINDING && !known_already && !c->in_verdict) {
		int err = match_module_finding(w->h, w->ev, GATE_ACTION_ASK);
		ret = err ? err : ret;
	}
	bool known = ret >= 0 && ret < GATE_RET_COUNT;
	*action = known ? line->control[ret] : CONTROL_BAD;
	return known ? ret : GATE_ABORT;
}

/* Apply the action for a line's return code.  Returns true if the walk of this stack ends. */
static bool dispatch_act(struct walk *w, enum control_action action, int ret, struct gate_trace *t,
			 const struct state *entry)
{
	struct state *now = &w->now;
	switch (action) {
	case CONTROL_OK:
	case CONTROL_DONE:
		if (now->impression == IMPRESSION_UNDECIDED ||
		    (now->impression == IMPRESSION_POSITIVE && now->status == GATE_SUCCESS)) {
			now->impression = IMPRESSION_POSITIVE;
			now->status = ret;
		}
		t->grantor =
			now->impression == IMPRESSION_POSITIVE && ret == GATE_SUCCESS && w->event != GATE_EVENT_VERDICT;
		return action == CONTROL_DONE && now->impression == IMPRESSION_POSITIVE;
	case CONTROL_BAD:
	case CONTROL_DIE:
		if (now->impression != IMPRESSION_NEGATIVE) {
			now->impression = IMPRESSION_NEGATIVE;
			now->status = ret == GATE_IGNORE || ret == GATE_SUCCESS ? GATE_DENY : ret;
		}
		return action == CONTROL_DIE;
	case CONTROL_RESET: dispatch_reset(w, entry); return false;
	case CONTROL_END: return true;
	case CONTROL_IGNORE: return false;
	}
	now->impression = IMPRESSION_NEGATIVE;
	now->status = GATE_ABORT;
	return true;
}

/* Walk one stack.  A reset returns to `entry`: the state on entering this stack or, for an include, its includer's.
 * Returns true if done, die or end stopped the walk. */
static bool dispatch_walk(struct walk *w, const struct stack *s, const struct state *entry)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct stack_line *line = &s->lines[i];
		if (line->event != w->event)
			continue;
		if (line->sub) {
			dispatch_trace(w, line, line->control_text, GATE_IGNORE, "enter");
			struct state inner = w->now;
			bool stopped = dispatch_walk(w, line->sub, line->include ? entry : &inner);
			if (stopped && line->include)
				return true;
			continue;
		}
		enum control_action action;
		int ret = dispatch_call(w, line, &action);
		struct gate_trace *t =
			dispatch_trace(w, line, line->module->info->name, ret, control_action_name(action));
		if (dispatch_act(w, action, ret, t, entry))
			return true;
	}
	return false;
}

int stack_dispatch(const struct stack *s, enum gate_event_type event, gate_handle_t *h, const struct gate_event *ev)
{
	struct walk w = {.h = h, .ev = ev, .event = stack_event(s, event)};
	w.now = (struct state){IMPRESSION_UNDECIDED, GATE_DENY, h->check.ntrace};
	const struct state entry = w.now;
	dispatch_walk(&w, s, &entry);
	return w.now.status;
}
