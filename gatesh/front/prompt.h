/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt.h - lays out a question for a terminal of any size. */
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
	unsigned askers;          /* processes that ask this and get the answer */
	bool check;               /* gatesh check asks: nothing runs */
	const char *later;        /* about an answer that is late: question_note(); or NULL */
	unsigned left_ms;         /* 0: no limit */
	int cols, rows;           /* the size to fit */
	bool colour;
	bool utf8;
};

/* Lay out the short form, or the page p->dialog->page of the long form (sets p->dialog->pages).  out->n is at most
 * p->rows.  In a terminal too small for the command and the keys there is one line, and p->dialog->cramped is set.  *cursor_row and *cursor_col are where typed text
 * goes, -1 when there is no field to type into.  0 or -ENOMEM; free out with layout_free(). */
int prompt_layout(const struct prompt *p, struct layout *out, int *cursor_row, int *cursor_col);

/* Append a description of what is about to happen, escaped for display: the exact command, the act on a file, or the
 * connection. */
void prompt_command(const struct gate_event *ev, struct strbuf *out);

/* Append the argv of the acting process, quoted where a shell would need it, and escaped. */
void prompt_words(const struct gate_event *ev, struct strbuf *out);

/* Set LC_CTYPE so that character widths are known.  True if the terminal takes UTF-8. */
bool prompt_locale(void);

/* Lay out the question, or with `all` every fact, in plain lines for a terminal that can't be drawn on or that is read
 * aloud.  The last line asks; it has no newline, and the command is in it.  0 or -ENOMEM; free out with layout_free().
 */
int prompt_lines(const struct prompt *p, bool all, struct layout *out);

/* As prompt_lines(), for a preview that has come: its lines and the one that asks. */
int prompt_lines_preview(const struct prompt *p, struct layout *out);

/* Append only the last line. */
void prompt_lines_ask(const struct prompt *p, struct strbuf *out);

/* True if the prompt may use colours: NO_COLOR is not set, and the terminal can be drawn on. */
bool prompt_colour(void);

/* True if the prompt has to be plain lines: by TERM, the terminal can't be drawn on. */
bool prompt_is_lines(void);

#endif
