/* SPDX-License-Identifier: BSD-2-Clause */
/* match_said.c - matches rules on statement and request, by effects and by where something is said. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "address/destination.h"
#include "base/name.h"
#include "base/strbuf.h"
#include "effects/cloud_operations.h"
#include "formats/image.h"
#include "rules/rules_internal.h"

/* Does a list of globs choose the name?  A word after '!' must not match; if there are others, one must.  A glob without
 * a dot also matches the last part of a name with dots. */
static bool match_said_chosen(char *const *globs, const char *name)
{
	bool any = !globs, positive = false;
	const char *dot = strrchr(name, '.');
	for (; globs && *globs; globs++) {
		bool negated = **globs == '!';
		const char *glob = *globs + negated;
		bool is = !fnmatch(glob, name, FNM_CASEFOLD) ||
			  (dot && !strchr(glob, '.') && !fnmatch(glob, dot + 1, FNM_CASEFOLD));
		if (is && negated)
			return false;
		any |= is;
		positive |= !negated;
	}
	return any || !positive;
}

static bool match_said_has_word(char *const *words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

/* The terms about one effect: the first that it does not meet, or NULL. */
static const char *match_said_effect(const struct said_terms *s, const struct effect *e)
{
	if (s->effects && !(s->effects & 1u << e->kind))
		return "effect";
	if (s->kinds && !match_said_has_word(s->kinds, e->of))
		return "kind";
	if (!match_said_chosen(s->objects, e->object))
		return "object";
	unsigned is = 1u << e->condition; /* a queried condition is some condition, too */
	is |= e->condition == EFFECT_QUERIED_ROWS ? 1u << EFFECT_SOME_ROWS : 0;
	return s->conditions && !(s->conditions & is) ? "condition" : NULL;
}

/* The terms about effects: one effect must meet all.  Returns what the nearest lacks. */
static const char *match_said_effects(const struct said_terms *s, const struct effects *e)
{
	const char *missing = "effect";
	bool about = s->effects || s->kinds || s->objects || s->conditions;
	for (size_t i = 0; about && i < e->n; i++) {
		const char *lacks = match_said_effect(s, &e->v[i]);
		if (!lacks)
			return NULL;
		if (strcmp(lacks, "effect"))
			missing = lacks;
	}
	return about ? missing : NULL;
}

/* The terms about the place, as those of a connect rule. */
static const char *match_said_place(const struct rule *r, const struct said_facts *f)
{
	const struct destination *d = f ? f->where : NULL;
	if (!r->hosts && !r->nnets && !r->nports)
		return NULL;
	return d && rule_matches_destination(r, d) ? NULL : "host";
}

static bool match_said_rows(const struct said_terms *s, const struct said_facts *f)
{
	if (!s->has_rows)
		return true;
	if (!f || !(f->flags & GATE_TEXT_ROWS))
		return s->rows_unknown;
	return f->rows > s->rows || (s->rows_unknown && f->flags & GATE_TEXT_ESTIMATE);
}

/* No rule asks about a thing that the session created itself; a rule that denies still does. */
static bool match_said_is_own(const struct rule *r, const struct said_facts *f)
{
	return f && f->flags & GATE_TEXT_OWN && r->action != GATE_ACTION_DENY;
}

const char *rule_said_missing(const struct rule *r, const struct subject *s, const struct effects *e,
			      const struct said_facts *f)
{
	int engine = effect_engine_of(s->engine);
	const char *program = f ? f->program : s->program, *missing;
	if (s->content != SUBJECT_SQL || engine < 0 || (r->said.engines && !(r->said.engines & 1u << engine)))
		return "engine";
	if (r->programs && (!program || !rule_has_program(r, program)))
		return "program";
	missing = match_said_effects(&r->said, e);
	if (missing)
		return missing;
	if (r->said.databases && (!f || !f->database || !match_said_chosen(r->said.databases, f->database)))
		return "database";
	missing = match_said_place(r, f);
	if (missing)
		return missing;
	return !match_said_rows(&r->said, f) ? "rows" : match_said_is_own(r, f) ? "own" : NULL;
}

bool rule_matches_statement(const struct rule *r, const struct subject *s, const struct effects *e,
			    const struct said_facts *f)
{
	return r->events & 1u << GATE_EVENT_STATEMENT && !rule_said_missing(r, s, e, f);
}

/* Copy the word at `from` of a line that ends at `end`; "" if it is too long.  Returns where the next one begins. */
static const char *match_said_word(const char *from, const char *end, char *word, size_t size)
{
	size_t n = strcspn(from, " \n");
	memcpy(word, from, n < size ? n : 0);
	word[n < size ? n : 0] = '\0';
	return from + n < end ? from + n + 1 : end;
}

/* Do the globs choose one of the operations: lines "NAME" or "NAME OBJECT REST"? */
static bool match_said_operation(const struct said_terms *s, const char *lines)
{
	for (const char *end; *lines; lines = end + 1) {
		char name[256], object[1024];
		end = strchr(lines, '\n');
		const char *rest = match_said_word(lines, end, name, sizeof name);
		match_said_word(rest, end, object, sizeof object);
		if (match_said_chosen(s->operations, name) &&
		    (!s->objects || (*object && match_said_chosen(s->objects, object))))
			return true;
	}
	return false;
}

/* Does the path match, without the query? */
static bool match_said_path(char *const *globs, const char *target)
{
	cleanup_strbuf struct strbuf path = {0};
	strbuf_put(&path, target, strcspn(target, "?#"));
	for (; globs && *globs && path.s; globs++)
		if (gate_glob(*globs, path.s, NULL))
			return true;
	return false;
}

static bool match_said_body(const struct said_terms *s, const struct said_facts *f)
{
	for (size_t i = 0; i < s->nbodies; i++) {
		char **word = s->bodies[i].words;
		while (*word && !effects_body_has(f->body, f->len, *word))
			word++;
		if (!*word)
			return false;
	}
	return true;
}

/* Does one of the patterns match the subject?  A limit counts as a match, as with commands. */
static bool match_said_pattern(const struct pattern *v, size_t n, const struct subject *s)
{
	size_t from, to;
	for (size_t i = 0; i < n; i++)
		if (rule_pattern_span(&v[i], s, &from, &to) != RULE_MISS)
			return true;
	return false;
}

/* Operations of AWS and Kubernetes ("s3:DeleteBucket") are told by the head and the body's beginning, those of GraphQL by all of it. */
static bool match_said_is_told_early(char *const *globs)
{
	while (*globs && strchr(*globs, ':'))
		globs++;
	return !*globs;
}

/* A body of which only the beginning is known can't lack what a rule looks for in it. */
static const char *match_said_content(const struct rule *r, const struct subject *subject, const struct said_facts *f)
{
	bool part = f->flags & GATE_TEXT_PART;
	if (r->nmatch && !match_said_pattern(r->match, r->nmatch, subject))
		return "match";
	if (match_said_pattern(r->unless, r->nunless, subject))
		return "unless";
	bool told =
		f->flags & GATE_TEXT_OPERATIONS || (r->said.operations && match_said_is_told_early(r->said.operations));
	if ((!part || told) && (r->said.operations || r->said.objects) &&
	    !match_said_operation(&r->said, f->operations))
		return r->said.operations ? "operation" : "object";
	return !part && !match_said_body(&r->said, f) ? "body" : NULL;
}

const char *rule_request_missing(const struct rule *r, const struct subject *subject, const struct said_facts *f)
{
	const struct said_terms *s = &r->said;
	if (r->programs && (!f->program || !rule_has_program(r, f->program)))
		return "program";
	if (s->methods && (!f->method || !match_said_has_word(s->methods, f->method)))
		return "method";
	if (r->paths && (!f->target || !match_said_path(r->paths, f->target)))
		return "path";
	const char *missing = match_said_place(r, f);
	if (!missing)
		missing = match_said_content(r, subject, f);
	return missing ? missing : match_said_is_own(r, f) ? "own" : NULL;
}

/* The effects of each subject, in an array that the caller frees with match_said_free(). */
static struct effects *match_said_read(const struct subjects *subjects)
{
	struct effects *v = calloc(subjects->n + 1, sizeof *v);
	for (size_t i = 0; v && i < subjects->n; i++) {
		const struct subject *s = &subjects->v[i];
		int engine = effect_engine_of(s->engine);
		if (s->unknown)
			effects_add_unknown(&v[i]);
		else if (engine >= 0)
			effects_of_statement((enum effect_engine)engine, s->plain ? s->plain : s->text, &v[i]);
	}
	return v;
}

static void match_said_free(struct effects *v, size_t n)
{
	for (size_t i = 0; v && i < n; i++)
		effects_free(&v[i]);
	free(v);
}

/* The facts about an event, with all that they point to.  Zero-initialize; call match_said_forget() in all cases. */
struct known {
	struct destination where;
	struct strbuf operations;
	struct said_facts facts;
	struct effects *effects; /* of each subject */
};

/* The operations that the caller has read from the request. */
static void match_said_put_read(const struct gate_event *ev, struct strbuf *out)
{
	for (size_t i = 0; ev->text && i < ev->text_len; i++)
		strbuf_putc(out, ev->text[i] ? ev->text[i] : ' ');
	strbuf_putc(out, '\n');
}

/* The operations of a request: a GraphQL body's, and what an API of AWS or Kubernetes is told by host, method and path. */
static void match_said_put_operations(const struct gate_event *ev, const struct destination *where, struct strbuf *out)
{
	struct cloud_call call = {.method = ev->method, .target = ev->target, .body = ev->text, .len = ev->text_len};
	if (ev->text_flags & GATE_TEXT_OPERATIONS) {
		match_said_put_read(ev, out);
		return;
	}
	effects_graphql_operations(ev->text, ev->text ? ev->text_len : 0, out);
	for (size_t i = 0; where && i < where->n; i++) {
		call.host = where->names[i];
		cloud_operation(&call, out);
	}
	if (!where || !where->n)
		cloud_operation(&call, out);
}

static int match_said_know(struct known *k, const struct gate_event *ev, const struct subjects *subjects)
{
	int err = destination_of(ev, &k->where);
	size_t len = ev->text ? ev->text_len : 0;
	if (ev->type == GATE_EVENT_REQUEST)
		match_said_put_operations(ev, err ? NULL : &k->where, &k->operations);
	k->facts = (struct said_facts){
		.type = ev->type,
		.program = ev->exe ? name_program(ev->exe) : NULL,
		.where = err ? NULL : &k->where,
		.database = ev->database,
		.rows = ev->rows,
		.flags = ev->text_flags,
		.method = ev->method,
		.target = ev->target,
		.operations = k->operations.s ? k->operations.s : "",
		.body = ev->text,
		.len = len,
	};
	k->effects = match_said_read(subjects);
	err = err == -ENOMEM ? err : k->operations.err ? k->operations.err : k->effects ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < subjects->n; i++)
		err = k->effects[i].err;
	return err;
}

static void match_said_forget(struct known *k, size_t n)
{
	match_said_free(k->effects, n);
	strbuf_free(&k->operations);
	destination_free(&k->where);
}

static const char *match_said_missing(const struct rule *r, const struct subjects *subjects, size_t i,
				      const struct known *k)
{
	return k->facts.type == GATE_EVENT_REQUEST ? rule_request_missing(r, &subjects->v[i], &k->facts) :
						     rule_said_missing(r, &subjects->v[i], &k->effects[i], &k->facts);
}

/* Each rule is reported once, with the first subject that it matches. */
int ruleset_match_said(const struct ruleset *rs, const struct gate_event *ev, const struct subjects *subjects,
		       said_found_fn *found, void *data)
{
	struct known k = {0};
	int ret = match_said_know(&k, ev, subjects);
	for (size_t i = 0; !ret && i < rs->n; i++) {
		const struct rule *r = rs->rules[i];
		size_t at = 0;
		if (!(r->events & 1u << ev->type))
			continue;
		while (at < subjects->n && match_said_missing(r, subjects, at, &k))
			at++;
		if (at < subjects->n)
			ret = found(r, &subjects->v[at], RULE_HIT, data);
	}
	match_said_forget(&k, subjects->n);
	return ret;
}

int ruleset_explain_said(const struct ruleset *rs, const struct gate_event *ev, const struct subjects *subjects,
			 said_explain_fn *each, void *data)
{
	struct known k = {0};
	int ret = match_said_know(&k, ev, subjects);
	for (size_t at = 0; !ret && at < subjects->n; at++) {
		ret = each(&subjects->v[at], &k.effects[at], NULL, NULL, data);
		for (size_t i = 0; !ret && i < rs->n; i++)
			if (rs->rules[i]->events & 1u << ev->type)
				ret = each(&subjects->v[at], &k.effects[at], rs->rules[i],
					   match_said_missing(rs->rules[i], subjects, at, &k), data);
	}
	match_said_forget(&k, subjects->n);
	return ret;
}
