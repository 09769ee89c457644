/* SPDX-License-Identifier: BSD-2-Clause */
/* grammar.h - the grammar of one tool's command line: a `command` stanza of gate.rules(5).  The parser of rule packs fills it
 * in; afterwards it is immutable, so many threads may read it.  Internal to libgate. */
#ifndef GATE_GRAMMAR_GRAMMAR_H
#define GATE_GRAMMAR_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum grammar_mark {
	GRAMMAR_MARK_VALUE = 1,     /* `:` takes a value */
	GRAMMAR_MARK_OPTIONAL = 2,  /* `?` takes one only if it is attached */
	GRAMMAR_MARK_NEGATABLE = 4, /* `!` can be taken back */
	GRAMMAR_MARK_REPEATS = 8,   /* `*` every use counts */
};

struct grammar_option {
	char **names;     /* owned, NULL-terminated; with their dashes */
	const char *name; /* one of them: the first long one, else the first */
	unsigned marks;   /* of enum grammar_mark */
	size_t id;        /* its number in the grammar */
};

enum { GRAMMAR_VERB_WORDS = 6 };

/* A verb, or a path of verbs.  The first one of a grammar has no word: its options are the global ones. */
struct grammar_verb {
	char **words[GRAMMAR_VERB_WORDS]; /* owned; each is a word and its aliases, NULL-terminated */
	size_t nwords;
	struct grammar_option *options; /* owned */
	size_t noptions;
	bool has_rest; /* after `rest_after` operands the words belong to another command */
	size_t rest_after;
};

struct grammar {
	char **names;     /* owned, NULL-terminated: the programs' base names */
	const char *file; /* borrowed */
	unsigned line;
	int trust;                       /* enum ruleset_trust of its pack */
	bool short_options, short_verbs; /* the tool takes unique prefixes */
	bool globals_first;              /* global options are global only before the verb */
	bool plain;                      /* grammar_plain() */
	size_t depth;                    /* words that are verbs although no verb names them */
	char **env;                      /* owned, NULL-terminated: variables that choose the target; or NULL */
	struct grammar_verb *verbs;      /* owned; at least one */
	size_t nverbs, noptions;
};

void grammar_free(struct grammar *g);

/* Is the name one of the option's? */
bool grammar_option_is_called(const struct grammar_option *o, const char *name, size_t n);

/* Return the option of the verb that has the name of n bytes, or NULL. */
const struct grammar_option *grammar_option_of(const struct grammar_verb *v, const char *name, size_t n);

/* How well does a word fit the verb's word at `place`: 0 not at all, 1 as a prefix, 2 exactly. */
int grammar_verb_fits(const struct grammar_verb *v, size_t place, const char *word);

struct grammar_name {
	const char *name;
	const struct grammar *grammar;
};

/* The grammars of a ruleset, found by a program's name.  Zero-initialize. */
struct grammars {
	struct grammar **v; /* owned */
	size_t n;
	struct grammar_name *names; /* owned, sorted */
	size_t nnames;
	const struct grammars *beside; /* looked in for names that are not here; or NULL */
};

/* Add a grammar, which is taken if 0 is returned; otherwise -ENOMEM. */
int grammars_add(struct grammars *all, struct grammar *g);
/* Return the grammar of a program, or NULL. */
const struct grammar *grammars_find(const struct grammars *all, const char *program);
/* Return the grammar of tools that have none: a verb, operands, and options that may or may not take a value. */
const struct grammar *grammar_plain(void);
/* Free all, and *all itself. */
void grammars_free(struct grammars *all);

#pragma GCC visibility pop

#endif
