/* SPDX-License-Identifier: BSD-2-Clause */
/* split_line.h - splits a line of gate.d(5) into words: blanks separate, [...] groups, # begins a comment.  Internal to
 * libgate. */
#ifndef GATE_POLICY_SPLIT_LINE_H
#define GATE_POLICY_SPLIT_LINE_H

#include "policy/control.h"

struct word {
	char *text; /* without the brackets, and with \] unescaped */
	char *raw;  /* as written */
	unsigned col;
};

/* Owned; zero-initialize.  v[n] represents the end of the line: it has a column and empty text. */
struct line_words {
	struct word *v;
	size_t n;
};

enum { WORDS_MAX = 256 };

/* Split one line, without its newline.  Returns 0, -EINVAL (reported to at->d) or -ENOMEM. */
int split_line(const struct location *at, const char *text, size_t len, struct line_words *out);
void split_line_free(struct line_words *w);

#endif
