/* SPDX-License-Identifier: BSD-2-Clause */
/* selftest.c - runs the hits and misses of every rule against its whole pack. */
#include <errno.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/rules_internal.h"

/* One example being run. */
struct trial {
	const struct ruleset *rs;
	struct example_result result; /* its rule, example and hit; the rest is filled in for each problem */
	bool met;                     /* the rule matched */
	unsigned problems;
	ruleset_example_fn *each;
	void *data;
};

static int selftest_problem(struct trial *t, const char *what, const struct rule *other)
{
	t->problems++;
	t->result.what = what;
	t->result.other = other;
	return t->each(&t->result, t->data);
}

static int selftest_found(const struct rule *r, const struct subject *s, int how, void *data)
{
	struct trial *t = data;
	if (!rule_same_pack(r, t->result.rule))
		return 0;
	if (r == t->result.rule)
		t->met = true;
	if (how == RULE_LIMIT)
		return selftest_problem(t, "ran into the match limit of", r);
	/* A miss may match another rule that defers: the command passes. */
	bool passes = t->result.hit || (r != t->result.rule && r->action == GATE_ACTION_DEFER);
	return passes ? 0 : selftest_problem(t, "is matched by", r);
}

/* Explain why a hit did not match: the first condition that none of its commands meets. */
static const char *selftest_why(const struct rule *r, const struct subjects *subjects)
{
	struct rule only = {.programs = r->programs, .content = r->content};
	static const char *const condition[] = {"runs none of the programs of", "has no keyword of",
						"is matched by no pattern of"};
	for (int step = 0; step < 3; step++) {
		bool any = false;
		if (step == 1)
			only.keywords = r->keywords, only.nkeywords = r->nkeywords;
		if (step == 2)
			only.match = r->match, only.nmatch = r->nmatch;
		for (size_t i = 0; i < subjects->n; i++)
			any |= rule_match(&only, &subjects->v[i]) == RULE_HIT;
		if (!any)
			return condition[step];
	}
	return "is excepted by an unless of";
}

static int selftest_run(struct trial *t)
{
	struct subjects subjects = {0};
	const struct rule *owner = t->result.rule;
	struct gate_event event = {.struct_size = sizeof(struct gate_event),
				   .type = GATE_EVENT_EXEC,
				   .shell_text = t->result.example->text};
	int r = ruleset_subjects(t->rs, &event, &subjects);
	if (r == -E2BIG)
		r = selftest_problem(t, "has too many commands", NULL);
	else if (!r && !subjects.n)
		r = selftest_problem(t, "has no command", NULL);
	else if (!r)
		r = ruleset_match(t->rs, GATE_EVENT_EXEC, &subjects, selftest_found, t);
	if (!r && subjects.n && t->result.hit && !t->met)
		r = selftest_problem(t, selftest_why(owner, &subjects), owner);
	subjects_free(&subjects);
	return r || t->problems ? r : selftest_problem(t, NULL, NULL);
}

/* --- file rules: "[PROGRAM: ]PATH"; a relative path is in the workspace ------------------------------------------- */

#define EXAMPLE_WORKSPACE "/workspace/"
#define EXAMPLE_HOME "/home/user"

static int selftest_found_one(const struct rule *r, void *data)
{
	const struct trial *t = data;
	/* One rule may allow what another asks about, so a miss concerns only its own rule. */
	return t->result.hit || r == t->result.rule ? selftest_found(r, NULL, RULE_HIT, data) : 0;
}

/* Append the absolute path of the example. */
static void selftest_put_path(struct strbuf *b, const char *path)
{
	if (*path == '~' && (!path[1] || path[1] == '/'))
		strbuf_printf(b, EXAMPLE_HOME "%s", path + 1);
	else
		strbuf_printf(b, "%s%s", *path == '/' ? "" : EXAMPLE_WORKSPACE, path);
}

static int selftest_run_file(struct trial *t)
{
	cleanup_strbuf struct strbuf path = {0}, program = {0};
	const char *text = t->result.example->text, *colon = strstr(text, ": ");
	if (colon)
		strbuf_put(&program, text, (size_t)(colon - text));
	selftest_put_path(&path, colon ? colon + 2 : text);
	if (path.err || program.err)
		return -ENOMEM;
	struct file_subject f = {
		.program = program.s,
		.path = path.s,
		.home = EXAMPLE_HOME,
		.flags = t->result.hit ? GATE_FILE_CACHE | GATE_FILE_IGNORED | GATE_FILE_LOCKED :
					 0, /* there is no directory to examine */
		.outside = strncmp(path.s, EXAMPLE_WORKSPACE, strlen(EXAMPLE_WORKSPACE)),
	};
	int r = 0;
	for (f.event = GATE_EVENT_UNLINK; !r && !t->problems && f.event <= GATE_EVENT_READ; f.event++) {
		if (!(t->result.rule->events & 1u << f.event))
			continue;
		t->met = false;
		r = ruleset_match_file(t->rs, &f, selftest_found_one, t);
		if (!r && t->result.hit && !t->met)
			r = selftest_problem(t, "has no path, program or scope of", t->result.rule);
	}
	return r || t->problems ? r : selftest_problem(t, NULL, NULL);
}

/* --- connect rules: "[PROGRAM: ]DESTINATION", as destination_parse() reads one ------------------------------------ */

static int selftest_run_connect(struct trial *t)
{
	cleanup_strbuf struct strbuf program = {0};
	const char *text = t->result.example->text, *colon = strstr(text, ": ");
	struct destination d;
	if (colon)
		strbuf_put(&program, text, (size_t)(colon - text));
	int r = destination_parse(colon ? colon + 2 : text, &d);
	d.program = program.s;
	if (!r)
		r = ruleset_match_connect(t->rs, &d, selftest_found_one, t);
	else if (r == -EINVAL)
		r = selftest_problem(t, "is not a destination: \"NAME ... ADDRESS:PORT\", or a socket's path", NULL);
	destination_free(&d);
	if (!r && !t->problems && t->result.hit && !t->met)
		r = selftest_problem(t, "has no host, net, port, socket or program of", t->result.rule);
	return r || t->problems ? r : selftest_problem(t, NULL, NULL);
}

/* --- statement and request rules: as said_example_read() reads them ------------------------------------------------- */

static int selftest_run_said(struct trial *t)
{
	struct said_example e;
	struct subjects subjects = {0};
	const struct rule *owner = t->result.rule;
	enum gate_event_type type =
		owner->events & 1u << GATE_EVENT_REQUEST ? GATE_EVENT_REQUEST : GATE_EVENT_STATEMENT;
	const char *fault = said_example_read(&e, type, t->result.example->text);
	int r = fault ? selftest_problem(t, fault, NULL) : subjects_of_event(t->rs, &e.event, &subjects);
	if (!r && !fault)
		r = ruleset_match_said(t->rs, &e.event, &subjects, selftest_found, t);
	if (!r && !fault && t->result.hit && !t->met)
		r = selftest_problem(t, "lacks an effect, object, condition, method, path or another term of", owner);
	subjects_free(&subjects);
	said_example_free(&e);
	return r || t->problems ? r : selftest_problem(t, NULL, NULL);
}

int ruleset_examples(const struct ruleset *rs, ruleset_example_fn *each, void *data)
{
	int r = 0;
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule *rule = rs->rules[i];
		for (size_t k = 0; !r && k < rule->nhits + rule->nmisses; k++) {
			bool hit = k < rule->nhits;
			const struct example *e = hit ? &rule->hits[k] : &rule->misses[k - rule->nhits];
			struct trial t = {.rs = rs,
					  .result = {.rule = rule, .example = e, .hit = hit},
					  .each = each,
					  .data = data};
			r = rule->events & RULE_FILE_EVENTS         ? selftest_run_file(&t) :
			    rule->events & 1u << GATE_EVENT_CONNECT ? selftest_run_connect(&t) :
			    rule->events & RULE_SAID_EVENTS         ? selftest_run_said(&t) :
								      selftest_run(&t);
		}
	}
	return r;
}

/* A ruleset_example_fn: report the problem at the place of the example. */
static int selftest_report(const struct example_result *x, void *data)
{
	const struct example *e = x->example;
	cleanup_strbuf struct strbuf line = {0}; /* as it appears in the pack */
	if (!x->what)
		return 0;
	strbuf_printf(&line, "%-*s%s", (int)e->col - 1, x->hit ? "hit:" : "miss:", e->text);
	struct source src = {
		.name = x->rule->file, .text = line.s ? line.s : "", .len = line.len, .skipped = e->line - 1};
	diag_at(data, DIAG_ERROR, &src, e->line, e->col, "this %s of %s %s%s%s", x->hit ? "hit" : "miss", x->rule->id,
		x->what, x->other ? " " : "", x->other ? x->other->id : "");
	return 0;
}

int ruleset_selftest(const struct ruleset *rs, struct diag *d)
{
	unsigned errors = d->errors;
	int r = ruleset_examples(rs, selftest_report, d);
	return r ? r : d->errors > errors ? -EINVAL : 0;
}
