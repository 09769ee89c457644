/* SPDX-License-Identifier: BSD-2-Clause */
/* canonical.h - the canonical subject of a command, and the other texts by which rules judge its meaning.  See "COMMAND
 * STANZAS" in gate.rules(5).  Internal to libgate. */
#ifndef GATE_GRAMMAR_CANONICAL_H
#define GATE_GRAMMAR_CANONICAL_H

#include "grammar/grammar.h"

#pragma GCC visibility push(default)

/* One reading of a command. */
enum canonical_order {
	CANONICAL_OPTIONS_FIRST, /* program verbs options operands: the canonical subject */
	CANONICAL_OPTIONS_LAST,  /* program verbs operands options */
	CANONICAL_AS_TYPED,      /* in the typed order, without what is not in effect */
	CANONICAL_ORDERS
};
struct canonical_reading {
	char *texts[CANONICAL_ORDERS]; /* owned; NULL: the same as an earlier one */
};

/* Owned; zero-initialize.  There are two readings if an option that the grammar does not name could take a value. */
struct canonical {
	struct canonical_reading readings[2];
	size_t n;
};

/* Read the text of a subject (subject_list.h) of the grammar's program.  Returns 0 or -ENOMEM.  Call canonical_free() in both
 * cases. */
int canonical_make(const struct grammar *g, const char *text, struct canonical *out);
void canonical_free(struct canonical *c);

/* Append a part of the command, each word quoted as in a subject's text: "globals", "operands", or the canonical name of an
 * option with its value ("--namespace").  Returns 0, -EINVAL if `what` is none of them or the command can be read in two ways, or
 * -ENOMEM. */
struct strbuf;
int canonical_put_part(struct strbuf *out, const struct grammar *g, const char *text, const char *what);

#pragma GCC visibility pop

#endif
