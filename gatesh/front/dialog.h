/* SPDX-License-Identifier: BSD-2-Clause */
/* dialog.h - turns keys into the answer to one question.  prompt.h draws it. */
#ifndef GATESH_FRONT_DIALOG_H
#define GATESH_FRONT_DIALOG_H

#include <gate.h>

#include "base/strbuf.h"
#include "term/keys.h"

enum dialog_mode { DIALOG_CHOOSE, DIALOG_SENTENCE };

struct dialog {
	enum dialog_mode mode;
	char text[512]; /* the sentence or word typed so far; UTF-8 */
	size_t len;
	bool wrong;    /* Enter was pressed on a wrong word */
	int page;      /* of the long form or the explanation; 0: the short form */
	bool explains; /* the pages are those of the explanation */
	int pages;     /* of the long form when it was last drawn */
	/* What was last drawn leaves this out for want of room: */
	bool scope_hidden; /* the scope of a yes for the session, which can't be given then */
	bool cramped;      /* the command: only a no can be given */
};

enum dialog_result { DIALOG_SAME, DIALOG_CHANGED, DIALOG_ANSWERED };

/* Handle `key`.  DIALOG_ANSWERED fills answer->choice and ->text.  A burst of keys or a paste never answers; while a
 * sentence is typed it is inserted as text.  After one that is DIALOG_SAME the caller drops keys for a moment: its last byte
 * may have come alone, and look like a key. */
enum dialog_result dialog_key(struct dialog *d, const struct gate_question *q, const struct key *key,
			      struct gate_answer *answer);

/* Handle a line typed where the question is plain lines: y, s, n, e TEXT, x, ? or the question's word; yes and no will do.
 * A final Ctrl-C or Ctrl-D is a no, as is an empty line.  DIALOG_CHANGED: ask once more, d->wrong says that the line
 * was no answer, d->page is not 0 if everything, or with d->explains the explanation, is to be shown. */
enum dialog_result dialog_line(struct dialog *d, const struct gate_question *q, const char *line,
			       struct gate_answer *answer);

/* Add a typed byte to `line`.  True: the line is complete, without its newline. */
bool dialog_line_byte(struct strbuf *line, char c);

/* Does this key (Ctrl-L) draw the whole panel again, because another process wrote over it? */
bool dialog_redraws(const struct key *key);

/* Is this key offered?  (A typed word may begin with it.) */
bool dialog_offers(const struct gate_question *q, char key);

#endif
