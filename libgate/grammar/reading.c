/* SPDX-License-Identifier: BSD-2-Clause */
/* reading.c - reads the words of a command: which are verbs, which options with their values, which operands. */
#include "grammar/reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where the reader is. */
struct reader {
	const struct grammar *g;
	const char *const *words;
	size_t n, at; /* the next word */
	bool takes_value;
	const char *path[GRAMMAR_VERB_WORDS]; /* the verb so far, spelled out */
	size_t npath;
	bool verb_is_whole;
	const struct grammar_verb
		*scopes[GRAMMAR_VERB_WORDS + 1]; /* verbs whose options apply, the global ones first */
	size_t nscopes;
	size_t operands;
	bool ended; /* no word is an option any more */
	struct reading *out;
};

static int reading_add(struct reader *r, const struct piece *p)
{
	struct reading *out = r->out;
	if (!(out->n & (out->n - 1))) { /* full at every power of two */
		struct piece *grown = realloc(out->v, (out->n ? out->n * 2 : 1) * sizeof *grown);
		if (!grown)
			return -ENOMEM;
		out->v = grown;
	}
	out->v[out->n++] = *p;
	return 0;
}

/* --- verbs ---------------------------------------------------------------------------------------------------------- */

/* Does the verb begin with the words of the path so far? */
static bool reading_is_below_path(const struct reader *r, const struct grammar_verb *v)
{
	size_t i = 0;
	while (i < r->npath && i < v->nwords && !strcmp(v->words[i][0], r->path[i]))
		i++;
	return i == r->npath;
}

/* Return how the grammar spells the next word of the verb, or NULL if it names none like it. */
static const char *reading_next_verb(const struct reader *r, const char *word)
{
	const char *as = NULL;
	for (size_t i = 1; i < r->g->nverbs; i++) {
		const struct grammar_verb *v = &r->g->verbs[i];
		if (v->nwords <= r->npath || !reading_is_below_path(r, v))
			continue;
		int fits = grammar_verb_fits(v, r->npath, word);
		if (fits == 2)
			return v->words[r->npath][0];
		if (fits && !as && r->g->short_verbs)
			as = v->words[r->npath][0];
	}
	return as;
}

/* From now on the options of the verb that is exactly the path apply, too. */
static void reading_enter_verb(struct reader *r)
{
	for (size_t i = 1; i < r->g->nverbs; i++)
		if (r->g->verbs[i].nwords == r->npath && reading_is_below_path(r, &r->g->verbs[i]))
			r->scopes[r->nscopes++] = &r->g->verbs[i];
}

/* A word that is no option: the next word of the verb, or an operand. */
static int reading_take_plain(struct reader *r, const char *word)
{
	const struct grammar_verb *last = r->scopes[r->nscopes - 1];
	struct piece p = {.kind = PIECE_OPERAND, .typed = word, .ntyped = strlen(word), .data = r->ended};
	bool can_go_on = !r->verb_is_whole && !r->ended && r->npath < GRAMMAR_VERB_WORDS;
	const char *as = can_go_on ? reading_next_verb(r, word) : NULL;
	if (can_go_on && !as && r->npath < r->g->depth)
		as = word;
	if (as) {
		p.kind = PIECE_VERB;
		p.name = as;
		r->path[r->npath++] = as;
		reading_enter_verb(r);
		return reading_add(r, &p);
	}
	r->verb_is_whole = true;
	r->operands++;
	r->ended |= last->has_rest && r->operands >= last->rest_after;
	return reading_add(r, &p);
}

/* --- options -------------------------------------------------------------------------------------------------------- */

/* Does the scope apply at this place? */
static bool reading_applies(const struct reader *r, size_t scope)
{
	return scope || !r->g->globals_first || !r->npath;
}

/* Return the option of that name that applies here, or NULL. */
static const struct grammar_option *reading_option(const struct reader *r, const char *name, size_t n)
{
	for (size_t i = r->nscopes; i-- > 0;) {
		const struct grammar_option *o =
			reading_applies(r, i) ? grammar_option_of(r->scopes[i], name, n) : NULL;
		if (!o && n > 3 && name[1] == '-' && reading_applies(r, i)) /* a tool with -long also takes --long */
			o = grammar_option_of(r->scopes[i], name + 1, n - 1);
		if (o)
			return o;
	}
	return NULL;
}

/* Return the option with a long name that begins so, or NULL.  Of several, that is the one whose name all the others extend
 * (--forc: --force, not --force-with-lease).  A tool that knows them all refuses the word, but an older version without the
 * longer ones takes it. */
static const struct grammar_option *reading_abbreviated(const struct reader *r, const char *name, size_t n)
{
	const struct grammar_option *found = NULL;
	const char *shortest = NULL;
	for (size_t at = 0; at < 2 * r->nscopes; at++) { /* first the shortest name, then the others */
		size_t scope = r->nscopes - 1 - at % r->nscopes;
		for (size_t k = 0; reading_applies(r, scope) && k < r->scopes[scope]->noptions; k++) {
			const struct grammar_option *o = &r->scopes[scope]->options[k];
			for (char **own = o->names; *own; own++) {
				if (strncmp(*own, name, n))
					continue;
				if (at >= r->nscopes && strcmp(found->name, o->name) &&
				    strncmp(*own, shortest, strlen(shortest)))
					return NULL;
				if (at < r->nscopes && (!found || strlen(*own) < strlen(shortest))) {
					found = o;
					shortest = *own;
				}
			}
		}
	}
	return found;
}

/* Find a long option: exactly, as --no-NAME, or by a prefix.  *off: it is taken back. */
static const struct grammar_option *reading_long(const struct reader *r, const char *name, size_t n, bool *off)
{
	const struct grammar_option *o = reading_option(r, name, n);
	char positive[128];
	bool abbreviates = r->g->short_options && n > 2;
	*off = false;
	if (o)
		return o;
	if (n > 5 && n < sizeof positive && !strncmp(name, "--no-", 5)) {
		memcpy(positive, "--", 2);
		memcpy(positive + 2, name + 5, n - 5);
		o = reading_option(r, positive, n - 3);
		if (!o && abbreviates)
			o = reading_abbreviated(r, positive, n - 3);
		*off = o && o->marks & GRAMMAR_MARK_NEGATABLE;
		if (*off)
			return o;
	}
	return abbreviates && !strncmp(name, "--", 2) ? reading_abbreviated(r, name, n) : NULL;
}

/* Does the value take the option back? */
static bool reading_is_off(const char *value)
{
	static const char *const words[] = {"false", "False", "FALSE", "no", "off", "none", "0", NULL};
	size_t i = 0;
	while (words[i] && strcmp(words[i], value))
		i++;
	return words[i];
}

/* Give a piece the value that is attached to it, or the next word. */
static void reading_give_value(struct reader *r, struct piece *p, const char *attached)
{
	unsigned marks = p->option->marks;
	if (attached)
		p->value = attached;
	else if (marks & GRAMMAR_MARK_VALUE && r->at < r->n)
		p->value = r->words[r->at++];
	if (marks & GRAMMAR_MARK_NEGATABLE && p->value && reading_is_off(p->value))
		p->off = true;
	if (attached && !(marks & (GRAMMAR_MARK_VALUE | GRAMMAR_MARK_OPTIONAL)) && !strcasecmp(attached, "true"))
		p->value = NULL;
}

/* An option that the grammar does not name. */
static int reading_take_unknown(struct reader *r, const char *word)
{
	struct piece p = {.kind = PIECE_OPTION, .typed = word, .ntyped = strcspn(word, "=")};
	bool attached = word[p.ntyped], number = word[1] >= '0' && word[1] <= '9';
	p.value = attached ? word + p.ntyped + 1 : NULL;
	bool could = !attached && !number && r->at < r->n && *r->words[r->at] != '-';
	r->out->guessed |= could;
	if (could && r->takes_value) {
		p.value = r->words[r->at++];
		p.apart = r->g->plain;
	}
	p.global = r->g->globals_first && !r->npath;
	return reading_add(r, &p);
}

/* Does a name like -word, with one dash, apply here?  Then -xyz may be such a name, too. */
static bool reading_has_words(const struct reader *r)
{
	for (size_t i = 0; i < r->nscopes; i++)
		for (size_t k = 0; k < r->scopes[i]->noptions; k++)
			for (char **own = r->scopes[i]->options[k].names; *own; own++)
				if ((*own)[0] == '-' && (*own)[1] != '-' && (*own)[1] && (*own)[2])
					return true;
	return false;
}

/* Is -xyz a cluster: letters that the grammar names, up to one that takes the rest as its value?  If only some are named, it is
 * one, too, unless the tool has longer names with one dash. */
static bool reading_is_cluster(const struct reader *r, const char *word)
{
	char name[3] = "-";
	bool named = false, all = word[1];
	for (const char *c = word + 1; *c; c++) {
		name[1] = *c;
		const struct grammar_option *o = reading_option(r, name, 2);
		named |= o != NULL;
		all &= o != NULL;
		if (!o && ((*c < 'a' || *c > 'z') && (*c < 'A' || *c > 'Z')))
			return false;
		if (o && o->marks & (GRAMMAR_MARK_VALUE | GRAMMAR_MARK_OPTIONAL))
			break;
	}
	return all || (named && !reading_has_words(r));
}

/* A letter of a cluster that the grammar does not name: a flag, or an option that takes the rest, or the next word. */
static void reading_take_letter(struct reader *r, struct piece *p, const char *rest)
{
	bool could = *rest || (r->at < r->n && *r->words[r->at] != '-');
	r->out->guessed |= could;
	if (could && r->takes_value)
		p->value = *rest ? rest : r->words[r->at++];
}

/* -xyz, where the grammar names letters. */
static int reading_take_cluster(struct reader *r, const char *word)
{
	char name[3] = "-";
	int err = 0;
	bool done = false;
	for (const char *c = word + 1; !err && !done && *c; c++) {
		name[1] = *c;
		struct piece p = {.kind = PIECE_OPTION, .typed = word, .ntyped = strlen(word), .letter = *c};
		p.option = reading_option(r, name, 2);
		p.global = r->g->globals_first && !r->npath;
		done = p.option && p.option->marks & (GRAMMAR_MARK_VALUE | GRAMMAR_MARK_OPTIONAL);
		if (!p.option) {
			reading_take_letter(r, &p, c + 1);
			done = p.value;
		} else if (done)
			reading_give_value(r, &p, c[1] ? c + 1 + (c[1] == '=') : NULL);
		else if (c[1] == '=') { /* pflag: -f=false */
			reading_give_value(r, &p, c + 2);
			done = true;
		}
		err = reading_add(r, &p);
	}
	return err;
}

static int reading_take_option(struct reader *r, const char *word)
{
	struct piece p = {.kind = PIECE_OPTION, .typed = word, .ntyped = strcspn(word, "=")};
	p.option = reading_long(r, word, p.ntyped, &p.off);
	if (!p.option && word[1] != '-' && reading_is_cluster(r, word))
		return reading_take_cluster(r, word);
	if (!p.option)
		return reading_take_unknown(r, word);
	p.global = r->g->globals_first && !r->npath;
	if (!p.off)
		reading_give_value(r, &p, word[p.ntyped] ? word + p.ntyped + 1 : NULL);
	return reading_add(r, &p);
}

/* cargo +nightly: a word that the grammar's option `+` covers. */
static int reading_take_plus(struct reader *r, const char *word)
{
	struct piece p = {.kind = PIECE_OPTION, .typed = word, .ntyped = 1, .value = word + 1};
	p.option = reading_option(r, "+", 1);
	p.global = r->g->globals_first && !r->npath;
	return p.option ? reading_add(r, &p) : reading_take_plain(r, word);
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

/* Mark the uses of options that are taken back, or that a later use overrides. */
static int reading_settle(const struct grammar *g, struct reading *out)
{
	enum { NONE, USED, OFF };
	unsigned char *later = calloc(g->noptions + 1, 1); /* by option */
	if (!later)
		return -ENOMEM;
	for (size_t i = out->n; i-- > 0;) {
		struct piece *p = &out->v[i];
		if (p->kind != PIECE_OPTION || !p->option)
			continue;
		unsigned char *state = &later[p->option->id];
		bool overridden = *state == USED && !(p->option->marks & GRAMMAR_MARK_REPEATS);
		p->gone = p->off || *state == OFF || overridden;
		*state = p->off || *state == OFF ? OFF : USED;
	}
	free(later);
	return 0;
}

int reading_of(const struct grammar *g, const char *const *words, size_t n, bool takes_value, struct reading *out)
{
	struct reader r = {.g = g, .words = words, .n = n, .at = 1, .takes_value = takes_value, .out = out};
	int err = 0;
	r.scopes[r.nscopes++] = &g->verbs[0];
	while (!err && r.at < n) {
		const char *word = words[r.at++];
		if (!r.ended && !strcmp(word, "--")) {
			r.ended = r.verb_is_whole = true;
			err = reading_add(&r, &(struct piece){.kind = PIECE_DASHES, .typed = word, .ntyped = 2});
		} else if (!r.ended && *word == '-' && word[1])
			err = reading_take_option(&r, word);
		else if (!r.ended && *word == '+' && word[1])
			err = reading_take_plus(&r, word);
		else
			err = reading_take_plain(&r, word);
	}
	return err ? err : reading_settle(g, out);
}

void reading_free(struct reading *r)
{
	free(r->v);
	*r = (struct reading){0};
}
