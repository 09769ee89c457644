/* SPDX-License-Identifier: BSD-2-Clause */
/* spellings.c - spells a command in other ways: options elsewhere, short, long, abbreviated, in clusters, taken back. */
#include "grammar/spellings.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "grammar/canonical.h"
#include "grammar/command_words.h"
#include "grammar/wording.h"

const char spellings_with_option[] = "a value that looks like a dry run";

struct spelling {
	const struct grammar *g;
	const char *program, *meaning; /* the canonical subject */
	struct reading r;
	size_t limit; /* the pieces before `--` and before another command's words */
	spelling_fn *each;
	void *data;
};

/* Give the spelling to `each`, unless it means something else: `same` asks for the same canonical subject. */
static int spellings_give(const struct spelling *s, struct wording *w, const char *kind, bool same)
{
	cleanup_strbuf struct strbuf text = {0};
	struct canonical c = {0};
	const char **words = calloc(w->n + 1, sizeof *words);
	int err = words && !w->bytes.err ? 0 : -ENOMEM;
	const char *at = w->bytes.s;
	for (size_t i = 0; !err && i < w->n; i++, at += strlen(at) + 1) {
		words[i] = at;
		strbuf_puts(&text, i ? " " : "");
		command_words_put(&text, at, strlen(at), SIZE_MAX);
	}
	if (!err && same)
		err = canonical_make(s->g, text.s, &c);
	if (!err && (!same || !strcmp(c.readings[0].texts[0], s->meaning)))
		err = s->each(words, w->n, kind, s->data);
	canonical_free(&c);
	free(words);
	strbuf_free(&w->bytes);
	*w = (struct wording){0};
	return err;
}

/* Begin a spelling with the pieces before `to`. */
static struct wording spellings_begin(const struct spelling *s, size_t to)
{
	struct wording w = {0};
	wording_put(&w, s->program);
	for (size_t i = 0; i < to; i++)
		wording_put_piece(&w, &s->r.v[i], WORDING_TYPED);
	return w;
}

static int spellings_end(const struct spelling *s, struct wording *w, size_t from, const char *kind, bool same)
{
	for (size_t i = from; i < s->r.n; i++)
		wording_put_piece(w, &s->r.v[i], WORDING_TYPED);
	return spellings_give(s, w, kind, same);
}

/* --- all options at once -------------------------------------------------------------------------------------------- */

static int spellings_all(const struct spelling *s, unsigned how, const char *kind)
{
	struct wording w = spellings_begin(s, 0);
	for (size_t i = 0; i < s->r.n; i++)
		wording_put_piece(&w, &s->r.v[i], how);
	return spellings_give(s, &w, kind, true);
}

/* Short flags that follow each other become one word. */
static int spellings_clusters(const struct spelling *s)
{
	struct wording w = spellings_begin(s, 0);
	for (size_t i = 0; i < s->r.n; i++) {
		const struct piece *p = &s->r.v[i], *before = i ? p - 1 : NULL;
		const char *name = p->option && !p->off ? wording_option_name(p->option, true) : NULL;
		bool joins = name && before && before->option && !before->off && !before->value &&
			     wording_option_name(before->option, true) && name[1] != '?';
		if (joins && w.bytes.len) { /* over the NUL of the word before */
			w.bytes.len--;
			strbuf_printf(&w.bytes, "%s%s", name + 1, p->value ? p->value : "");
			strbuf_putc(&w.bytes, '\0');
		} else
			wording_put_piece(&w, p, WORDING_SHORT | WORDING_JOINED);
	}
	return spellings_give(s, &w, "short options in one word", true);
}

/* Options directly behind the verb, or behind all operands. */
static int spellings_ordered(const struct spelling *s, bool last)
{
	struct wording w = spellings_begin(s, 0);
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < s->limit; i++) {
			const struct piece *p = &s->r.v[i];
			bool first = p->kind == PIECE_VERB || p->global, operand = !first && p->kind != PIECE_OPTION;
			if (pass == (first ? 0 : operand == last ? 1 : 2))
				wording_put_piece(&w, p, WORDING_TYPED);
		}
	return spellings_end(s, &w, s->limit, last ? "options behind the operands" : "options before the operands",
			     true);
}

/* `--` between the options and the operands, where another command's words can't begin. */
static int spellings_dashes(const struct spelling *s)
{
	bool operands = false;
	if (s->limit < s->r.n)
		return 0;
	struct wording w = spellings_begin(s, 0);
	for (int pass = 0; pass < 3; pass++) {
		if (pass == 2)
			wording_put(&w, "--");
		for (size_t i = 0; i < s->limit; i++) {
			const struct piece *p = &s->r.v[i];
			int turn = p->kind == PIECE_VERB || p->global ? 0 : p->kind == PIECE_OPTION ? 1 : 2;
			if (turn == pass)
				wording_put_piece(&w, p, WORDING_TYPED);
			operands |= turn == 2;
		}
	}
	if (operands)
		return spellings_give(s, &w, "`--` before the operands", false);
	strbuf_free(&w.bytes);
	return 0;
}

/* --- one piece at a time ---------------------------------------------------------------------------------------------- */

/* The shortest beginning of a verb or a long option that still means the same. */
static int spellings_abbreviated(const struct spelling *s, size_t place)
{
	const struct piece *p = &s->r.v[place];
	const char *whole = p->kind == PIECE_VERB ? p->name :
			    p->option && !p->off  ? wording_option_name(p->option, false) :
						    NULL;
	bool verb = p->kind == PIECE_VERB;
	if (!whole || (verb ? !s->g->short_verbs : !s->g->short_options || strncmp(whole, "--", 2)))
		return 0;
	char part[128];
	for (size_t n = verb ? 1 : 3; n < strlen(whole) && n < sizeof part; n++) {
		struct wording w = spellings_begin(s, place);
		memcpy(part, whole, n);
		part[n] = '\0';
		if (verb)
			wording_put(&w, part);
		else
			wording_put_option(&w, p, part, WORDING_TYPED);
		int err = spellings_end(s, &w, place + 1, verb ? "an abbreviated verb" : "an abbreviated option", true);
		if (err)
			return err;
	}
	return 0;
}

/* --- options that are put in ------------------------------------------------------------------------------------------- */

/* Would the option alone change what the command does? */
static bool spellings_changes(const struct grammar_option *o)
{
	static const char *const words[] = {"help",      "version", "dry", "skeleton", "endpoint", "-path",
					    "list-cmds", "check",   "-h",  "print",    NULL};
	for (const char *const *word = words; *word; word++)
		for (char **name = o->names; *name; name++)
			if (**word == '-' && strlen(*word) == 2 ? !strcmp(*name, *word) : strstr(*name, *word) != NULL)
				return true;
	return false;
}

/* Put one global option in at a place. */
static int spellings_put_in(const struct spelling *s, const struct grammar_option *o, size_t place)
{
	struct piece p = {.kind = PIECE_OPTION, .option = o, .value = o->marks & GRAMMAR_MARK_VALUE ? "x" : NULL};
	if (*o->name == '+')
		return 0;
	int err = 0;
	for (unsigned how = WORDING_TYPED; !err && how <= WORDING_JOINED; how = how ? how * 2 : WORDING_SEPARATE) {
		const char *name = how == WORDING_JOINED ? wording_option_name(o, true) : o->name;
		if (!name || (how && !p.value))
			continue;
		struct wording w = spellings_begin(s, place);
		wording_put_option(&w, &p, name, how);
		err = spellings_end(s, &w, place, "a global option between the words", false);
	}
	return err;
}

/* Put every global option in somewhere, and one of them everywhere that the tool takes them. */
static int spellings_globals(const struct spelling *s)
{
	const struct grammar_verb *all = &s->g->verbs[0];
	size_t places = 0;
	int err = 0;
	while (places < s->limit && !(s->g->globals_first && s->r.v[places].kind == PIECE_VERB))
		places++;
	for (size_t i = 0, step = places + 1 > all->noptions ? places + 1 : all->noptions;
	     !err && all->noptions && i < step; i++) {
		const struct grammar_option *o = &all->options[i % all->noptions];
		if (!spellings_changes(o))
			err = spellings_put_in(s, o, i % (places + 1));
	}
	return err;
}

/* The place behind the verb. */
static size_t spellings_behind_verb(const struct spelling *s)
{
	size_t place = 0;
	for (size_t i = 0; i < s->limit; i++)
		if (s->r.v[i].kind == PIECE_VERB)
			place = i + 1;
	return place;
}

/* Put a dry run in that is taken back again. */
static int spellings_taken_back(const struct spelling *s, const struct grammar_option *o)
{
	bool value = o->marks & (GRAMMAR_MARK_VALUE | GRAMMAR_MARK_OPTIONAL);
	size_t place = spellings_behind_verb(s);
	if (!(o->marks & GRAMMAR_MARK_NEGATABLE) || strncmp(o->name, "--dry", 5))
		return 0;
	struct wording w = spellings_begin(s, place);
	wording_put(&w, o->name);
	if (value)
		wording_put_joined(&w, o->name, "=", "none");
	else
		wording_put_joined(&w, "--no-", "", o->name + 2);
	return spellings_end(s, &w, place, "a dry run that is taken back", false);
}

/* Put an option in whose value looks like a dry run. */
static int spellings_disguised(const struct spelling *s, const struct grammar_option *o)
{
	size_t place = spellings_behind_verb(s);
	if (!(o->marks & GRAMMAR_MARK_VALUE) || !(o->marks & GRAMMAR_MARK_REPEATS))
		return 0;
	struct wording w = spellings_begin(s, place);
	wording_put(&w, o->name);
	wording_put(&w, "--dry-run");
	return spellings_end(s, &w, place, spellings_with_option, false);
}

/* Does the scope's verb begin the command's verb? */
static bool spellings_is_scope(const struct spelling *s, const struct grammar_verb *v)
{
	size_t k = 0;
	for (size_t i = 0; i < s->r.n && k < v->nwords; i++)
		if (s->r.v[i].kind == PIECE_VERB && strcmp(s->r.v[i].name, v->words[k++][0]))
			return false;
	return k == v->nwords;
}

static int spellings_put_ins(const struct spelling *s)
{
	int err = spellings_globals(s);
	for (size_t i = s->g->globals_first; i < s->g->nverbs; i++)
		for (size_t k = 0; !err && spellings_is_scope(s, &s->g->verbs[i]) && k < s->g->verbs[i].noptions; k++) {
			err = spellings_taken_back(s, &s->g->verbs[i].options[k]);
			if (!err && i)
				err = spellings_disguised(s, &s->g->verbs[i].options[k]);
		}
	return err;
}

/* --- the whole ------------------------------------------------------------------------------------------------------- */

static int spellings_each(const struct spelling *s)
{
	static const struct {
		unsigned how;
		const char *kind;
	} all[] = {
		{WORDING_TYPED, "short options apart"},
		{WORDING_SEPARATE, "values apart"},
		{WORDING_JOINED, "values attached"},
		{WORDING_LONG, "long options"},
		{WORDING_LONG | WORDING_SEPARATE, "long options"},
		{WORDING_SHORT, "short options"},
		{WORDING_SHORT | WORDING_JOINED, "short options"},
	};
	int err = 0;
	for (size_t i = 0; !err && i < sizeof all / sizeof *all; i++)
		err = spellings_all(s, all[i].how, all[i].kind);
	for (size_t i = 0; !err && i < s->r.n; i++)
		err = spellings_abbreviated(s, i);
	if (!err)
		err = spellings_clusters(s);
	for (int last = 0; !err && last < 2; last++)
		err = spellings_ordered(s, last);
	if (!err)
		err = spellings_dashes(s);
	return err ? err : spellings_put_ins(s);
}

int spellings_of(const struct grammar *g, const char *text, spelling_fn *each, void *data)
{
	struct command_words words = {0};
	struct canonical c = {0};
	struct spelling s = {.g = g, .each = each, .data = data};
	int err = command_words_split(text, &words);
	if (!err)
		err = reading_of(g, words.v, words.n, false, &s.r);
	if (!err)
		err = canonical_make(g, text, &c);
	while (!err && s.limit < s.r.n && s.r.v[s.limit].kind != PIECE_DASHES && !s.r.v[s.limit].data)
		s.limit++;
	if (!err && words.n && !s.r.guessed) {
		s.program = words.v[0];
		s.meaning = c.readings[0].texts[0];
		err = spellings_each(&s);
	}
	reading_free(&s.r);
	canonical_free(&c);
	command_words_free(&words);
	return err;
}
