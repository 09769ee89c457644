/* SPDX-License-Identifier: BSD-2-Clause */
/* match.c - gate_match(): matches the subjects of an event against the packs and collects the findings of a check. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "engine/match_rules.h"
#include "policy/module.h"
#include "rules/target.h"

/* Keep a string for as long as the findings.  Returns it, or frees it and returns NULL if memory runs out. */
static const char *match_keep(struct check *c, char *s)
{
	char **kept = s ? reallocarray(c->kept, c->nkept + 1, sizeof *kept) : NULL;
	if (!kept) {
		free(s);
		return NULL;
	}
	c->kept = kept;
	return c->kept[c->nkept++] = s;
}

static char *match_escaped(const char *s)
{
	struct strbuf b = {0};
	escape_put(&b, s, strlen(s));
	char *text = strbuf_take(&b);
	if (!text)
		strbuf_free(&b);
	return text;
}

/* Insert a finding, worst first; findings of equal severity stay in the order in which they were found. */
static int match_add_finding(struct check *c, const struct gate_finding *f)
{
	if (!f->reason || !f->subject)
		return -ENOMEM; /* match_keep() failed */
	struct gate_finding *v = reallocarray(c->findings, c->nfindings + 1, sizeof *v);
	if (!v)
		return -ENOMEM;
	c->findings = v;
	size_t at = c->nfindings++;
	for (; at && v[at - 1].severity < f->severity; at--)
		v[at] = v[at - 1];
	v[at] = *f;
	return 0;
}

/* Does the command run where a probe or a preview would not look: on another machine, or with the settings of another user, such
 * as root's kubeconfig behind sudo? */
static bool match_is_others(const struct subject *s)
{
	const struct target_tool *tool = s->as_other ? target_tool(s->program) : NULL;
	return s->elsewhere || (tool && !tool->local);
}

/* Does the rule's `when` probe let it apply?  The rule applies if the probe fails, or can't run because the command
 * runs elsewhere. */
static bool match_applies(const struct rule *r, const struct subject *s, const struct matching *m)
{
	const struct gate_conv *conv = &m->h->conv;
	char *command;
	if (!r->when || !conv->probe || match_is_others(s) || rule_fill(r, r->when, s, &command))
		return true;
	bool does = conv->probe(command, m->ev, conv->data) != 0;
	free(command);
	return does;
}

/* Return the preview for this command, or NULL if the rule has none or can't fill it in. */
static const char *match_preview_of(const struct rule *r, const struct subject *s, struct check *c)
{
	char *command;
	return !r->preview || match_is_others(s) || rule_fill(r, r->preview, s, &command) ? NULL :
											    match_keep(c, command);
}

/* A deferred command needs file events that judge it later.  Elsewhere there are none: from danger up the rule asks,
 * below it logs. */
static enum gate_action match_action_of(const struct rule *r, const gate_handle_t *h, bool elsewhere)
{
	if (r->action != GATE_ACTION_DEFER)
		return r->action;
	if (elsewhere)
		return r->severity >= GATE_SEVERITY_DANGER ? GATE_ACTION_ASK : GATE_ACTION_LOG;
	return gate_serves(h, GATE_EVENT_UNLINK) ? GATE_ACTION_DEFER : GATE_ACTION_ASK;
}

static struct gate_finding match_finding_of(const struct rule *r, const struct matching *m, const struct subject *s)
{
	return (struct gate_finding){
		.rule = r->id,
		.severity = r->severity,
		.action = match_action_of(r, m->h, s->elsewhere),
		.reason = r->reason,
		.instead = r->instead,
		.preview = r->preview,
		.subject = match_keep(&m->h->check, match_escaped(s->text)),
		.file = r->file,
		.line = r->line,
	};
}

/* Would the rule `other` report the same about a statement? */
static bool match_says_the_same(const struct rule *other, const struct rule *r)
{
	return !other->when && other->action == r->action && other->severity >= r->severity &&
	       (other->preview || !r->preview) && !strcmp(other->reason, r->reason);
}

/* Does a rule report the same about a statement that the program was given?  Then the command line that contains the
 * statement adds nothing, and one act gets one finding. */
static bool match_told_by_statement(const struct matching *m, const struct rule *r, const struct subject *s)
{
	const struct ruleset *rs = &m->h->policy->rules;
	const struct subjects *all = &m->h->check.subjects;
	for (size_t i = 0; r->content == SUBJECT_COMMAND && i < rs->ncontent; i++)
		for (size_t k = 0; match_says_the_same(rs->content[i], r) && k < all->n; k++)
			if (rule_is_about(rs->content[i], &all->v[k]) && !strcmp(all->v[k].program, s->program) &&
			    rule_match(rs->content[i], &all->v[k]) != RULE_MISS)
				return true;
	return false;
}

int match_found(const struct rule *r, const struct subject *s, int how, void *data)
{
	const struct matching *m = data;
	struct check *c = &m->h->check;
	if (match_told_by_statement(m, r, s) || !match_applies(r, s, m))
		return 0;
	struct gate_finding f = match_finding_of(r, m, s);
	f.preview = match_preview_of(r, s, c);
	if (!match_is_others(s))
		keep_note(c, r, s, &f);
	if (how == RULE_LIMIT) {
		struct strbuf b = {0};
		strbuf_printf(&b, "%s (counted as a match: this command ran into a match limit)", r->reason);
		char *reason = strbuf_take(&b);
		if (!reason)
			strbuf_free(&b);
		f.reason = match_keep(c, reason);
	}
	return match_add_finding(c, &f);
}

int match_found_one(const struct rule *r, void *data)
{
	const struct matching *m = data;
	struct gate_finding f = match_finding_of(r, m, &m->h->check.subjects.v[0]);
	return match_add_finding(&m->h->check, &f);
}

/* Compute the event's subjects, once per check. */
static int match_find_subjects(struct check *c, const struct ruleset *rs, const struct gate_event *ev)
{
	if (c->shown)
		return 0;
	int err = subjects_of_event(rs, ev, &c->subjects);
	if (err)
		return err;
	char **shown = calloc(c->subjects.n + 1, sizeof *shown);
	for (size_t i = 0; shown && i < c->subjects.n; i++) {
		shown[i] = match_escaped(c->subjects.v[i].text);
		if (!shown[i])
			err = -ENOMEM;
	}
	if (shown && !err) {
		c->shown = shown;
		return 0;
	}
	for (size_t i = 0; shown && i < c->subjects.n; i++)
		free(shown[i]);
	free(shown);
	return -ENOMEM;
}

/* Return the gate code for an event that could not be judged completely, and set the reason. */
static int match_fault(gate_handle_t *h, const struct gate_event *ev, int err)
{
	switch (err) {
	case -E2BIG:
		gate_set_reason(
			h, "the event has more commands, or nests them more deeply, than Gate judges (%d commands)",
			SUBJECTS_MAX);
		return GATE_BUF_ERR;
	case -EINVAL:
		gate_set_reason(h, "no rule can judge this event (%s)", gate_event_name(ev->type));
		return GATE_SERVICE_ERR;
	default: gate_set_reason(h, "judging the event: %s", strerror(-err)); return GATE_SYSTEM_ERR;
	}
}

static const struct gate_finding *match_first_of(const struct check *c, enum gate_action action)
{
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i].action == action)
			return &c->findings[i];
	return NULL;
}

/* A rule that allows or keeps overrides every rule that asks. */
static void match_drop_questions(struct check *c)
{
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACTION_ASK)
			c->findings[i].action = GATE_ACTION_LOG;
}

/* If no rule matches a file or a connection, GATE_IGNORE leaves the decision to the next module. */
static int match_match(gate_handle_t *h, const struct gate_event *ev)
{
	struct check *c = &h->check;
	struct matching m = {h, ev};
	if (c->flags & CHECK_UNRULED)
		return GATE_IGNORE;
	int err = match_find_subjects(c, &h->policy->rules, ev);
	if (!err)
		err = match_rules(&m);
	if (err)
		return match_fault(h, ev, err);
	const struct gate_finding *deny = match_first_of(c, GATE_ACTION_DENY);
	if (deny) {
		gate_set_reason(h, "%s: %s", deny->rule, deny->reason);
		return GATE_DENY;
	}
	if (match_first_of(c, GATE_ACTION_ALLOW)) {
		match_drop_questions(c);
		return GATE_SUCCESS;
	}
	if (match_first_of(c, GATE_ACTION_KEEP)) {
		match_drop_questions(c);
		return GATE_IGNORE;
	}
	if (match_first_of(c, GATE_ACTION_ASK))
		return GATE_FINDING;
	return ev->type == GATE_EVENT_EXEC ? GATE_SUCCESS : GATE_IGNORE;
}

int gate_match(gate_handle_t *h, const struct gate_event *event)
{
	struct check *c = &h->check;
	if (!c->running)
		match_reset(c);
	c->judged = true;
	if (c->matched < 0)
		c->matched = match_match(h, event);
	return c->matched;
}

int gate_listed(gate_handle_t *h, const struct gate_event *event)
{
	const struct stack_line *line = h->check.line;
	struct destination d;
	int ret = destination_of(event, &d);
	if (!ret)
		ret = line && line->list && dest_list_has(line->list, &d);
	destination_free(&d);
	return ret;
}

int match_module_finding(gate_handle_t *h, const struct gate_event *ev, enum gate_action action)
{
	struct check *c = &h->check;
	const struct stack_line *line = c->line;
	int err = match_find_subjects(c, &h->policy->rules, ev);
	if (err && err != -EINVAL)
		return match_fault(h, ev, err);
	const char *why = c->explained ? gate_get_item(h, GATE_ITEM_REASON) : NULL;
	struct gate_finding f = {
		.rule = line->module->info->name,
		.severity = GATE_SEVERITY_DANGER,
		.action = action,
		.reason = match_keep(c, strdup(why ? why : "this module leaves the decision to a person")),
		.subject = c->shown && c->shown[0] ? c->shown[0] : "",
		.file = line->file,
		.line = line->line,
	};
	err = match_add_finding(c, &f);
	return err ? match_fault(h, ev, err) : GATE_SUCCESS;
}

int gate_refuse(gate_handle_t *h, const struct gate_event *event, const char *why)
{
	gate_set_reason(h, "%s", why);
	h->check.explained = true;
	int err = match_module_finding(h, event, GATE_ACTION_DENY);
	return err ? err : GATE_DENY;
}

void match_reset(struct check *c)
{
	for (size_t i = 0; c->shown && c->shown[i]; i++)
		free(c->shown[i]);
	free(c->shown);
	for (size_t i = 0; i < c->nkept; i++)
		free(c->kept[i]);
	free(c->kept);
	free(c->findings);
	keep_forget(c);
	subjects_free(&c->subjects);
	c->shown = c->kept = NULL;
	c->findings = NULL;
	c->nkept = c->nfindings = 0;
	c->matched = -1;
}

bool gate_ruled(const gate_handle_t *h)
{
	return match_first_of(&h->check, GATE_ACTION_ASK) || match_first_of(&h->check, GATE_ACTION_DENY);
}

const struct gate_finding *gate_findings(const gate_handle_t *h, size_t *n)
{
	*n = h->check.nfindings;
	return h->check.findings;
}

const char *const *gate_subjects(const gate_handle_t *h)
{
	static const char *const none[] = {NULL};
	return h->check.shown ? (const char *const *)h->check.shown : none;
}
