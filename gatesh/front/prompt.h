/* prompt.h - what a person sees of a question, laid out for a terminal. */
#ifndef GATESH_FRONT_PROMPT_H
#define GATESH_FRONT_PROMPT_H

#include <gate.h>

#include "ask/question.h"
#include "front/dialog.h"
#include "util/text_layout.h"

struct prompt {
	const struct gate_question *q;
	struct dialog *dialog;
	enum preview_state preview;
	const char *preview_text; /* escaped lines */
	unsigned nth, of;         /* 1 of 2 */
	unsigned askers;          /* processes that ask this, and get the answer */
	unsigned left_ms;         /* 0: no limit */
	int cols, rows;           /* at most that large */
	bool colour;
	bool utf8;
};

/* Lay it out; out->n is at most p->rows (more only when the terminal is too small for a question at all).  The short
 * form, or the page p->dialog->page of the long form (p->dialog->pages is set).  The last line but for the frame is
 * where text is typed;
 * *cursor is its column, -1 when nothing is typed.  0 or -ENOMEM; out is freed with layout_free(). */
int prompt_layout(const struct prompt *p, struct layout *out, int *cursor_row, int *cursor_col);

/* Append what is about to happen, for display and escaped: the exact command, what becomes of a file, a connection. */
void prompt_command(const struct gate_event *ev, struct strbuf *out);

/* Append the words of the process that acts as it has them, quoted where a shell would need it, escaped. */
void prompt_words(const struct gate_event *ev, struct strbuf *out);

/* Set LC_CTYPE so that widths are known; true when the terminal is to be written UTF-8 to. */
bool prompt_locale(void);

/* Colours are wanted: NO_COLOR is not set and TERM is not dumb. */
bool prompt_colour(void);

#endif
