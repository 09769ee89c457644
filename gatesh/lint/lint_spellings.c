/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_spellings.c - spells the hits and misses of rules in other ways and expects the same verdict.  See lint.h. */
#include "lint/lint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "grammar/spellings.h"

/* An example being spelled. */
struct spelled {
	struct lint *l;
	const struct rule *rule;
	const struct example *example;
	int verdict; /* of the example */
};

static int lint_spellings_found(const struct rule *r, const struct subject *s, int how, void *data)
{
	static const int rank[] = {
		[GATE_ACTION_LOG] = 1, [GATE_ACTION_DEFER] = 2, [GATE_ACTION_ASK] = 3, [GATE_ACTION_DENY] = 4};
	int *verdict = data, own = r->action < sizeof rank / sizeof *rank ? rank[r->action] : 0;
	*verdict = own > *verdict ? own : *verdict;
	return 0;
}

/* Judge one subject by all rules: the verdict, or a negative errno. */
static int lint_spellings_verdict(const struct lint *l, const struct subject *s)
{
	const struct subjects one = {(struct subject *)s, 1};
	int verdict = 0;
	int err = ruleset_match(&l->rules, GATE_EVENT_EXEC, &one, lint_spellings_found, &verdict);
	return err ? err : verdict;
}

static void lint_spellings_report(struct spelled *e, const char *text, const char *kind, int verdict)
{
	static const char *const words[] = {"passes", "is logged", "is deferred", "asks", "is refused"};
	struct source src = {.name = e->rule->file, .text = ""};
	e->l->misjudged++;
	diag_at(&e->l->d, DIAG_WARNING, &src, e->example->line, 0, "an example of %s %s, but with %s it %s: %s",
		e->rule->id, words[e->verdict], kind, words[verdict], text);
}

static int lint_spellings_try(const char *const *words, size_t n, const char *kind, void *data)
{
	struct spelled *e = data;
	struct subjects subjects = {0};
	if (!e->verdict && kind == spellings_with_option)
		return 0;
	int err = subjects_add(&subjects, words, n, false);
	int verdict = err ? err : lint_spellings_verdict(e->l, &subjects.v[0]);
	e->l->spellings++;
	if (verdict >= 0 && verdict != e->verdict)
		lint_spellings_report(e, subjects.v[0].text, kind, verdict);
	subjects_free(&subjects);
	return verdict < 0 ? verdict : 0;
}

static int lint_spellings_example(struct lint *l, const struct rule *r, const struct example *x, bool hit)
{
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = x->text};
	int err = ruleset_subjects(&l->rules, &ev, &subjects);
	for (size_t i = 0; !err && i < subjects.n; i++) {
		const struct subject *s = &subjects.v[i];
		const struct grammar *g = s->content || s->plain ? NULL : grammars_find(r->commands, s->program);
		struct spelled e = {.l = l, .rule = r, .example = x};
		e.verdict = g ? lint_spellings_verdict(l, s) : 0;
		if (hit && !e.verdict) /* another command of the line makes it a hit */
			continue;
		err = e.verdict < 0 ? e.verdict : g ? spellings_of(g, s->text, lint_spellings_try, &e) : 0;
	}
	subjects_free(&subjects);
	return err == -E2BIG ? 0 : err;
}

int lint_spellings(struct lint *l)
{
	int err = 0;
	for (size_t i = 0; i < l->rules.n; i++) {
		const struct rule *r = l->rules.rules[i];
		for (size_t k = 0;
		     !err && rule_is_on_exec(r) && r->content == SUBJECT_COMMAND && k < r->nhits + r->nmisses; k++)
			err = lint_spellings_example(l, r, k < r->nhits ? &r->hits[k] : &r->misses[k - r->nhits],
						     k < r->nhits);
	}
	return err;
}

/* Does a rule before `until` name the program? */
static bool lint_spellings_named_before(const struct lint *l, size_t until, const char *program)
{
	for (size_t i = 0; i < until; i++)
		for (char **name = l->rules.rules[i]->programs; name && *name; name++)
			if (!strcmp(*name, program))
				return true;
	return false;
}

void lint_note_programs(struct lint *l)
{
	for (size_t i = 0; i < l->rules.n; i++) {
		const struct rule *r = l->rules.rules[i];
		for (char **name = r->events & 1u << GATE_EVENT_EXEC && r->nmatch ? r->programs : NULL; name && *name;
		     name++)
			if (!grammars_find(r->commands, *name) && !lint_spellings_named_before(l, i, *name))
				lint_note(l, r->file, r->line,
					  "%s has no command stanza: %s judges it without knowing its options", *name,
					  r->id);
	}
}
