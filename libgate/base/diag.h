/* diag.h - one way to report a bad configuration file: file:line:col: what, the line, a caret.  Internal to libgate. */
#ifndef GATE_BASE_DIAG_H
#define GATE_BASE_DIAG_H

#include <stddef.h>

#pragma GCC visibility push(default)

enum diag_level { DIAG_ERROR, DIAG_WARNING };

/* A file being parsed: name for messages, text (not owned, may hold NULs), length in bytes.  `skipped` is how many
 * lines of the file stand before the text, when only a part of it is at hand. */
struct source {
	const char *name;
	const char *text;
	size_t len;
	unsigned skipped;
};

/* Where problems go.  emit() gets the whole rendered text (three lines, no trailing newline); it may be NULL to count
 * only.  Parsers go on after a problem to report more of them; errors > 0 means refuse everything. */
struct diag {
	void (*emit)(enum diag_level level, const char *text, void *data);
	void *data;
	unsigned errors, warnings;
	struct {
		const char *file, *what; /* as they are, not escaped */
		unsigned line, col;
	} at; /* the problem being emitted, in parts; for emit() only */
};

/* Report at 1-based line and byte column (0: no place within the line, 0 line: the file as a whole).  Control and bidi
 * characters of the shown line are escaped, and a long one is cut around the caret. */
void diag_at(struct diag *d, enum diag_level level, const struct source *src, unsigned line, unsigned col,
	     const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* The word of the NULL-terminated list nearest to `word` by edit distance (at most a third of it), or NULL. */
const char *diag_nearest(const char *word, const char *const *list);

#pragma GCC visibility pop

#endif
