/* SPDX-License-Identifier: BSD-2-Clause */
/* command_fields.c - the `command` stanza of gate.rules(5): the grammar of a tool's command line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules_internal.h"

#define ERROR(p, v, at, ...) PACK_ERROR(p, (v).line, (v).col + (unsigned)(at), __VA_ARGS__)

enum { COMMAND_NUMBER_MAX = 9 };

static struct grammar *command_open(const struct pack *p)
{
	return p->commands[p->ncommands - 1];
}

static struct grammar_verb *command_open_verb(const struct pack *p)
{
	struct grammar *g = command_open(p);
	return &g->verbs[g->nverbs - 1];
}

int rules_open_command(struct pack *p)
{
	struct grammar **slot = rules_append(&p->commands, &p->ncommands, sizeof *slot);
	if (!slot || !(*slot = calloc(1, sizeof **slot)))
		return -ENOMEM;
	**slot = (struct grammar){.file = p->file, .line = p->opened, .trust = p->trust, .depth = 1};
	return rules_append(&(*slot)->verbs, &(*slot)->nverbs, sizeof *(*slot)->verbs) ? 0 : -ENOMEM;
}

/* Return the grammar that already has the name, or NULL. */
static const struct grammar *command_of_name(const struct pack *p, const char *name)
{
	const struct grammar *g = grammars_find(p->rs->commands, name); /* beside comes later: rules_share_commands() */
	if (g)
		return g;
	for (size_t i = 0; i < p->ncommands; i++)
		for (char **own = p->commands[i]->names; own && *own; own++)
			if (!strcmp(*own, name))
				return p->commands[i];
	return NULL;
}

static int command_set_names(struct pack *p, const struct field *f, struct value v)
{
	struct grammar *g = command_open(p);
	struct value word;
	while (value_word(&v, &word)) {
		char *name = strndup(word.s, word.n);
		const struct grammar *other = name ? command_of_name(p, name) : NULL;
		if (other)
			ERROR(p, word, 0, "%s already has a command stanza, at %s:%u", name, other->file, other->line);
		else if (memchr(word.s, '/', word.n) || memchr(word.s, '*', word.n))
			ERROR(p, word, 0, "a program is named by its base name");
		free(name);
		if (!name || rules_append_word(&g->names, word, false))
			return -ENOMEM;
	}
	return 0;
}

static int command_set_abbreviates(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"options", "verbs", NULL};
	struct grammar *g = command_open(p);
	struct value word;
	while (value_word(&v, &word)) {
		int i = rules_choice(p, word, "thing to abbreviate", words);
		g->short_options |= i == 0;
		g->short_verbs |= i == 1;
	}
	return 0;
}

static int command_set_globals(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"anywhere", "first", NULL};
	command_open(p)->globals_first = rules_choice(p, v, "place", words) == 1;
	return 0;
}

/* Read a number of one digit; reported otherwise. */
static size_t command_number(struct pack *p, struct value v, int min, int max)
{
	if (v.n == 1 && *v.s >= '0' + min && *v.s <= '0' + max)
		return (size_t)(*v.s - '0');
	ERROR(p, v, 0, "expected a number from %d to %d", min, max);
	return 0;
}

static int command_set_depth(struct pack *p, const struct field *f, struct value v)
{
	command_open(p)->depth = command_number(p, v, 0, GRAMMAR_VERB_WORDS);
	return 0;
}

static int command_set_rest(struct pack *p, const struct field *f, struct value v)
{
	struct grammar_verb *verb = command_open_verb(p);
	verb->has_rest = true;
	verb->rest_after = command_number(p, v, 1, COMMAND_NUMBER_MAX);
	return 0;
}

static int command_set_env(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		size_t i = 0;
		while (i < word.n &&
		       ((word.s[i] >= 'A' && word.s[i] <= 'Z') || (word.s[i] >= 'a' && word.s[i] <= 'z') ||
			word.s[i] == '_' || (i && word.s[i] >= '0' && word.s[i] <= '9')))
			i++;
		if (i < word.n)
			ERROR(p, word, i, "the name of a variable consists of letters, digits and '_'");
		else
			r = rules_append_word(&command_open(p)->env, word, false);
	}
	return r;
}

/* --- options: -n|--namespace:! ---------------------------------------------------------------------------------------- */

/* Read the marks behind the names; their bits go to *marks.  Returns the offset of the first fault, or -1. */
static long command_marks(struct value spec, size_t from, unsigned *marks)
{
	static const char letters[] = ":?!*"; /* in the order of enum grammar_mark */
	for (size_t i = from; i < spec.n; i++) {
		const char *mark = memchr(letters, spec.s[i], 4);
		if (!mark || *marks & 1u << (mark - letters))
			return (long)i;
		*marks |= 1u << (mark - letters);
	}
	unsigned both = GRAMMAR_MARK_VALUE | GRAMMAR_MARK_OPTIONAL;
	return (*marks & both) == both ? (long)from : -1;
}

static bool command_in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-_.@#+%", c));
}

/* Return the length of the option's name at s, or 0 if there is none. */
static size_t command_name_length(const char *s, size_t n)
{
	size_t i = 0;
	if (!n || (*s != '-' && *s != '+'))
		return 0;
	while (i < n && command_in_name(s[i]))
		i++;
	bool help = n > 1 && i == 1 && s[1] == '?'; /* -? */
	return help && (n == 2 || s[2] == '|') ? 2 : *s == '+' ? i == 1 : i > 1 && strncmp(s, "--", i) ? i : 0;
}

/* Add one name of an option.  Returns 0 or -ENOMEM. */
static int command_add_name(struct pack *p, struct grammar_option *o, struct value name)
{
	const struct grammar_verb *v = command_open_verb(p);
	for (size_t i = 0; i < v->noptions; i++)
		if (v->options[i].names && grammar_option_is_called(&v->options[i], name.s, name.n))
			ERROR(p, name, 0, "%.*s is named twice", (int)name.n, name.s);
	return rules_append_word(&o->names, name, false);
}

/* Read one option.  Returns 0 or -ENOMEM. */
static int command_add_option(struct pack *p, struct value spec)
{
	struct grammar_verb *v = command_open_verb(p);
	struct grammar_option *o = rules_append(&v->options, &v->noptions, sizeof *o);
	size_t at = 0, n = 0;
	if (!o)
		return -ENOMEM;
	o->id = command_open(p)->noptions++;
	for (;; at++) {
		n = command_name_length(spec.s + at, spec.n - at);
		struct value name = {spec.s + at, n, spec.line, spec.col + (unsigned)at};
		if (n && command_add_name(p, o, name))
			return -ENOMEM;
		at += n;
		if (!n || at == spec.n || spec.s[at] != '|')
			break;
	}
	long fault = n ? command_marks(spec, at, &o->marks) : (long)at;
	if (fault >= 0)
		ERROR(p, spec, fault,
		      "an option is written -x|--long, with marks of `:` or `?`, `!` and `*` behind it");
	for (char **name = o->names; name && *name; name++)
		if (!o->name || (!strncmp(*name, "--", 2) && strncmp(o->name, "--", 2)))
			o->name = *name;
	if (!o->name) /* reported */
		v->noptions--;
	return 0;
}

static int command_set_options(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word))
		r = command_add_option(p, word);
	return r;
}

/* --- verb: remove|rm ---------------------------------------------------------------------------------------------------- */

/* Add a word of a verb and its aliases.  Returns 0 or -ENOMEM. */
static int command_add_word(struct pack *p, struct grammar_verb *v, struct value word)
{
	char ***names = &v->words[v->nwords];
	for (size_t at = 0, n; at < word.n; at += n + 1) {
		const char *bar = memchr(word.s + at, '|', word.n - at);
		n = bar ? (size_t)(bar - word.s) - at : word.n - at;
		if (!n || word.s[at] == '-') {
			ERROR(p, word, at, "a verb is a word, or words with `|` between them");
			break;
		}
		if (rules_append_word(names, (struct value){word.s + at, n, word.line, word.col}, false))
			return -ENOMEM;
	}
	v->nwords += *names != NULL;
	return 0;
}

/* Is the verb already in the grammar? */
static bool command_has_verb(const struct grammar *g, const struct grammar_verb *v)
{
	for (size_t i = 1; i + 1 < g->nverbs; i++) {
		size_t k = 0;
		while (k < v->nwords && k < g->verbs[i].nwords && !strcmp(v->words[k][0], g->verbs[i].words[k][0]))
			k++;
		if (k == v->nwords && k == g->verbs[i].nwords)
			return true;
	}
	return false;
}

static int command_set_verb(struct pack *p, const struct field *f, struct value v)
{
	struct grammar *g = command_open(p);
	struct grammar_verb *verb = rules_append(&g->verbs, &g->nverbs, sizeof *verb);
	struct value word, rest = v;
	int r = verb ? 0 : -ENOMEM;
	while (!r && value_word(&rest, &word)) {
		if (verb->nwords == GRAMMAR_VERB_WORDS) {
			ERROR(p, word, 0, "a verb has at most %d words", GRAMMAR_VERB_WORDS);
			break;
		}
		r = command_add_word(p, verb, word);
	}
	if (!r && command_has_verb(g, verb))
		ERROR(p, v, 0, "this verb already stands above");
	return r;
}

const struct field rules_command_fields[RULES_NCOMMAND_FIELDS] = {
	{"command", command_set_names, .required = true},
	{"abbreviates", command_set_abbreviates},
	{"globals", command_set_globals},
	{"depth", command_set_depth},
	{"env", command_set_env, .many = true},
	{"options", command_set_options, .many = true},
	{"verb", command_set_verb, .many = true},
	{"rest-after", command_set_rest, .many = true},
};

/* --- the whole -------------------------------------------------------------------------------------------------------- */

int rules_accept_commands(struct pack *p)
{
	if (p->ncommands && !p->rs->commands && !(p->rs->commands = calloc(1, sizeof *p->rs->commands)))
		return -ENOMEM;
	for (size_t i = 0; i < p->ncommands; i++) {
		if (grammars_add(p->rs->commands, p->commands[i]))
			return -ENOMEM;
		p->commands[i] = NULL;
	}
	return 0;
}

void rules_free_commands(struct pack *p)
{
	for (size_t i = 0; i < p->ncommands; i++)
		grammar_free(p->commands[i]);
	free(p->commands);
}

int rules_share_commands(struct ruleset *rs)
{
	const struct grammars *beside = rs->beside ? rs->beside->commands : NULL;
	if (beside && !rs->commands && !(rs->commands = calloc(1, sizeof *rs->commands)))
		return -ENOMEM;
	if (rs->commands)
		rs->commands->beside = beside;
	for (size_t i = 0; i < rs->n; i++)
		rs->rules[i]->commands = rs->commands;
	for (size_t i = 0; i < rs->ndisabled; i++)
		rs->disabled[i]->commands = rs->commands;
	return 0;
}
