/* SPDX-License-Identifier: BSD-2-Clause */
/* dialog_line.c - handles an answer that is typed as a line. */
#include <string.h>

#include "front/dialog.h"

static enum dialog_result dialog_line_is(struct gate_answer *answer, enum gate_choice choice, const char *text,
					 size_t n)
{
	answer->choice = choice;
	memcpy(answer->text, text, n);
	answer->text[n] = '\0';
	return DIALOG_ANSWERED;
}

static enum dialog_result dialog_line_again(struct dialog *d, bool wrong)
{
	d->wrong = wrong;
	return DIALOG_CHANGED;
}

/* A no with the sentence `text`; without one, the next line is the sentence. */
static enum dialog_result dialog_line_sentence(struct dialog *d, const char *text, size_t n, struct gate_answer *answer)
{
	while (n && *text == ' ') {
		text++;
		n--;
	}
	if (n >= sizeof answer->text)
		return dialog_line_again(d, true);
	if (!n && d->mode == DIALOG_CHOOSE) {
		d->mode = DIALOG_SENTENCE;
		return dialog_line_again(d, false);
	}
	return dialog_line_is(answer, GATE_ANSWER_NO, text, n);
}

static bool dialog_line_says(const char *text, size_t n, const char *word)
{
	return strlen(word) == n && !memcmp(text, word, n);
}

/* An answer other than a sentence. */
static enum dialog_result dialog_line_choose(struct dialog *d, const struct gate_question *q, const char *text,
					     size_t n, struct gate_answer *answer)
{
	bool typed = q->flags & GATE_QUESTION_TYPED;
	if (typed && q->word && n && dialog_line_says(text, n, q->word))
		return dialog_line_is(answer, GATE_ANSWER_ONCE, "", 0);
	if (!n || dialog_line_says(text, n, "n") || dialog_line_says(text, n, "no"))
		return dialog_line_is(answer, GATE_ANSWER_NO, "", 0);
	if (*text == 'e' && (n == 1 || text[1] == ' '))
		return dialog_line_sentence(d, text + 1, n - 1, answer);
	if (!typed && (dialog_line_says(text, n, "y") || dialog_line_says(text, n, "yes")))
		return dialog_line_is(answer, GATE_ANSWER_ONCE, "", 0);
	if (dialog_line_says(text, n, "s") && dialog_offers(q, 's'))
		return dialog_line_is(answer, GATE_ANSWER_SESSION, "", 0);
	d->explains = dialog_line_says(text, n, "x");
	d->page = d->explains || dialog_line_says(text, n, "?");
	return dialog_line_again(d, !d->page);
}

bool dialog_line_byte(struct strbuf *line, char c)
{
	enum { LINE_MAX_BYTES = 4096 }; /* a terminal's own limit */
	if (c == '\n' || c == '\r')
		return true;
	if (line->len < LINE_MAX_BYTES)
		strbuf_putc(line, c ? c : 1); /* a NUL would hide the rest of the line */
	return c == 3 || c == 4;
}

enum dialog_result dialog_line(struct dialog *d, const struct gate_question *q, const char *line,
			       struct gate_answer *answer)
{
	size_t n = strlen(line);
	d->page = 0;
	d->wrong = false;
	if (n && (line[n - 1] == 3 || line[n - 1] == 4))
		return dialog_line_is(answer, GATE_ANSWER_NO, "", 0);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			return dialog_line_again(d, true); /* an arrow key, a paste with tabs */
	while (n && line[n - 1] == ' ')
		n--;
	for (; n && *line == ' '; n--)
		line++;
	return d->mode == DIALOG_SENTENCE ? dialog_line_sentence(d, line, n, answer) :
					    dialog_line_choose(d, q, line, n, answer);
}
