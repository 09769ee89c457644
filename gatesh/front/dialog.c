/* SPDX-License-Identifier: BSD-2-Clause */
/* dialog.c - handles the keys of a question: the menu, the typed word, the sentence. */
#include "front/dialog.h"

#include <string.h>

bool dialog_offers(const struct gate_question *q, char key)
{
	bool typed = q->flags & GATE_QUESTION_TYPED;
	if (key == 'y')
		return !typed;
	if (key == 's')
		return !typed && q->covers && !(q->flags & GATE_QUESTION_NO_SESSION);
	return !typed || !q->word || q->word[0] != key;
}

bool dialog_redraws(const struct key *key)
{
	return key->type == KEY_OTHER && key->len == 1 && *key->text == '\f';
}

static enum dialog_result dialog_answer_with(struct gate_answer *answer, enum gate_choice choice, const char *text)
{
	answer->choice = choice;
	memcpy(answer->text, text, strlen(text) + 1);
	return DIALOG_ANSWERED;
}

static enum dialog_result dialog_insert(struct dialog *d, const struct key *key, size_t max)
{
	if (d->len + key->len >= max)
		return DIALOG_SAME;
	memcpy(d->text + d->len, key->text, key->len);
	d->len += key->len;
	d->text[d->len] = '\0';
	d->wrong = false;
	return DIALOG_CHANGED;
}

static enum dialog_result dialog_rub_out(struct dialog *d)
{
	if (!d->len)
		return DIALOG_SAME;
	while (d->len && (d->text[--d->len] & 0xc0) == 0x80)
		;
	d->text[d->len] = '\0';
	return DIALOG_CHANGED;
}

static enum dialog_result dialog_to_mode(struct dialog *d, enum dialog_mode mode)
{
	d->mode = mode;
	d->len = 0;
	d->text[0] = '\0';
	return DIALOG_CHANGED;
}

static enum dialog_result dialog_sentence_key(struct dialog *d, const struct key *key, struct gate_answer *answer)
{
	struct key blank = {.type = KEY_CHAR, .text = " ", .len = 1};
	switch (key->type) {
	case KEY_CHAR: return dialog_insert(d, key, sizeof d->text);
	case KEY_BACKSPACE: return dialog_rub_out(d);
	case KEY_ESCAPE: return dialog_to_mode(d, DIALOG_CHOOSE);
	case KEY_CANCEL:
	case KEY_EOF: return dialog_answer_with(answer, GATE_ANSWER_NO, "");
	case KEY_ENTER:
		return key->origin == KEY_PASTE ? dialog_insert(d, &blank, sizeof d->text) :
						  dialog_answer_with(answer, GATE_ANSWER_NO, d->text);
	default: return DIALOG_SAME;
	}
}

/* The next page of the long form or of the explanation; behind the last one, the short form. */
static enum dialog_result dialog_turn(struct dialog *d, bool explains)
{
	if (d->page && d->explains != explains)
		d->page = d->pages = 0;
	d->explains = explains;
	d->page = d->page < d->pages || !d->page ? d->page + 1 : 0;
	return DIALOG_CHANGED;
}

/* Handle a key of the menu. */
static enum dialog_result dialog_menu_key(struct dialog *d, const struct gate_question *q, char c,
					  struct gate_answer *answer)
{
	if (!dialog_offers(q, c) || (c == 's' && d->scope_hidden))
		return DIALOG_SAME;
	switch (c) {
	case 'y': return dialog_answer_with(answer, GATE_ANSWER_ONCE, "");
	case 's': return dialog_answer_with(answer, GATE_ANSWER_SESSION, "");
	case 'n': return dialog_answer_with(answer, GATE_ANSWER_NO, "");
	case 'e': return dialog_to_mode(d, DIALOG_SENTENCE);
	case 'x': return dialog_turn(d, true);
	case '?': return dialog_turn(d, false);
	default: return DIALOG_SAME;
	}
}

static enum dialog_result dialog_typed_key(struct dialog *d, const struct gate_question *q, const struct key *key,
					   struct gate_answer *answer)
{
	if (key->type == KEY_BACKSPACE)
		return dialog_rub_out(d);
	if (key->type == KEY_CHAR && key->origin != KEY_PASTE) {
		if (!d->len && strchr("nex?", *key->text) && dialog_offers(q, *key->text))
			return key->origin == KEY_SINGLE ? dialog_menu_key(d, q, *key->text, answer) : DIALOG_SAME;
		return dialog_insert(d, key, 64);
	}
	if (key->type == KEY_ENTER && key->origin != KEY_PASTE && d->len) {
		if (!strcmp(d->text, q->word))
			return dialog_answer_with(answer, GATE_ANSWER_ONCE, "");
		d->wrong = true;
		d->len = 0;
		d->text[0] = '\0';
		return DIALOG_CHANGED;
	}
	return DIALOG_SAME;
}

/* The person does not see the command. */
static enum dialog_result dialog_cramped_key(const struct key *key, struct gate_answer *answer)
{
	bool no = key->type == KEY_ENTER || key->type == KEY_ESCAPE || key->type == KEY_CANCEL ||
		  key->type == KEY_EOF || (key->type == KEY_CHAR && key->len == 1 && *key->text == 'n');
	return no && key->origin == KEY_SINGLE ? dialog_answer_with(answer, GATE_ANSWER_NO, "") : DIALOG_SAME;
}

enum dialog_result dialog_key(struct dialog *d, const struct gate_question *q, const struct key *key,
			      struct gate_answer *answer)
{
	if (d->cramped)
		return dialog_cramped_key(key, answer);
	if (d->mode == DIALOG_SENTENCE)
		return dialog_sentence_key(d, key, answer);
	if ((q->flags & GATE_QUESTION_TYPED) && q->word) {
		enum dialog_result r = dialog_typed_key(d, q, key, answer);
		if (r != DIALOG_SAME || (key->type == KEY_ENTER && d->len))
			return r;
	}
	if (key->origin != KEY_SINGLE)
		return DIALOG_SAME;
	switch (key->type) {
	case KEY_ENTER:
	case KEY_ESCAPE:
	case KEY_CANCEL:
	case KEY_EOF: return dialog_answer_with(answer, GATE_ANSWER_NO, "");
	case KEY_CHAR:
		if (key->len == 1 && !(q->flags & GATE_QUESTION_TYPED))
			return dialog_menu_key(d, q, *key->text, answer);
		return DIALOG_SAME;
	default: return DIALOG_SAME;
	}
}
