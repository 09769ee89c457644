/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_terms.c - policy_keep(): combines the gate_keep lines of all stacks. */
#include "policy/keep_terms.h"

#include <string.h>

#include "policy/module.h"

/* A line without it does not make another stack's value longer. */
#define HOLD_UNSAID UINT64_MAX

/* The terms of one stack, while its lines are read. */
struct reading {
	enum gate_event_type event;
	struct keep_terms terms;
	bool found;   /* the stack has a gate_keep line */
	bool settled; /* in_process is final */
};

static uint64_t keep_terms_least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static enum event_keep keep_terms_word_of(const struct stack_line *line)
{
	static const char *const words[] = {"pass", "keep", "ask", "deny"};
	const char *said = gate_opt_word(line->argc, (const char *const *)line->argv, "pass|keep|ask|deny", "keep");
	int i = 0;
	while (strcmp(words[i], said))
		i++;
	return (enum event_keep)i;
}

static struct keep_terms terms_of(const struct stack_line *line)
{
	const char *const *argv = (const char *const *)line->argv;
	return (struct keep_terms){
		.word = keep_terms_word_of(line),
		.max = gate_opt_size(line->argc, argv, "max", KEEP_MAX_DEFAULT),
		.quota = gate_opt_size(line->argc, argv, "quota", KEEP_QUOTA_DEFAULT),
		.age = gate_opt_age(line->argc, argv, "age", KEEP_AGE_DEFAULT),
		.hold = gate_opt_age(line->argc, argv, "hold", HOLD_UNSAID),
	};
}

/* Take the stricter value of each term. */
static void keep_terms_tighten(struct keep_terms *t, const struct keep_terms *by)
{
	t->word = by->word > t->word ? by->word : t->word;
	t->max = keep_terms_least(t->max, by->max);
	t->quota = keep_terms_least(t->quota, by->quota);
	t->age = keep_terms_least(t->age, by->age);
	if (t->hold == HOLD_UNSAID || (by->hold != HOLD_UNSAID && by->hold > t->hold))
		t->hold = by->hold;
	t->in_process &= by->in_process;
}

static bool keep_terms_is_module(const struct stack_line *line, const char *name)
{
	return line->module && !strcmp(line->module->info->name, name);
}

static void keep_terms_read_line(struct reading *r, const struct stack_line *line)
{
	bool keep = keep_terms_is_module(line, "gate_keep");
	bool done = line->control[GATE_SUCCESS] == CONTROL_DONE, on = line->control[GATE_IGNORE] == CONTROL_IGNORE;
	if (!r->settled && (keep || !keep_terms_is_module(line, "gate_rules") || !done || !on)) {
		r->terms.in_process = keep && done && on;
		r->settled = true;
	}
	if (!keep)
		return;
	struct keep_terms t = terms_of(line);
	t.in_process = r->terms.in_process;
	if (r->found)
		keep_terms_tighten(&r->terms, &t);
	else
		r->terms = t;
	r->found = true;
}

static void keep_terms_read_stack(struct reading *r, const struct stack *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct stack_line *line = &s->lines[i];
		if (line->event != r->event)
			continue;
		if (!line->sub) {
			keep_terms_read_line(r, line);
			continue;
		}
		r->settled |= !line->include; /* a substack's `done` ends the substack only */
		keep_terms_read_stack(r, line->sub);
	}
}

struct keep_terms policy_keep(const struct policy *p, enum gate_event_type event)
{
	struct keep_terms all = {EVENT_KEEP_PASS, UINT64_MAX, UINT64_MAX, UINT64_MAX, HOLD_UNSAID, true};
	for (size_t i = 0; i < p->nstacks; i++) {
		struct reading r = {.event = stack_event(p->stacks[i], event)};
		r.terms = (struct keep_terms){EVENT_KEEP_PASS, UINT64_MAX, UINT64_MAX, UINT64_MAX, HOLD_UNSAID, false};
		if (!stack_runs(p->stacks[i], event))
			continue;
		keep_terms_read_stack(&r, p->stacks[i]);
		keep_terms_tighten(&all, &r.terms);
	}
	if (all.hold == HOLD_UNSAID)
		all.hold = KEEP_HOLD_DEFAULT;
	return all;
}
