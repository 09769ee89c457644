/* split_line.h - a line of gate.d(5) into words: blanks separate, [...] groups, # begins a comment.  Internal to libgate. */
#ifndef GATE_POLICY_SPLIT_LINE_H
#define GATE_POLICY_SPLIT_LINE_H

#include "policy/control.h"

struct word {
	char *text; /* without the brackets, \] as ] */
	char *raw;  /* as written */
	unsigned col;
};

/* Owned; zero-initialise.  v[n] stands for the end of the line: its column, and empty text. */
struct line_words {
	struct word *v;
	size_t n;
};

enum { WORDS_MAX = 256 };

/* Split one line, without its newline.  0, -EINVAL (told to at->d), -ENOMEM. */
int split_line(const struct location *at, const char *text, size_t len, struct line_words *out);
void split_line_free(struct line_words *w);

#endif
