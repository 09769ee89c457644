/* SPDX-License-Identifier: BSD-2-Clause */
/* dialog_line.c - what each line does to a question, and the lines that ask it. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "front/prompt.h"
#include "term/term_type.h"

static const char *argv[] = {"git", "push", "\x1b[2J"};
static const struct gate_event event = {.struct_size = sizeof(struct gate_event), .argv = argv, .argc = 3, .cwd = "/w"};
static const struct gate_finding finding = {
	.rule = "git.force-push", .severity = GATE_SEVERITY_DANGER, .reason = "rewrites history\n", .file = "f"};
static const struct gate_question plain = {.event = &event, .findings = &finding, .nfindings = 1, .covers = "x"},
				  bare = {.flags = GATE_QUESTION_NO_SESSION, .covers = "x"},
				  typed = {.flags = GATE_QUESTION_TYPED, .word = "never"};
static struct dialog d;
static struct gate_answer answer;

static void is(const struct gate_question *q, const char *line, enum gate_choice choice, const char *text)
{
	memset(&answer, 0x55, sizeof answer);
	assert_int_equal(dialog_line(&d, q, line, &answer), DIALOG_ANSWERED);
	assert_int_equal(answer.choice, choice);
	assert_string_equal(answer.text, text);
	d = (struct dialog){0};
}

static void is_wrong(const struct gate_question *q, const char *line)
{
	assert_int_equal(dialog_line(&d, q, line, &answer), DIALOG_CHANGED);
	assert_true(d.wrong);
}

static void answers(void **state)
{
	is(&plain, "y", GATE_ANSWER_ONCE, "");
	is(&plain, " yes ", GATE_ANSWER_ONCE, "");
	is(&plain, "s", GATE_ANSWER_SESSION, "");
	is(&plain, "n", GATE_ANSWER_NO, "");
	is(&plain, "no", GATE_ANSWER_NO, "");
	is(&plain, "", GATE_ANSWER_NO, "");
	is(&plain, "y\x03", GATE_ANSWER_NO, "");
	is(&plain, "\x04", GATE_ANSWER_NO, "");
	is(&plain, "e  not today ", GATE_ANSWER_NO, "not today");
	for (const char **w = (const char *[]){"Y", "yy", "yes please", "ye", "\x1b[A", "y\t", "es", "sure", NULL}; *w;
	     w++)
		is_wrong(&plain, *w);
	is_wrong(&bare, "s");
}

static void a_sentence_on_a_line_of_its_own(void **state)
{
	char longest[600];
	assert_int_equal(dialog_line(&d, &plain, "e", &answer), DIALOG_CHANGED);
	assert_false(d.wrong);
	is(&plain, "yes", GATE_ANSWER_NO, "yes");
	memset(longest, 'x', sizeof longest);
	longest[0] = 'e', longest[1] = ' ', longest[599] = '\0';
	is_wrong(&plain, longest);
}

static void a_typed_word(void **state)
{
	is(&typed, "never", GATE_ANSWER_ONCE, "");
	is(&typed, "n", GATE_ANSWER_NO, "");
	for (const char **w = (const char *[]){"y", "yes", "s", "neve", "nevers", NULL}; *w; w++)
		is_wrong(&typed, *w);
}

static void bytes_make_lines(void **state)
{
	struct strbuf b = {0};
	assert_false(dialog_line_byte(&b, 'y'));
	assert_false(dialog_line_byte(&b, '\0'));
	assert_true(dialog_line_byte(&b, '\n'));
	is_wrong(&plain, b.s); /* the NUL does not end it */
	assert_true(dialog_line_byte(&b, 3));
	strbuf_free(&b);
}

static void nothing_but_lines(void **state)
{
	struct prompt p = {
		.q = &plain, .dialog = &d, .nth = 1, .of = 1, .left_ms = 90000, .colour = true, .utf8 = true};
	for (int all = 0; all < 2; all++)
		for (p.cols = 10; p.cols < 100; p.cols += 9)
			for (p.rows = 6; p.rows < 30; p.rows += 10) {
				struct layout l;
				assert_int_equal(prompt_lines(&p, all, &l), 0);
				assert_true(l.n > 3);
				assert_non_null(strstr(l.v[l.n - 1], "gate: allow git"));
				for (int i = 0; i < l.n; i++)
					for (const char *c = l.v[i]; *c; c++)
						assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
				layout_free(&l);
			}
}

static void terminals_that_can_be_drawn_on(void **state)
{
	static const char *const draws[] = {
		"xterm",        "xterm-256color", "screen.xterm-256color", "tmux-direct", "linux", "vt100", "vt220",
		"rxvt-unicode", "foot",           "st-256color",           "xterm-kitty"};
	static const char *const lines[] = {"",      "dumb",    "unknown",  "emacs", "vt52",
					    "stv52", "network", "xtermite", "adm3a"};
	assert_false(term_type_draws(NULL));
	for (size_t i = 0; i < sizeof draws / sizeof *draws; i++)
		assert_true(term_type_draws(draws[i]));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (term_type_draws(lines[i]))
			fail_msg("%s is drawn on", lines[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),           cmocka_unit_test(a_sentence_on_a_line_of_its_own),
		cmocka_unit_test(a_typed_word),      cmocka_unit_test(bytes_make_lines),
		cmocka_unit_test(nothing_but_lines), cmocka_unit_test(terminals_that_can_be_drawn_on),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
