/* screen.h - a model of what stands on the person's screen, so that a panel can be drawn over it and every cell put
 * back.  It is fed off the hot path: output goes to the terminal first and waits here until somebody needs the
 * model. */
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
	int unknown; /* that many rows from the top were there before the session: nobody knows what stands in them */
	bool cursor_known;   /* the cursor's place was told, or set by the program */
	bool cursor_pending; /* the terminal was asked for it and may answer yet */
	bool hidden, alternate, reversed;
	bool wrap_pending, moved;
};

/* 0 or -ENOMEM. */
int screen_init(struct screen *s, int rows, int cols);
void screen_free(struct screen *s);

/* The cursor's place when the session started (0-based): rows above are unknown, those below are taken to be empty. */
void screen_start_at(struct screen *s, int row, int col);

/* Output that has gone to the terminal. */
void screen_put(struct screen *s, const char *bytes, size_t n);

/* Bring the model up to date. */
void screen_sync(struct screen *s);

/* Can the rows from `first` on be put back from the model? */
bool screen_knows(const struct screen *s, int first);

/* After screen_sync(): is the stream between escape sequences and characters? */
bool screen_between(const struct screen *s);

void screen_resize(struct screen *s, int rows, int cols);

/* Append what makes the terminal fit for drawing at absolute places (a half-received sequence is cancelled, modes that
 * would twist the drawing lifted, the cursor hidden); what paints rows first to last (0-based, exclusive) as they were;
 * and what puts modes, cursor and pen back, and begins a cancelled sequence again.  None of it scrolls or uses the
 * saved cursor. */
void screen_enter(struct screen *s, struct strbuf *out);
void screen_repaint(struct screen *s, int first, int last, struct strbuf *out);
void screen_leave(struct screen *s, struct strbuf *out);

/* For rows that can't be repainted: between screen_enter() and screen_leave(), to the terminal's other screen with what
 * is known painted on it, and back, which brings the rows up again. */
void screen_alternate_on(struct screen *s, struct strbuf *out);
void screen_alternate_off(struct screen *s, struct strbuf *out);

#endif
