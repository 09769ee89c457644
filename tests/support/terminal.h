/* SPDX-License-Identifier: BSD-2-Clause */
/* terminal.h - a terminal such as a person uses, for the tests of the screen's model. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <vterm.h>

enum { ROWS = 12, COLS = 30 };

struct terminal {
	VTerm *vt;
	VTermScreen *cells;
	bool hidden;
};

/* vterm_free(t->vt) frees it. */
void terminal_open(struct terminal *t);
void terminal_put(struct terminal *t, const char *bytes, size_t n);

/* Fail with `what` if a cell or the cursor differs. */
void terminal_same(struct terminal *a, struct terminal *b, const char *what);

#endif
