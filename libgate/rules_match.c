/* rules_match.c - which rules concern a subject: an index by program name, then keywords, then patterns. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules_int.h"

/* A program name (or its part before '*') and the rules that have it, as places in rs->rules, ascending. */
struct bucket {
	const char *name; /* borrowed from a rule */
	size_t len;
	uint32_t *rules;
	size_t n;
};

struct index {
	struct bucket *names; /* open addressing; a power of two */
	size_t size;
	struct bucket *globs;
	size_t nglobs;
	struct bucket any; /* rules for any program */
};

static size_t hash(const char *s, size_t n)
{
	uint32_t h = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static struct bucket *bucket_of(const struct index *x, const char *name, size_t len)
{
	size_t i = hash(name, len) & (x->size - 1);
	while (x->names[i].name && (x->names[i].len != len || memcmp(x->names[i].name, name, len)))
		i = (i + 1) & (x->size - 1);
	return &x->names[i];
}

static struct bucket *glob_of(struct index *x, const char *name, size_t len)
{
	for (size_t i = 0; i < x->nglobs; i++)
		if (x->globs[i].len == len && !memcmp(x->globs[i].name, name, len))
			return &x->globs[i];
	return rules_append(&x->globs, &x->nglobs, sizeof *x->globs);
}

static int put(struct bucket *b, const char *name, size_t len, uint32_t rule)
{
	b->name = name;
	b->len = len;
	if (b->n && b->rules[b->n - 1] == rule) /* a rule that names its program twice */
		return 0;
	uint32_t *slot = rules_append(&b->rules, &b->n, sizeof *slot);
	if (!slot)
		return -ENOMEM;
	*slot = rule;
	return 0;
}

static int index_rule(struct index *x, const struct rule *r, uint32_t place)
{
	if (!r->programs)
		return put(&x->any, "", 0, place);
	for (char **name = r->programs; *name; name++) {
		size_t len = strlen(*name);
		bool glob = (*name)[len - 1] == '*';
		struct bucket *b = glob ? glob_of(x, *name, len - 1) : bucket_of(x, *name, len);
		if (!b || put(b, *name, len - glob, place))
			return -ENOMEM;
	}
	return 0;
}

int rules_index_build(struct ruleset *rs)
{
	struct index *x = calloc(1, sizeof *x);
	size_t names = 0;
	rules_index_free(rs->index);
	rs->index = x;
	for (size_t i = 0; i < rs->n; i++)
		for (char **name = rs->rules[i]->programs; name && *name; name++)
			names++;
	if (!x || rs->n > UINT32_MAX)
		return -ENOMEM;
	for (x->size = 8; x->size < names * 2;)
		x->size *= 2;
	if (!(x->names = calloc(x->size, sizeof *x->names)))
		return -ENOMEM;
	for (size_t i = 0; i < rs->n; i++)
		if (index_rule(x, rs->rules[i], (uint32_t)i))
			return -ENOMEM;
	return 0;
}

void rules_index_free(void *index)
{
	struct index *x = index;
	if (!x)
		return;
	for (size_t i = 0; x->names && i < x->size; i++)
		free(x->names[i].rules);
	for (size_t i = 0; i < x->nglobs; i++)
		free(x->globs[i].rules);
	free(x->any.rules);
	free(x->names);
	free(x->globs);
	free(x);
}

/* A subject made ready: what keywords and patterns are matched against. */
struct target {
	const struct subject *subject;
	const char *plain;
	size_t len;
	char *folded; /* the text in lower case */
};

static int target_init(struct target *t, const struct subject *s)
{
	t->subject = s;
	t->plain = s->plain ? s->plain : s->text;
	t->len = strlen(t->plain);
	if (!(t->folded = strdup(s->content ? t->plain : s->text)))
		return -ENOMEM;
	for (char *c = t->folded; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	return 0;
}

static const struct any_of *missing_keyword(const struct rule *r, const struct target *t)
{
	for (size_t i = 0; i < r->nkeywords; i++) {
		char **word = r->keywords[i].words;
		while (*word && !strstr(t->folded, *word))
			word++;
		if (!*word)
			return &r->keywords[i];
	}
	return NULL;
}

/* Of several patterns the first that hits counts; a limit counts when none hits. */
static int match_any(const struct pattern *v, size_t n, const struct target *t, struct matcher *m)
{
	int how = RULE_MISS;
	for (size_t i = 0; i < n && how != RULE_HIT; i++) {
		int r = pattern_match(&v[i], t->plain, t->len, m);
		if (r != RULE_MISS)
			how = r;
	}
	return how;
}

/* The rule against a subject of one of its programs. */
static int match_target(const struct rule *r, const struct target *t, struct matcher *m)
{
	if (!rule_is_about(r, t->subject))
		return RULE_MISS;
	if (t->subject->unknown)
		return r->content_unknown ? RULE_HIT : RULE_MISS;
	if (missing_keyword(r, t))
		return RULE_MISS;
	int how = r->nmatch ? match_any(r->match, r->nmatch, t, m) : RULE_HIT;
	/* An exception that ran into its limit is none. */
	if (how != RULE_MISS && match_any(r->unless, r->nunless, t, m) == RULE_HIT)
		return RULE_MISS;
	return how;
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
	struct target t = {0};
	if (!rule_has_program(r, s->program))
		return RULE_MISS;
	struct matcher *m = matcher_new();
	int how = !m || target_init(&t, s) ? RULE_LIMIT : match_target(r, &t, m);
	free(t.folded);
	matcher_free(m);
	return how;
}

const struct any_of *rule_missing_keyword(const struct rule *r, const struct subject *s)
{
	struct target t;
	if (target_init(&t, s))
		return NULL;
	const struct any_of *missing = missing_keyword(r, &t);
	free(t.folded);
	return missing;
}

int rule_pattern_span(const struct pattern *p, const struct subject *s, size_t *from, size_t *to)
{
	const char *plain = s->plain ? s->plain : s->text;
	struct matcher *m = matcher_new();
	int how = m ? pattern_match(p, plain, strlen(plain), m) : RULE_LIMIT;
	if (how == RULE_HIT)
		matcher_span(m, from, to);
	matcher_free(m);
	return how;
}

/* A rule that matched, and the first subject it did. */
struct found {
	uint32_t rule;
	int how;
	const struct subject *subject;
};

struct search {
	const struct ruleset *rs;
	unsigned event; /* its bit */
	struct matcher *m;
	unsigned char *seen; /* a bit a rule that matched already */
	struct found *found;
	size_t n;
};

static int search_bucket(struct search *s, const struct bucket *b, const struct target *t)
{
	for (size_t i = 0; i < b->n; i++) {
		uint32_t place = b->rules[i];
		const struct rule *r = s->rs->rules[place];
		if (!(r->events & s->event) || s->seen[place / 8] & 1u << place % 8)
			continue;
		int how = match_target(r, t, s->m);
		if (how == RULE_MISS)
			continue;
		s->seen[place / 8] |= (unsigned char)(1u << place % 8);
		struct found *f = rules_append(&s->found, &s->n, sizeof *f);
		if (!f)
			return -ENOMEM;
		*f = (struct found){place, how, t->subject};
	}
	return 0;
}

static int search_subject(struct search *s, const struct subject *subject)
{
	const struct index *x = s->rs->index;
	struct target t;
	if (target_init(&t, subject))
		return -ENOMEM;
	int r = search_bucket(s, bucket_of(x, subject->program, strlen(subject->program)), &t);
	for (size_t i = 0; !r && i < x->nglobs; i++)
		if (!strncmp(x->globs[i].name, subject->program, x->globs[i].len))
			r = search_bucket(s, &x->globs[i], &t);
	if (!r)
		r = search_bucket(s, &x->any, &t);
	free(t.folded);
	return r;
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

int ruleset_match(const struct ruleset *rs, enum gate_event_type type, const struct subjects *subjects,
		  int (*found)(const struct rule *r, const struct subject *s, int how, void *data), void *data)
{
	if (!rs->n)
		return 0;
	struct search s = {.rs = rs, .event = 1u << type, .m = matcher_new(), .seen = calloc(rs->n / 8 + 1, 1)};
	int r = s.m && s.seen && rs->index ? 0 : -ENOMEM;
	for (size_t i = 0; !r && i < subjects->n; i++)
		r = search_subject(&s, &subjects->v[i]);
	if (!r && s.n)
		qsort(s.found, s.n, sizeof *s.found, by_place);
	for (size_t i = 0; !r && i < s.n; i++)
		r = found(rs->rules[s.found[i].rule], s.found[i].subject, s.found[i].how, data);
	free(s.found);
	free(s.seen);
	matcher_free(s.m);
	return r;
}
