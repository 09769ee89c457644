/* SPDX-License-Identifier: BSD-2-Clause */
/* rule_check.c - checks what the fields of one rule say together. */
#include "base/strbuf.h"
#include "rules/rules_internal.h"

#define ERROR PACK_ERROR

/* Append the names of a set of events, for messages: "unlink, rename and truncate". */
static void rule_check_put_events(struct strbuf *b, unsigned events)
{
	for (unsigned e = 0; events >> e; e++) {
		bool last = !(events >> e >> 1), first = !(events & ((1u << e) - 1));
		if (events & 1u << e)
			strbuf_printf(b, "%s%s", first ? "" : last ? " and " : ", ", gate_event_name(e));
	}
}

const char *action_misfit(enum gate_action action, unsigned events)
{
	if (action == GATE_ACTION_DEFER && events != 1u << GATE_EVENT_EXEC)
		return "action: defer is only for commands: it leaves the decision to their file events";
	if (action == GATE_ACTION_ALLOW && events & (1u << GATE_EVENT_EXEC | 1u << GATE_EVENT_STATEMENT))
		return "action: allow is only for files, connections and requests; what no rule matches is allowed";
	if (action == GATE_ACTION_KEEP && events & (~(unsigned)RULE_FILE_EVENTS | 1u << GATE_EVENT_READ))
		return "action: keep is only for files that are removed or overwritten";
	return NULL;
}

/* Report fields and actions that don't exist for the rule's events. */
static void rule_check_events(struct pack *p, const struct rule *r)
{
	for (size_t i = 0; r->events && i < RULES_NFIELDS; i++) {
		cleanup_strbuf struct strbuf names = {0};
		if (!p->seen[i] || !rules_fields[i].events || !(r->events & ~rules_fields[i].events))
			continue;
		rule_check_put_events(&names, rules_fields[i].events);
		ERROR(p, p->seen[i], 1, "%s is valid only in rules on %s", rules_fields[i].name, names.s);
	}
	const char *misfit = action_misfit(r->action, r->events);
	if (misfit)
		ERROR(p, r->line, 1, "rule %s: %s", r->id, misfit);
}

int rules_set_asks(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"always", "unless-kept", NULL};
	p->rule->unless_kept = rules_choice(p, v, "value", words) == 1;
	return 0;
}

/* A keep without its undo would be a promise that nobody can keep.  A project's pack has neither, whatever it says. */
static void rule_check_keep(struct pack *p, struct rule *r)
{
	bool asks = r->action == GATE_ACTION_ASK || r->action == GATE_ACTION_LOG;
	if (p->trust == TRUST_PROJECT)
		r->unless_kept = false;
	else if (!r->keep != !r->undo)
		ERROR(p, r->line, 1, "rule %s has %s but no %s", r->id, r->keep ? "keep" : "undo",
		      r->keep ? "undo" : "keep");
	else if (r->unless_kept && !r->keep)
		ERROR(p, r->line, 1, "rule %s asks unless-kept but has no keep", r->id);
	else if (r->keep && !asks)
		ERROR(p, r->line, 1, "rule %s has a keep, so its action is ask or log", r->id);
}

void rules_check_rule(struct pack *p, struct rule *r)
{
	rule_check_events(p, r);
	rule_check_keep(p, r);
	if (r->content && !r->programs)
		ERROR(p, r->line, 1, "rule %s has content but no program", r->id);
	if (r->content_unknown && !r->content)
		ERROR(p, r->line, 1, "rule %s has content-unknown but no content", r->id);
	if (r->sockets && (r->hosts || r->nnets || r->nports))
		ERROR(p, r->line, 1, "rule %s: a socket has no host, net or port", r->id);
}
