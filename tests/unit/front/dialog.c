/* SPDX-License-Identifier: BSD-2-Clause */
/* dialog.c - what each key does to a question, in every state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "front/dialog.h"

static const struct gate_question plain = {.covers = "git.force-push"},
				  bare = {.flags = GATE_QUESTION_NO_SESSION, .covers = "x"},
				  typed = {.flags = GATE_QUESTION_TYPED, .word = "yes", .covers = "x"},
				  confusing = {.flags = GATE_QUESTION_TYPED, .word = "never"};
static struct dialog d;
static struct gate_answer answer;

static enum dialog_result press(const struct gate_question *q, enum key_type type, const char *text,
				enum key_origin origin)
{
	struct key k = {.type = type, .origin = origin, .text = text, .len = strlen(text)};
	return dialog_key(&d, q, &k, &answer);
}

/* Type `text` key by key; the result of the last one. */
static enum dialog_result type(const struct gate_question *q, const char *text)
{
	enum dialog_result r = DIALOG_SAME;
	for (char c[2] = {*text}; *text; c[0] = *++text)
		r = press(q, KEY_CHAR, c, KEY_SINGLE);
	return r;
}

static int fresh(void **state)
{
	d = (struct dialog){0};
	answer = (struct gate_answer){.choice = GATE_ANSWER_NO};
	return 0;
}

static void each_key_of_the_menu(void **state)
{
	assert_int_equal(type(&plain, "y"), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_ONCE);
	assert_int_equal(type(&plain, "s"), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_SESSION);
	assert_int_equal(type(&plain, "n"), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
	assert_string_equal(answer.text, "");
	for (const char *other = "XYSN qa1"; *other; other++)
		assert_int_equal(type(&plain, (char[]){*other, 0}), DIALOG_SAME);
}

static void what_leaves_it_is_no(void **state)
{
	static const enum key_type no[] = {KEY_ENTER, KEY_ESCAPE, KEY_CANCEL, KEY_EOF};
	for (size_t i = 0; i < 4; i++) {
		answer.choice = GATE_ANSWER_ONCE;
		assert_int_equal(press(&plain, no[i], "", KEY_SINGLE), DIALOG_ANSWERED);
		assert_int_equal(answer.choice, GATE_ANSWER_NO);
	}
	assert_int_equal(press(&plain, KEY_OTHER, "", KEY_SINGLE), DIALOG_SAME);
	assert_int_equal(press(&plain, KEY_BACKSPACE, "", KEY_SINGLE), DIALOG_SAME);
}

static void bursts_and_pastes_answer_nothing(void **state)
{
	assert_int_equal(press(&plain, KEY_CHAR, "y", KEY_BURST), DIALOG_SAME);
	assert_int_equal(press(&plain, KEY_CHAR, "y", KEY_PASTE), DIALOG_SAME);
	assert_int_equal(press(&plain, KEY_ENTER, "", KEY_PASTE), DIALOG_SAME);
	assert_int_equal(press(&plain, KEY_CHAR, "n", KEY_BURST), DIALOG_SAME);
}

static void the_session_only_where_it_is_offered(void **state)
{
	assert_true(dialog_offers(&plain, 's'));
	assert_false(dialog_offers(&bare, 's'));
	assert_false(dialog_offers(&typed, 's'));
	assert_false(dialog_offers(&(struct gate_question){0}, 's'));
	assert_int_equal(type(&bare, "s"), DIALOG_SAME);
	assert_int_equal(type(&bare, "y"), DIALOG_ANSWERED);
}

static void a_sentence(void **state)
{
	assert_int_equal(type(&plain, "e"), DIALOG_CHANGED);
	assert_int_equal(d.mode, DIALOG_SENTENCE);
	assert_int_equal(type(&plain, "yes, but"), DIALOG_CHANGED); /* no y here */
	press(&plain, KEY_CHAR, "\xc3\xa9", KEY_SINGLE);
	press(&plain, KEY_BACKSPACE, "", KEY_SINGLE); /* a whole character */
	press(&plain, KEY_CHAR, "!", KEY_BURST);      /* fast typing is text */
	press(&plain, KEY_ENTER, "", KEY_PASTE);      /* a pasted line end is a blank */
	press(&plain, KEY_CHAR, "n", KEY_PASTE);
	assert_int_equal(press(&plain, KEY_ENTER, "", KEY_SINGLE), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
	assert_string_equal(answer.text, "yes, but! n");
}

static void a_sentence_taken_back(void **state)
{
	type(&plain, "eoh no");
	assert_int_equal(press(&plain, KEY_ESCAPE, "", KEY_SINGLE), DIALOG_CHANGED);
	assert_int_equal(d.mode, DIALOG_CHOOSE);
	assert_int_equal(type(&plain, "n"), DIALOG_ANSWERED);
	assert_string_equal(answer.text, "");
	type(&plain, "ewhy");
	assert_int_equal(press(&plain, KEY_CANCEL, "", KEY_SINGLE), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
	assert_string_equal(answer.text, "");
}

static void a_sentence_has_an_end(void **state)
{
	type(&plain, "e");
	for (int i = 0; i < 2000; i++)
		type(&plain, "x");
	assert_true(d.len < sizeof d.text);
	press(&plain, KEY_ENTER, "", KEY_SINGLE);
	assert_int_equal(strlen(answer.text), d.len);
}

static void the_typed_word(void **state)
{
	assert_int_equal(press(&typed, KEY_CHAR, "y", KEY_SINGLE), DIALOG_CHANGED);
	assert_int_equal(press(&typed, KEY_ENTER, "", KEY_SINGLE), DIALOG_CHANGED);
	assert_true(d.wrong);
	assert_int_equal(d.len, 0);
	type(&typed, "yess");
	press(&typed, KEY_BACKSPACE, "", KEY_SINGLE);
	assert_int_equal(press(&typed, KEY_ENTER, "", KEY_SINGLE), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_ONCE);
}

static void the_typed_word_is_typed(void **state)
{
	for (const char *s = "yes"; *s; s++)
		assert_int_equal(press(&typed, KEY_CHAR, (char[]){*s, 0}, KEY_PASTE), DIALOG_SAME);
	type(&typed, "yes");
	assert_int_equal(press(&typed, KEY_ENTER, "", KEY_PASTE), DIALOG_SAME);
	assert_int_equal(press(&typed, KEY_ESCAPE, "", KEY_SINGLE), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
}

static void keys_beside_a_typed_word(void **state)
{
	assert_int_equal(press(&typed, KEY_ENTER, "", KEY_SINGLE), DIALOG_ANSWERED); /* nothing typed: no */
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
	assert_int_equal(type(&typed, "n"), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
	assert_int_equal(type(&typed, "?"), DIALOG_CHANGED);
	assert_int_equal(d.page, 1);
	assert_false(dialog_offers(&confusing, 'n')); /* the word begins with it */
	assert_int_equal(type(&confusing, "never"), DIALOG_CHANGED);
	assert_int_equal(press(&confusing, KEY_ENTER, "", KEY_SINGLE), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_ONCE);
}

static void pages(void **state)
{
	type(&plain, "?");
	assert_int_equal(d.page, 1);
	d.pages = 2; /* as the drawing says */
	type(&plain, "?");
	assert_int_equal(d.page, 2);
	type(&plain, "?");
	assert_int_equal(d.page, 0);
}

static void what_is_not_in_view_is_not_allowed(void **state)
{
	d.scope_hidden = true;
	assert_int_equal(type(&plain, "s"), DIALOG_SAME);
	assert_int_equal(type(&plain, "y"), DIALOG_ANSWERED);
	d = (struct dialog){.cramped = true};
	assert_int_equal(type(&plain, "ys?e"), DIALOG_SAME);
	assert_int_equal(type(&typed, "yes"), DIALOG_SAME);
	assert_int_equal(type(&plain, "n"), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
	answer.choice = GATE_ANSWER_ONCE;
	assert_int_equal(press(&typed, KEY_ESCAPE, "", KEY_SINGLE), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, GATE_ANSWER_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_key_of_the_menu, fresh),
		cmocka_unit_test_setup(what_leaves_it_is_no, fresh),
		cmocka_unit_test_setup(bursts_and_pastes_answer_nothing, fresh),
		cmocka_unit_test_setup(the_session_only_where_it_is_offered, fresh),
		cmocka_unit_test_setup(a_sentence, fresh),
		cmocka_unit_test_setup(a_sentence_taken_back, fresh),
		cmocka_unit_test_setup(a_sentence_has_an_end, fresh),
		cmocka_unit_test_setup(the_typed_word, fresh),
		cmocka_unit_test_setup(the_typed_word_is_typed, fresh),
		cmocka_unit_test_setup(keys_beside_a_typed_word, fresh),
		cmocka_unit_test_setup(pages, fresh),
		cmocka_unit_test_setup(what_is_not_in_view_is_not_allowed, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
