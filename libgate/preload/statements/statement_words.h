/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_words.h - a look at a statement that costs nothing: only a text with one of some words can have an effect that a
 * rule names (effects/effects.h).  tests/unit/preload/statement_words.c compares the two. */
#ifndef GATE_PRELOAD_STATEMENTS_STATEMENT_WORDS_H
#define GATE_PRELOAD_STATEMENTS_STATEMENT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* May the `n` bytes of SQL have an effect?  "No" is final.  Async-signal-safe. */
bool statement_may_matter(const char *text, size_t n);

#endif
