/* SPDX-License-Identifier: BSD-2-Clause */
/* diag.h - the one way to report an error in a configuration file: file:line:col: message, the line, a caret.  Internal
 * to libgate. */
#ifndef GATE_BASE_DIAG_H
#define GATE_BASE_DIAG_H

#include <stddef.h>

#pragma GCC visibility push(default)

enum diag_level { DIAG_ERROR, DIAG_WARNING };

/* A file being parsed: its name for messages, its text (not owned, may contain NULs), its length in bytes.  `skipped`
 * counts the lines of the file that precede the text, when the caller has only a part of the file. */
struct source {
	const char *name;
	const char *text;
	size_t len;
	unsigned skipped;
};

/* The receiver of problems.  emit() gets the whole rendered text: three lines, no trailing newline.  It may be NULL to
 * count only.  Parsers continue after a problem so that one run reports several.  If errors > 0, the caller refuses the
 * whole file. */
struct diag {
	void (*emit)(enum diag_level level, const char *text, void *data);
	void *data;
	unsigned errors, warnings;
	struct {
		const char *file, *what; /* unescaped */
		unsigned line, col;
	} at; /* the parts of the problem being emitted; valid only within emit() */
};

/* Report a problem at a 1-based line and byte column.  Column 0: no place within the line.  Line 0: the file as a
 * whole.  Control and bidi characters in the shown line are escaped, and a long line is cut around the caret. */
void diag_at(struct diag *d, enum diag_level level, const struct source *src, unsigned line, unsigned col,
	     const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* Return the word of the NULL-terminated list that `word` is most likely a slip for, or NULL.  A slip is a letter that is
 * wrong, missing, one too many, or swapped with its neighbour.  Three letters may have one, six may have two; if one word
 * begins with the other, two letters may differ in any case. */
const char *diag_nearest(const char *word, const char *const *list);

#pragma GCC visibility pop

#endif
