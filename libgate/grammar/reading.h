/* SPDX-License-Identifier: BSD-2-Clause */
/* reading.h - reads the words of a command by its tool's grammar.  Private to libgate/grammar. */
#ifndef GATE_GRAMMAR_READING_H
#define GATE_GRAMMAR_READING_H

#include "grammar/grammar.h"

enum piece_kind { PIECE_VERB, PIECE_OPTION, PIECE_OPERAND, PIECE_DASHES };

/* A verb, an option with its value, an operand, or the `--` before operands. */
struct piece {
	enum piece_kind kind;
	const struct grammar_option *option; /* NULL: not an option, or one that the grammar does not name */
	const char *typed;                   /* not NUL-terminated: the name as it was typed, or a whole operand */
	size_t ntyped;
	char letter;       /* of a short option in a cluster; typed is the cluster */
	const char *name;  /* of a verb: spelled out */
	const char *value; /* NULL: none */
	bool apart;        /* the value stays a word of its own, as nobody knows whether it is one */
	bool off;          /* the option is taken back */
	bool gone;         /* not in effect: off, or another use of the option decides */
	bool global;       /* of the options before the verb, where those are global */
	bool data;         /* an operand that the tool takes for no option */
};

/* Owned; zero-initialize.  Borrows the words and the grammar. */
struct reading {
	struct piece *v;
	size_t n;
	bool guessed; /* an option is not in the grammar, and the word after it could be its value */
};

/* Read words[1..n).  `takes_value`: an option that the grammar does not name takes the next word.  Returns 0 or -ENOMEM.  Call
 * reading_free() in both cases. */
int reading_of(const struct grammar *g, const char *const *words, size_t n, bool takes_value, struct reading *out);
void reading_free(struct reading *r);

#endif
