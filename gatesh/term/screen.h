/* SPDX-License-Identifier: BSD-2-Clause */
/* screen.h - models the person's screen, so that a panel can be drawn over it and every cell restored.  The model is
 * fed off the hot path: output goes to the terminal first and waits here until somebody needs the model. */
#ifndef GATESH_TERM_SCREEN_H
#define GATESH_TERM_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <vterm.h>

#include "base/strbuf.h"
#include "term/skip_overdrawn.h"
#include "term/term_scan.h"

enum { SCREEN_BACKLOG = 1 << 20 }; /* bytes that may wait */

struct screen {
	VTerm *vt;
	VTermState *state;
	VTermScreen *cells;
	struct term_scan scan;
	struct strbuf backlog, filtered, stand_in;
	struct overdrawn over;
	int rows, cols;
	int unknown;         /* rows at the top that are older than the session, so that their content is unknown */
	bool cursor_known;   /* the terminal reported the cursor's position, or the program set it */
	bool cursor_pending; /* the terminal was queried for it and may still reply */
	bool hidden, alternate, reversed;
	bool wrap_pending, moved;
};

/* Returns 0 or -ENOMEM. */
int screen_init(struct screen *s, int rows, int cols);
void screen_free(struct screen *s);

/* Set the cursor's position at the start of the session (0-based).  Rows above it are unknown; those below are assumed
 * to be empty. */
void screen_start_at(struct screen *s, int row, int col);

/* Add output that has gone to the terminal. */
void screen_put(struct screen *s, const char *bytes, size_t n);

/* Bring the model up to date. */
void screen_sync(struct screen *s);

/* Can the rows from `first` on be restored from the model? */
bool screen_knows(const struct screen *s, int first);

/* After screen_sync(): is the stream between escape sequences and characters? */
bool screen_between(const struct screen *s);

void screen_resize(struct screen *s, int rows, int cols);

/* Append terminal output to `out`.  screen_enter() prepares for drawing at absolute positions: it cancels a partial
 * sequence, lifts modes that would distort the drawing, and hides the cursor.  screen_repaint() paints rows first to
 * last (0-based, exclusive) as they were.  screen_leave() restores modes, cursor and pen, and sends the start of a
 * cancelled sequence again.  None of them scrolls or uses the saved cursor. */
void screen_enter(struct screen *s, struct strbuf *out);
void screen_repaint(struct screen *s, int first, int last, struct strbuf *out);
void screen_leave(struct screen *s, struct strbuf *out);

/* For rows that can't be repainted.  Between screen_enter() and screen_leave(), switch to the alternate screen and
 * paint the known rows on it; later switch back, which shows the rows again. */
void screen_alternate_on(struct screen *s, struct strbuf *out);
void screen_alternate_off(struct screen *s, struct strbuf *out);

#endif
