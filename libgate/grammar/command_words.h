/* SPDX-License-Identifier: BSD-2-Clause */
/* command_words.h - the words of a command's subject, and back.  Internal to libgate. */
#ifndef GATE_GRAMMAR_COMMAND_WORDS_H
#define GATE_GRAMMAR_COMMAND_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

#pragma GCC visibility push(default)

/* Owned; zero-initialize. */
struct command_words {
	char *bytes;
	const char **v; /* into bytes */
	size_t n;
};

/* Split the text of a subject (subject_list.h) into its words, without their quotes.  Escapes stay as they are.  Returns 0 or
 * -ENOMEM.  Call command_words_free() in both cases. */
int command_words_split(const char *text, struct command_words *out);
void command_words_free(struct command_words *w);

/* Append n bytes as one word, quoted as in a subject's text.  From byte `data` on they are data: a dash in which a pattern
 * could see an option is written \x2D. */
void command_words_put(struct strbuf *out, const char *s, size_t n, size_t data);

#pragma GCC visibility pop

#endif
