/* SPDX-License-Identifier: BSD-2-Clause */
/* adjust.c - applies stanzas that refer to other packs, after all are read: requires, disable and override. */
#include "rules/rules_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ref_report(struct diag *d, enum diag_level level, const struct rule_ref *at, const char *fmt, ...)
{
	char what[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	struct source src = {.name = at->file, .text = at->text, .len = strlen(at->text), .skipped = at->line - 1};
	diag_at(d, level, &src, at->line, at->col, "%s", what);
}

void ref_free(struct rule_ref *ref)
{
	free(ref->word);
	free(ref->text);
}

void adjustment_free(struct adjustment *a)
{
	ref_free(&a->rule);
	ref_free(&a->severity);
	ref_free(&a->action);
}

void rule_pack_free(struct rule_pack *info)
{
	for (size_t i = 0; i < info->nneeds; i++) {
		ref_free(&info->needs[i].name);
		free(info->needs[i].version);
	}
	free(info->needs);
	free(info->name);
	free(info->version);
	free(info);
}

/* Is version `a` older than `b`?  A missing number counts as 0. */
static bool adjust_older(const char *a, const char *b)
{
	while (*a || *b) {
		char *a_end, *b_end;
		unsigned long x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);
		if (x != y)
			return x < y;
		a = *a_end ? a_end + 1 : a_end;
		b = *b_end ? b_end + 1 : b_end;
	}
	return false;
}

static const struct rule_pack *adjust_find_pack(const struct ruleset *rs, const char *name)
{
	for (; rs; rs = rs->beside)
		for (size_t i = 0; i < rs->npacks; i++)
			if (!strcmp(rs->packs[i]->name, name))
				return rs->packs[i];
	return NULL;
}

static const char *adjust_nearest_pack(const struct ruleset *rs, const char *name)
{
	const char **names = calloc(rs->npacks + 1, sizeof *names);
	for (size_t i = 0; names && i < rs->npacks; i++)
		names[i] = rs->packs[i]->name;
	const char *near = names ? diag_nearest(name, names) : NULL;
	free(names);
	return near;
}

static void adjust_require(const struct ruleset *rs, const struct rule_need *need, struct diag *d)
{
	const char *name = need->name.word;
	bool gate = !strcmp(name, "gate");
	const struct rule_pack *pack = gate ? NULL : adjust_find_pack(rs, name);
	const char *version = gate ? gate_version() : pack ? pack->version : NULL;
	if (!version && rs->nbad) {
		return; /* it may be in one of the refused files */
	} else if (!version) {
		const char *near = adjust_nearest_pack(rs, name);
		ref_report(d, DIAG_ERROR, &need->name,
			   near ? "no pack %s; did you mean %s?" : "no pack %s is installed", name, near);
	} else if (need->version && adjust_older(version, need->version)) {
		ref_report(d, DIAG_ERROR, &need->name, "%s %s or later is required; this is version %s", name,
			   need->version, version);
	}
}

void rules_require(const struct ruleset *rs, struct diag *d)
{
	for (size_t i = 0; i < rs->npacks; i++)
		for (size_t k = 0; k < rs->packs[i]->nneeds; k++)
			adjust_require(rs, &rs->packs[i]->needs[k], d);
}

static const char *adjust_nearest_rule(const struct ruleset *rs, const char *id)
{
	const char **ids = calloc(rs->n + 1, sizeof *ids);
	for (size_t i = 0; ids && i < rs->n; i++)
		ids[i] = rs->rules[i]->id;
	const char *near = ids ? diag_nearest(id, ids) : NULL;
	free(ids);
	return near;
}

/* Return the rule that an adjustment names; *mine is also set if the rule is in `rs`.  Reports a name without a
 * rule. */
static const struct rule *adjust_target(const struct ruleset *rs, const struct adjustment *a, struct rule **mine,
					struct diag *d)
{
	const char *id = a->rule.word;
	const struct rule *r = *mine = rules_lookup(&rs->ids, id);
	if (!r && rs->beside)
		r = ruleset_find(rs->beside, id);
	if (r || rs->nbad) /* it may be in one of the refused files */
		return r;
	const char *near = adjust_nearest_rule(rs, id);
	if (!near && rs->beside)
		near = adjust_nearest_rule(rs->beside, id);
	ref_report(d, DIAG_ERROR, &a->rule, near ? "no rule %s; did you mean %s?" : "no rule %s", id, near);
	return NULL;
}

static const char *const owners[] = {"the system's", "the user's", "the project's"};

/* The order of actions, from the most permissive to the strictest. */
static int adjust_strictness(enum gate_action action)
{
	static const int of[] = {[GATE_ACTION_ALLOW] = 0, [GATE_ACTION_KEEP] = 1, [GATE_ACTION_LOG] = 2,
				 [GATE_ACTION_DEFER] = 3, [GATE_ACTION_ASK] = 4,  [GATE_ACTION_DENY] = 5};
	return of[action];
}

/* A layer with less trust than the rule may only tighten it. */
static bool adjust_may_adjust(const struct rule *r, const struct adjustment *a, struct diag *d)
{
	const char *by = owners[a->trust], *of = owners[r->trust];
	const char *misfit = a->action.word ? action_misfit(a->to_action, r->events) : NULL;
	if (misfit)
		ref_report(d, DIAG_ERROR, &a->action, "%s: %s", r->id, misfit);
	else if (a->trust <= r->trust)
		return true;
	else if (a->disables)
		ref_report(d, DIAG_ERROR, &a->rule, "%s is one of %s rules: %s file may not disable it", r->id, of, by);
	else if (a->severity.word && a->to_severity < r->severity)
		ref_report(d, DIAG_ERROR, &a->severity,
			   "%s is one of %s rules, of severity %s: %s file may only raise it", r->id, of,
			   gate_severity_name(r->severity), by);
	else if (a->action.word && adjust_strictness(a->to_action) < adjust_strictness(r->action))
		ref_report(d, DIAG_ERROR, &a->action, "%s is one of %s rules: %s file may not weaken its action", r->id,
			   of, by);
	else
		return true;
	return false;
}

static int adjust_apply(struct rule *r, const struct adjustment *a)
{
	const struct adjustment **slot = rules_append(&r->adjusted, &r->nadjusted, sizeof *slot);
	if (!slot)
		return -ENOMEM;
	*slot = a;
	if (a->severity.word)
		r->severity = a->to_severity;
	if (a->action.word)
		r->action = a->to_action;
	return 0;
}

static bool adjust_is_disabled(const struct rule *r)
{
	for (size_t i = 0; i < r->nadjusted; i++)
		if (r->adjusted[i]->disables)
			return true;
	return false;
}

/* Move disabled rules from `rules` to `disabled`, where no match sees them. */
static int adjust_take_disabled(struct ruleset *rs)
{
	size_t kept = 0;
	for (size_t i = 0; i < rs->n; i++) {
		struct rule *r = rs->rules[i], **slot;
		if (!adjust_is_disabled(r)) {
			rs->rules[kept++] = r;
			continue;
		}
		slot = rules_append(&rs->disabled, &rs->ndisabled, sizeof *slot);
		if (!slot) {
			memmove(&rs->rules[kept], &rs->rules[i], (rs->n - i) * sizeof *rs->rules);
			rs->n -= i - kept;
			return -ENOMEM;
		}
		*slot = r;
	}
	rs->n = kept;
	return 0;
}

int rules_adjust(struct ruleset *rs, struct diag *d)
{
	int r = 0;
	for (size_t i = 0; !r && i < rs->nadjustments; i++) {
		const struct adjustment *a = &rs->adjustments[i];
		struct rule *mine;
		const struct rule *rule = adjust_target(rs, a, &mine, d);
		if (!rule || !adjust_may_adjust(rule, a, d) || !mine)
			continue;
		if (!a->disables && adjust_is_disabled(mine))
			ref_report(d, DIAG_WARNING, &a->rule, "%s is disabled at %s:%u", mine->id,
				   mine->adjusted[mine->nadjusted - 1]->rule.file,
				   mine->adjusted[mine->nadjusted - 1]->rule.line);
		else
			r = adjust_apply(mine, a);
	}
	return r ? r : adjust_take_disabled(rs);
}

bool rule_same_pack(const struct rule *a, const struct rule *b)
{
	return a->pack || b->pack ? a->pack == b->pack : !strcmp(a->file, b->file);
}
