/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_facts.h - lays out what a question is about, for the forms of the prompt: short, long, in plain lines. */
#ifndef GATESH_FRONT_PROMPT_FACTS_H
#define GATESH_FRONT_PROMPT_FACTS_H

#include "front/prompt.h"

enum { PROMPT_INDENT = 12, PROMPT_MARGIN = 3, PROMPT_NARROW = 36 };

/* How much the short form leaves out to fit: the higher, the tighter. */
enum tightness { TIGHT_ROOMY, TIGHT_NO_BLANKS, TIGHT_SHORT, TIGHT_LEAST, TIGHT_TINY, TIGHT_BARE, TIGHT_COUNT };

/* The SGR of a severity. */
const char *prompt_severity_style(enum gate_severity s);

void prompt_blank(struct layout *l, enum tightness t);

/* A label in the first columns and its text beside it, at most `max` lines of it (0: no limit); "label: text" where
 * that leaves too little room, and in plain lines.  Escapes the text. */
void prompt_labelled(struct layout *l, const char *label, const char *style, const char *text, int max);

/* At most `max` lines of the preview, each on at most `each` lines of the terminal (0: no limit). */
void prompt_preview(const struct prompt *p, struct layout *l, int max, int each);

/* The facts of the short form: command, reason, place. */
void prompt_facts(const struct prompt *p, struct layout *l, enum tightness t);

/* The things that the command would lose, kept or not: lines "keeps: ..." and "loses: ...". */
void prompt_facts_keeps(const struct gate_event *ev, struct layout *l, int max);

/* The question explained in sentences, for the form that `x` shows. */
void prompt_explanation(const struct prompt *p, struct layout *l);

/* All facts, for the long form. */
void prompt_everything(const struct prompt *p, struct layout *l);

#endif
