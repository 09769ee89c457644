/* SPDX-License-Identifier: BSD-2-Clause */
/* spellings.h - other spellings of a command with the same effect, for `gatesh lint --spellings`.  Internal to libgate. */
#ifndef GATE_GRAMMAR_SPELLINGS_H
#define GATE_GRAMMAR_SPELLINGS_H

#include "grammar/grammar.h"

#pragma GCC visibility push(default)

/* Called with the words of each spelling and what was done to them ("a global option between the words").  A return other than
 * 0 stops. */
typedef int spelling_fn(const char *const *words, size_t n, const char *kind, void *data);

/* The kind that puts an option of the verb in, which is only harmless in a command that asks anyway. */
extern const char spellings_with_option[];

/* Make the spellings of the command in the text of a subject.  Nothing is made of a command that can be read in two ways.
 * Returns what `each` returned, or -ENOMEM. */
int spellings_of(const struct grammar *g, const char *text, spelling_fn *each, void *data);

#pragma GCC visibility pop

#endif
