/* SPDX-License-Identifier: BSD-2-Clause */
/* said_fields.c - the fields of rules on statement and request: setters, and the values as text. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/rules_internal.h"
#include "subject/wrappers/wrapper_content.h"

#define ERROR(p, v, at, ...) PACK_ERROR(p, (v).line, (v).col + (unsigned)(at), __VA_ARGS__)
#define MEMBER(r, f, type) ((type *)(void *)((char *)(r) + (f)->offset))

/* Set a bit for each word of the value. */
static int said_fields_bits(struct pack *p, const struct field *f, struct value v, const char *const *words)
{
	struct value word;
	while (value_word(&v, &word)) {
		int i = rules_choice(p, word, f->name, words);
		if (i >= 0)
			*MEMBER(p->rule, f, unsigned) |= 1u << i;
	}
	return 0;
}

int rules_set_effect(struct pack *p, const struct field *f, struct value v)
{
	return said_fields_bits(p, f, v, effect_kind_names);
}

int rules_set_condition(struct pack *p, const struct field *f, struct value v)
{
	return said_fields_bits(p, f, v, effect_condition_names);
}

int rules_set_engine(struct pack *p, const struct field *f, struct value v)
{
	return said_fields_bits(p, f, v, effect_engine_names);
}

int rules_set_kind(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word))
		if (rules_choice(p, word, "kind of object", effect_object_kinds) >= 0)
			r = rules_append_word(&p->rule->said.kinds, word, false);
	return r;
}

int rules_set_names(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		if (word.n == 1 && *word.s == '!')
			ERROR(p, word, 1, "a name or a glob is missing behind '!'");
		else
			r = rules_append_word(MEMBER(p->rule, f, char **), word, false);
	}
	return r;
}

int rules_set_method(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		size_t n = 0;
		while (n < word.n && ((word.s[n] >= 'A' && word.s[n] <= 'Z') || word.s[n] == '-'))
			n++;
		if (n < word.n)
			ERROR(p, word, n, "a method is in A-Z, as in a request: DELETE");
		else
			r = rules_append_word(&p->rule->said.methods, word, false);
	}
	return r;
}

/* rows: > N [or unknown] */
int rules_set_rows(struct pack *p, const struct field *f, struct value v)
{
	struct said_terms *s = &p->rule->said;
	struct value word, number, or, unknown, more;
	char *end, text[24] = "";
	bool greater = value_word(&v, &word) && word.n == 1 && *word.s == '>' && value_word(&v, &number);
	if (greater && number.n < sizeof text)
		memcpy(text, number.s, number.n);
	errno = 0;
	s->rows = strtoull(text, &end, 10);
	if (!greater || *text < '0' || *text > '9' || *end || errno) {
		ERROR(p, greater ? number : word, 0,
		      "write how many rows are too many: `> 1000`, or `> 1000 or unknown`");
		return 0;
	}
	s->has_rows = true;
	if (!value_word(&v, & or))
		return 0;
	s->rows_unknown = or.n == 2 && !memcmp(or.s, "or", 2) && value_word(&v, &unknown) && unknown.n == 7 &&
				    !memcmp(unknown.s, "unknown", 7) && !value_word(&v, &more);
	if (!s->rows_unknown)
		ERROR(p, or, 0, "only `or unknown` can follow the number");
	return 0;
}

/* The clients whose input the rule can judge: those of its engines and programs.  None if it needs to know more than a
 * client's input says. */
static int said_fields_add_clients(struct rule *r)
{
	const struct said_terms *s = &r->said;
	const char *name;
	enum effect_engine engine;
	int err = 0;
	if (r->hosts || r->nnets || r->nports || s->databases || (s->has_rows && !s->rows_unknown))
		return 0;
	for (size_t i = 0; !err && (name = content_client(i, &engine)); i++) {
		bool named = rule_has_program(r, name) && (!s->engines || s->engines & 1u << engine);
		struct value word = {.s = name, .n = strlen(name)};
		err = named ? rules_append_word(&r->said.clients, word, false) : 0;
	}
	return err;
}

/* A body is JSON more often than not, so its words may have quotes. */
int rules_set_body(struct pack *p, const struct field *f, struct value v)
{
	struct said_terms *s = &p->rule->said;
	struct value word;
	struct any_of *line = rules_append(&s->bodies, &s->nbodies, sizeof *line);
	int r = line ? 0 : -ENOMEM;
	while (!r && value_word(&v, &word))
		r = rules_append_word(&line->words, word, true);
	return r;
}

int rules_close_said(struct pack *p, struct rule *r)
{
	const struct said_terms *s = &r->said;
	unsigned rows = 1u << EFFECT_DELETE | 1u << EFFECT_UPDATE;
	if (!(r->events & 1u << GATE_EVENT_STATEMENT))
		return 0;
	if (s->conditions && s->effects && !(s->effects & rows))
		PACK_ERROR(p, r->line, 1, "rule %s: only delete and update have a condition", r->id);
	r->content = SUBJECT_SQL;
	return said_fields_add_clients(r);
}

static void said_fields_tell_bits(const char *field, unsigned bits, const char *const *words,
				  void (*each)(const char *field, const char *value, void *data), void *data)
{
	cleanup_strbuf struct strbuf b = {0};
	for (unsigned i = 0; words[i]; i++)
		if (bits & 1u << i)
			strbuf_printf(&b, "%s%s", b.len ? " " : "", words[i]);
	if (b.len)
		each(field, b.s, data);
}

static void said_fields_tell_words(const char *field, char *const *words,
				   void (*each)(const char *field, const char *value, void *data), void *data)
{
	cleanup_strbuf struct strbuf b = {0};
	for (; words && *words; words++)
		strbuf_printf(&b, "%s%s", b.len ? " " : "", *words);
	if (b.len)
		each(field, b.s, data);
}

void rule_said_terms(const struct rule *r, void (*each)(const char *field, const char *value, void *data), void *data)
{
	const struct said_terms *s = &r->said;
	char rows[64];
	said_fields_tell_bits("engine", s->engines, effect_engine_names, each, data);
	said_fields_tell_bits("effect", s->effects, effect_kind_names, each, data);
	said_fields_tell_words("kind", s->kinds, each, data);
	said_fields_tell_words("object", s->objects, each, data);
	said_fields_tell_bits("condition", s->conditions, effect_condition_names, each, data);
	snprintf(rows, sizeof rows, "> %" PRIu64 "%s", s->rows, s->rows_unknown ? " or unknown" : "");
	if (s->has_rows)
		each("rows", rows, data);
	said_fields_tell_words("database", s->databases, each, data);
	said_fields_tell_words("method", s->methods, each, data);
	said_fields_tell_words("operation", s->operations, each, data);
	for (size_t i = 0; i < s->nbodies; i++)
		said_fields_tell_words("body", s->bodies[i].words, each, data);
}
