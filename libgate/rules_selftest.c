/* rules_selftest.c - every rule's own hits and misses, run against the whole pack it stands in. */
#include <errno.h>
#include <string.h>

#include "rules_int.h"
#include "strbuf.h"

/* One example being run. */
struct trial {
	const struct ruleset *rs;
	const struct rule *owner;
	const struct example *example;
	bool hit;  /* what it is to be */
	bool met;  /* the owner matched */
	struct diag *d;
};

static void report(const struct trial *t, const char *what, const char *rule)
{
	const struct example *e = t->example;
	const char *field = t->hit ? "hit:" : "miss:";
	cleanup_strbuf struct strbuf line = {0}; /* as it stands in the pack */
	strbuf_printf(&line, "%-*s%s", (int)e->col - 1, field, e->text);
	struct source src = {
		.name = t->owner->file, .text = line.s ? line.s : "", .len = line.len, .skipped = e->line - 1};
	diag_at(t->d, DIAG_ERROR, &src, e->line, e->col, "this %s of %s %s%s", t->hit ? "hit" : "miss", t->owner->id,
		what, rule);
}

static int found(const struct rule *r, const struct subject *s, int how, void *data)
{
	struct trial *t = data;
	if (strcmp(r->file, t->owner->file))
		return 0;
	if (r == t->owner)
		t->met = true;
	if (how == RULE_LIMIT)
		report(t, "ran into the match limit of ", r->id);
	else if (!t->hit)
		report(t, "is matched by ", r->id);
	return 0;
}

/* Why a hit did not match: the first condition none of its commands meets. */
static const char *why(const struct rule *r, const struct subjects *subjects)
{
	struct rule only = {.programs = r->programs, .content = r->content};
	static const char *const condition[] = {"runs none of the programs of ", "has no keyword of ",
						"is matched by no pattern of "};
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
	return "is excepted by an unless of ";
}

static int run(struct trial *t)
{
	struct subjects subjects = {0};
	struct gate_event event = {.type = GATE_EV_EXEC, .shell_text = t->example->text};
	int r = ruleset_subjects(t->rs, &event, &subjects);
	if (r == -E2BIG)
		report(t, "has too many commands", "");
	else if (!r && !subjects.n)
		report(t, "has no command", "");
	else if (!r)
		r = ruleset_match(t->rs, GATE_EV_EXEC, &subjects, found, t);
	if (!r && subjects.n && t->hit && !t->met)
		report(t, why(t->owner, &subjects), t->owner->id);
	subjects_free(&subjects);
	return r == -E2BIG ? 0 : r;
}

/* --- file rules: "[PROGRAM: ]PATH", a relative path being in the workspace ---------------------------------------------- */

#define EXAMPLE_WORKSPACE "/workspace/"
#define EXAMPLE_HOME "/home/user"

static int found_file(const struct rule *r, void *data)
{
	const struct trial *t = data;
	/* One rule allows what another asks about: a miss is the owner's only. */
	return t->hit || r == t->owner ? found(r, NULL, RULE_HIT, data) : 0;
}

/* Where the example's path would be. */
static void put_path(struct strbuf *b, const char *path)
{
	if (*path == '~' && (!path[1] || path[1] == '/'))
		strbuf_printf(b, EXAMPLE_HOME "%s", path + 1);
	else
		strbuf_printf(b, "%s%s", *path == '/' ? "" : EXAMPLE_WORKSPACE, path);
}

static int run_file(struct trial *t)
{
	cleanup_strbuf struct strbuf path = {0}, program = {0};
	const char *text = t->example->text, *colon = strstr(text, ": ");
	if (colon)
		strbuf_put(&program, text, (size_t)(colon - text));
	put_path(&path, colon ? colon + 2 : text);
	if (path.err || program.err)
		return -ENOMEM;
	struct file_subject f = {
		.program = program.s,
		.path = path.s,
		.home = EXAMPLE_HOME,
		.outside = strncmp(path.s, EXAMPLE_WORKSPACE, strlen(EXAMPLE_WORKSPACE)),
	};
	for (f.event = GATE_EV_UNLINK; f.event <= GATE_EV_TRUNCATE; f.event++) {
		if (!(t->owner->events & 1u << f.event))
			continue;
		t->met = false;
		ruleset_match_file(t->rs, &f, found_file, t);
		if (t->hit && !t->met) {
			report(t, "has no path, program or scope of ", t->owner->id);
			break;
		}
	}
	return 0;
}

int ruleset_selftest(const struct ruleset *rs, struct diag *d)
{
	unsigned errors = d->errors;
	int r = 0;
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule *rule = rs->rules[i];
		struct trial t = {.rs = rs, .owner = rule, .d = d};
		for (size_t k = 0; !r && k < rule->nhits + rule->nmisses; k++) {
			t.hit = k < rule->nhits;
			t.example = t.hit ? &rule->hits[k] : &rule->misses[k - rule->nhits];
			t.met = false;
			r = rule->events & RULE_FILE_EVENTS ? run_file(&t) : run(&t);
		}
	}
	return r ? r : d->errors > errors ? -EINVAL : 0;
}
