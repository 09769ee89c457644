/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_alternatives.c - finds `match` lines that no hit of a rule needs.  See lint.h.
 *
 * This is evidence, not proof: testing can't show that one pattern matches everything that another does.  It can show
 * that no hit needs an alternative.  Then the alternative is wrong, or a hit is missing. */
#include "lint/lint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* For each alternative: how many examples it matched, and how many of these each other one matched, too. */
struct tally {
	const struct rule *rule;
	const struct pattern *alternatives;
	size_t n;
	size_t *alone; /* n */
	size_t *both;  /* n * n */
	bool *matched; /* n: for the current example */
};

static void lint_alternatives_tally_subject(struct tally *t, const struct subject *s)
{
	size_t from, to;
	for (size_t i = 0; i < t->n; i++)
		t->matched[i] = rule_pattern_span(&t->alternatives[i], s, &from, &to) == RULE_HIT;
	for (size_t i = 0; i < t->n; i++) {
		t->alone[i] += t->matched[i];
		for (size_t k = 0; t->matched[i] && k < t->n; k++)
			t->both[i * t->n + k] += t->matched[k];
	}
}

/* Count the subjects of an example that the rule applies to. */
static int lint_alternatives_tally_example(struct lint *l, struct tally *t, const struct example *e)
{
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = e->text};
	int err = ruleset_subjects(&l->rules, &ev, &subjects);
	for (size_t i = 0; !err && i < subjects.n; i++) {
		const struct subject *s = &subjects.v[i];
		if (rule_has_program(t->rule, s->program) && rule_is_about(t->rule, s) && !s->unknown &&
		    !rule_missing_keyword(t->rule, s))
			lint_alternatives_tally_subject(t, s);
	}
	subjects_free(&subjects);
	return err == -E2BIG ? 0 : err;
}

/* Return an alternative that matches whenever i does, or n if there is none.  Of two that match alike, the first covers
 * the second. */
static size_t lint_alternatives_covered_by(const struct tally *t, size_t i)
{
	for (size_t k = 0; k < t->n; k++) {
		bool always = k != i && t->both[i * t->n + k] == t->alone[i];
		bool alike = always && t->both[k * t->n + i] == t->alone[k];
		if (always && (!alike || k < i))
			return k;
	}
	return t->n;
}

static void lint_alternatives_report(struct lint *l, const struct tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		unsigned line = t->alternatives[i].line;
		size_t other = t->alone[i] ? lint_alternatives_covered_by(t, i) : t->n;
		if (!t->alone[i])
			lint_note(l, t->rule->file, line, "this alternative matches no hit of %s", t->rule->id);
		else if (other < t->n)
			lint_note(l, t->rule->file, line,
				  "no hit of %s needs this alternative: line %u matches the same hits", t->rule->id,
				  t->alternatives[other].line);
	}
}

int lint_alternatives(struct lint *l, const struct rule *r)
{
	struct tally t = {.rule = r, .alternatives = r->match, .n = r->nmatch};
	if (t.n < 2)
		return 0;
	t.alone = calloc(t.n, sizeof *t.alone);
	t.both = calloc(t.n * t.n, sizeof *t.both);
	t.matched = calloc(t.n, sizeof *t.matched);
	int err = t.alone && t.both && t.matched ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < r->nhits; i++)
		err = lint_alternatives_tally_example(l, &t, &r->hits[i]);
	if (!err)
		lint_alternatives_report(l, &t);
	free(t.alone);
	free(t.both);
	free(t.matched);
	return err;
}
