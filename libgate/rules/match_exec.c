/* SPDX-License-Identifier: BSD-2-Clause */
/* match_exec.c - finds the rules that match a subject: candidates from the index, then all keywords, then patterns. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "formats/bigrams.h"
#include "rules/index.h"

/* A command as a grammar reads it. */
struct meaning {
	bool is_read;                  /* ... the rest is there, once a rule asks for it */
	const struct grammar *grammar; /* NULL: none is about the program */
	struct canonical canonical;
	struct canonical_text texts[CANONICAL_TEXTS_MAX];
	size_t ntexts;
	unsigned variant; /* of the first text, for the matcher */
};

/* A subject prepared for matching by keywords and patterns. */
struct target {
	const struct subject *subject;
	const char *plain;
	size_t len;
	char *folded;            /* the text in lower case */
	struct gate_pairs pairs; /* of the folded text */
	struct effects effects;  /* of a statement, once a rule asks for them */
	bool has_effects;
	struct meaning meant, plain_reading; /* by the stanza that is about the program; as grammar_plain() reads it */
};

static int match_exec_target_init(struct target *t, const struct subject *s)
{
	t->subject = s;
	t->plain = s->plain ? s->plain : s->text;
	t->len = strlen(t->plain);
	if (!(t->folded = strdup(s->content ? t->plain : s->text)))
		return -ENOMEM;
	for (char *c = t->folded; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
		if (c > t->folded)
			gate_pairs_add(&t->pairs, (unsigned char)c[-1], (unsigned char)*c);
	}
	return 0;
}

static bool match_exec_has_keyword(const struct target *t, const char *word)
{
	return gate_pairs_may_have(&t->pairs, word) && strstr(t->folded, word);
}

static const struct any_of *match_exec_missing_keyword(const struct rule *r, const struct target *t)
{
	for (size_t i = 0; i < r->nkeywords; i++) {
		char **word = r->keywords[i].words;
		while (*word && !match_exec_has_keyword(t, *word))
			word++;
		if (!*word)
			return &r->keywords[i];
	}
	return NULL;
}

/* Match any of several patterns.  The first hit counts; a limit counts only if nothing hits. */
static int match_any(const struct pattern *v, size_t n, const struct target *t, struct matcher *m)
{
	int how = RULE_MISS;
	for (size_t i = 0; i < n && how != RULE_HIT; i++) {
		int r = pattern_match_once(&v[i], t->plain, t->len, 0, m);
		if (r != RULE_MISS)
			how = r;
	}
	return how;
}

static void match_exec_target_free(struct target *t)
{
	free(t->folded);
	effects_free(&t->effects);
	canonical_free(&t->meant.canonical);
	canonical_free(&t->plain_reading.canonical);
}

/* Match a rule on statement against what a program reads. */
static int match_exec_statement(const struct rule *r, struct target *t)
{
	int engine = effect_engine_of(t->subject->engine);
	if (engine < 0 || (r->said.engines && !(r->said.engines & 1u << engine)))
		return RULE_MISS;
	if (!t->has_effects)
		effects_of_statement((enum effect_engine)engine, t->plain, &t->effects);
	t->has_effects = true;
	return t->effects.err                                           ? RULE_LIMIT :
	       rule_matches_statement(r, t->subject, &t->effects, NULL) ? RULE_HIT :
									  RULE_MISS;
}

/* Read the command, at the first rule that needs it.  Returns 0 or -ENOMEM. */
static int match_exec_read(const struct grammar *g, const struct target *t, unsigned variant, struct meaning *out)
{
	if (out->is_read)
		return 0;
	out->is_read = true;
	out->grammar = g;
	out->variant = variant;
	int err = g ? canonical_make(g, t->plain, &out->canonical) : 0;
	out->ntexts = canonical_texts(&out->canonical, variant, t->plain, out->texts);
	return err;
}

/* The meaning by which the rule judges the command; *err: 0 or -ENOMEM.  NULL: by its spelling alone. */
static const struct meaning *match_exec_meaning(const struct rule *r, struct target *t, int *err)
{
	bool command = !t->subject->content;
	*err = match_exec_read(command ? grammars_find(r->commands, t->subject->program) : NULL, t, MATCHER_MEANT,
			       &t->meant);
	if (*err || !command)
		return NULL;
	if (t->meant.grammar && t->meant.grammar->trust <= (int)r->trust)
		return &t->meant;
	if (!r->programs || !r->nmatch)
		return NULL;
	*err = match_exec_read(grammar_plain(), t, MATCHER_PLAIN, &t->plain_reading);
	return &t->plain_reading;
}

/* Does an `unless` except the command?  One that ran into its limit does not.  By a stanza, the typed text alone never excepts. */
static bool match_exec_excepts(const struct rule *r, const struct target *t, const struct meaning *meaning,
			       struct matcher *m)
{
	if ((!meaning || meaning->grammar->plain) && match_any(r->unless, r->nunless, t, m) == RULE_HIT)
		return true;
	return meaning && canonical_excepts(r->unless, r->nunless, &meaning->canonical, meaning->variant, m);
}

/* Match the patterns of a rule: against the text as typed, and by its meaning. */
static int match_exec_patterns(const struct rule *r, struct target *t, struct matcher *m)
{
	int err, how = r->nmatch ? match_any(r->match, r->nmatch, t, m) : RULE_HIT;
	const struct meaning *meaning = match_exec_meaning(r, t, &err);
	if (err)
		return RULE_LIMIT;
	if (meaning && how != RULE_HIT) {
		int other = canonical_match(r->match, r->nmatch, meaning->texts, meaning->ntexts, m);
		how = other != RULE_MISS ? other : how;
	}
	return how != RULE_MISS && match_exec_excepts(r, t, meaning, m) ? RULE_MISS : how;
}

/* Match the rule against a subject of one of its programs. */
static int match_target(const struct rule *r, struct target *t, struct matcher *m)
{
	if (!rule_is_about(r, t->subject))
		return RULE_MISS;
	if (t->subject->unknown)
		return r->content_unknown ? RULE_HIT : RULE_MISS;
	if (r->events & 1u << GATE_EVENT_STATEMENT)
		return match_exec_statement(r, t);
	return match_exec_missing_keyword(r, t) ? RULE_MISS : match_exec_patterns(r, t, m);
}

bool rule_has_program(const struct rule *r, const char *program)
{
	if (!r->programs)
		return true;
	for (char **name = r->programs; *name; name++) {
		size_t n = strlen(*name) - 1;
		if ((*name)[n] == '*' ? !strncmp(*name, program, n) : !strcmp(*name, program))
			return true;
	}
	return false;
}

int rule_match(const struct rule *r, const struct subject *s)
{
	struct target t = {.subject = s, .plain = s->plain ? s->plain : s->text};
	if (!rule_has_program(r, s->program) || !rule_is_about(r, s))
		return RULE_MISS;
	if (r->events & 1u << GATE_EVENT_STATEMENT) { /* no pattern, and no keyword */
		int match = s->unknown ? RULE_MISS : match_exec_statement(r, &t);
		match_exec_target_free(&t);
		return match;
	}
	struct matcher *m = matcher_new();
	int how = !m || match_exec_target_init(&t, s) ? RULE_LIMIT : match_target(r, &t, m);
	match_exec_target_free(&t);
	matcher_free(m);
	return how;
}

const struct any_of *rule_missing_keyword(const struct rule *r, const struct subject *s)
{
	struct target t = {0};
	if (match_exec_target_init(&t, s))
		return NULL;
	const struct any_of *missing = match_exec_missing_keyword(r, &t);
	match_exec_target_free(&t);
	return missing;
}

int rule_pattern_span(const struct pattern *p, const struct subject *s, size_t *from, size_t *to)
{
	return rule_pattern_span_in(p, s->plain ? s->plain : s->text, from, to);
}

int rule_pattern_span_in(const struct pattern *p, const char *text, size_t *from, size_t *to)
{
	struct matcher *m = matcher_new();
	int how = m ? pattern_match(p, text, strlen(text), m) : RULE_LIMIT;
	if (how == RULE_HIT)
		matcher_span(m, from, to);
	matcher_free(m);
	return how;
}

/* A rule that matched, and the first subject that it matched. */
struct found {
	uint32_t rule;
	int how;
	const struct subject *subject;
};

struct search {
	const struct ruleset *rs;
	unsigned event; /* its bit */
	struct matcher *m;
	size_t bytes;           /* of the two sets, which have a bit per rule: ... */
	unsigned char *matched; /* ... rules that already matched */
	unsigned char *tried;   /* ... rules already tried on the current subject */
	struct found *found;
	size_t n;
};

static int match_exec_search_places(struct search *s, const struct workspaces *p, struct target *t)
{
	for (size_t i = 0; i < p->n; i++) {
		uint32_t place = p->v[i];
		const struct rule *r = s->rs->rules[place];
		unsigned char bit = (unsigned char)(1u << place % 8);
		if ((s->matched[place / 8] | s->tried[place / 8]) & bit ||
		    !(r->events & s->event || (s->event == 1u << GATE_EVENT_EXEC && rule_is_on_exec(r))))
			continue;
		s->tried[place / 8] |= bit;
		int how = match_target(r, t, s->m);
		if (how == RULE_MISS)
			continue;
		s->matched[place / 8] |= bit;
		struct found *f = rules_append(&s->found, &s->n, sizeof *f);
		if (!f)
			return -ENOMEM;
		*f = (struct found){place, how, t->subject};
	}
	return 0;
}

/* Unknown content can't lack a keyword. */
static int match_exec_search_bucket(struct search *s, const struct bucket *b, struct target *t)
{
	int r = match_exec_search_places(s, &b->unkeyed, t);
	for (size_t i = 0; !r && i < b->nkeys; i++)
		if (t->subject->unknown || match_exec_has_keyword(t, b->keys[i].word))
			r = match_exec_search_places(s, &b->keys[i].rules, t);
	return r;
}

static int match_exec_search_subject(struct search *s, const struct subject *subject)
{
	struct target t = {0};
	size_t i = 0;
	int r = match_exec_target_init(&t, subject);
	memset(s->tried, 0, s->bytes);
	matcher_next_text(s->m);
	for (const struct bucket *b; !r && (b = rules_bucket(s->rs->index, subject->program, &i));)
		r = match_exec_search_bucket(s, b, &t);
	match_exec_target_free(&t);
	return r;
}

static int match_exec_by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

int ruleset_match(const struct ruleset *rs, enum gate_event_type type, const struct subjects *subjects,
		  int (*found)(const struct rule *r, const struct subject *s, int how, void *data), void *data)
{
	if (!rs->n)
		return 0;
	struct search s = {.rs = rs, .event = 1u << type, .m = matcher_new(), .bytes = rs->n / 8 + 1};
	s.matched = calloc(2, s.bytes);
	s.tried = s.matched ? s.matched + s.bytes : NULL;
	int r = s.m && s.matched && rs->index ? 0 : -ENOMEM;
	for (size_t i = 0; !r && i < subjects->n; i++)
		r = match_exec_search_subject(&s, &subjects->v[i]);
	if (!r && s.n)
		qsort(s.found, s.n, sizeof *s.found, match_exec_by_place);
	for (size_t i = 0; !r && i < s.n; i++)
		r = found(rs->rules[s.found[i].rule], s.found[i].subject, s.found[i].how, data);
	free(s.found);
	free(s.matched);
	matcher_free(s.m);
	return r;
}
