/* SPDX-License-Identifier: BSD-2-Clause */
/* keys.c - what a person typed, told apart from what a terminal sends by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "term/keys.h"

/* The keys so far, one letter each: the character, or <name>; capitals when they came in a burst, 'p' before what was
 * pasted. */
static char seen[512];

static void remember(const struct key *k, void *data)
{
	static const char *const names[] = {"",      "<enter>",     "<escape>", "<cancel>",
					    "<eof>", "<backspace>", "<other>",  "<report>"};
	strcat(seen, k->origin == KEY_BURST ? "+" : k->origin == KEY_PASTE ? "p" : "");
	if (k->type == KEY_CHAR)
		strncat(seen, k->text, k->len);
	else
		strcat(seen, names[k->type]);
}

static void feed(struct keys *k, const char *bytes)
{
	keys_feed(k, bytes, strlen(bytes), remember, NULL);
}

/* What `bytes`, read at once, are. */
static const char *keys_of(const char *bytes)
{
	struct keys k = {0};
	*seen = '\0';
	feed(&k, bytes);
	return seen;
}

static void plain_keys(void **state)
{
	assert_string_equal(keys_of("y"), "y");
	assert_string_equal(keys_of("\r"), "<enter>");
	assert_string_equal(keys_of("\n"), "<enter>");
	assert_string_equal(keys_of("\x03"), "<cancel>");
	assert_string_equal(keys_of("\x04"), "<eof>");
	assert_string_equal(keys_of("\x7f"), "<backspace>");
	assert_string_equal(keys_of("\x08"), "<backspace>");
	assert_string_equal(keys_of("\x1a"), "<other>");
}

static void escape_alone_takes_its_time(void **state)
{
	struct keys k = {0};
	*seen = '\0';
	feed(&k, "\x1b");
	assert_string_equal(seen, "");
	assert_true(keys_waiting(&k));
	keys_timeout(&k, remember, NULL);
	assert_string_equal(seen, "<escape>");
	assert_false(keys_waiting(&k));
	feed(&k, "y");
	assert_string_equal(seen, "<escape>y");
}

static void sequences_are_no_letters(void **state)
{
	assert_string_equal(keys_of("\x1b[A"), "<other>");
	assert_string_equal(keys_of("\x1bOP"), "<other>");
	assert_string_equal(keys_of("\x1b[15~"), "<other>");
	assert_string_equal(keys_of("\x1b[1;5y"), "<report>"); /* a mode report: no y */
	assert_string_equal(keys_of("\x1by"), "<other>");      /* Alt-y */
	assert_string_equal(keys_of("\x1b[<0;10;5M"), "<other>");
	assert_string_equal(keys_of("\x1b[My!!"), ""); /* an X10 mouse report: a button 'y' is none */
	assert_string_equal(keys_of("\x1b[24;80R"), "<report>");
	assert_string_equal(keys_of("\x1b]11;rgb:yyyy/00/00\x07"), "<report>");
	assert_string_equal(keys_of("\x1bP1$r0m\x1b\\"), "+<report>");
}

static void a_sequence_may_come_in_pieces(void **state)
{
	static const char sequence[] = "\x1b[15;2~";
	struct keys k = {0};
	*seen = '\0';
	for (size_t i = 0; i + 1 < sizeof sequence; i++)
		keys_feed(&k, sequence + i, 1, remember, NULL);
	assert_string_equal(seen, "<other>");
	feed(&k, "\x1b[");
	keys_timeout(&k, remember, NULL); /* cut short: dropped, not taken for an Escape */
	assert_string_equal(seen, "<other>");
	assert_false(keys_waiting(&k));
}

static void several_keys_at_once_are_a_burst(void **state)
{
	assert_string_equal(keys_of("yy"), "+y+y");
	assert_string_equal(keys_of("y\r"), "+y+<enter>");
	assert_string_equal(keys_of("é"), "é");
	struct keys k = {0};
	*seen = '\0';
	feed(&k, "y");
	feed(&k, "n");
	assert_string_equal(seen, "yn");
}

static void what_is_pasted_is_marked(void **state)
{
	assert_string_equal(keys_of("\x1b[200~y\r\x1b[201~"), "pyp<enter>");
	struct keys k = {0};
	*seen = '\0';
	for (const char *s = "\x1b[200~y"; *s; s++)
		keys_feed(&k, s, 1, remember, NULL);
	assert_string_equal(seen, "py");
	feed(&k, "\x1b[201~");
	feed(&k, "n");
	assert_string_equal(seen, "pyn");
}

static void characters_are_whole(void **state)
{
	static const char ideograph[] = "\xe6\x97\xa5";
	struct keys k = {0};
	*seen = '\0';
	for (int i = 0; i < 3; i++)
		keys_feed(&k, ideograph + i, 1, remember, NULL);
	assert_string_equal(seen, ideograph);
	assert_string_equal(keys_of("\xff"), "");
	assert_string_equal(keys_of("\xc0\x80"), "");
	assert_non_null(strstr(keys_of("\xe6\x97y"), "y")); /* cut short: what follows is itself */
	assert_string_equal(keys_of("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
}

static void kittys_keys(void **state)
{
	assert_string_equal(keys_of("\x1b[121u"), "y");
	assert_string_equal(keys_of("\x1b[121;1:3u"), "<other>"); /* let go */
	assert_string_equal(keys_of("\x1b[121;5u"), "<other>");   /* Ctrl-y */
	assert_string_equal(keys_of("\x1b[99;5u"), "<cancel>");
	assert_string_equal(keys_of("\x1b[100;5u"), "<eof>");
	assert_string_equal(keys_of("\x1b[27u"), "<escape>");
	assert_string_equal(keys_of("\x1b[13u"), "<enter>");
	assert_string_equal(keys_of("\x1b[?1u"), "<report>");
}

static void a_sequence_without_end(void **state)
{
	struct keys k = {0};
	*seen = '\0';
	feed(&k, "\x1b]0;");
	for (int i = 0; i < 3 * KEYS_SEQ_MAX; i++)
		feed(&k, "y");
	assert_string_equal(seen, "");
	feed(&k, "\x07");
	assert_string_equal(seen, "<other>"); /* too long to be handed on */
	feed(&k, "n");
	assert_string_equal(seen, "<other>n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_keys),
		cmocka_unit_test(escape_alone_takes_its_time),
		cmocka_unit_test(sequences_are_no_letters),
		cmocka_unit_test(a_sequence_may_come_in_pieces),
		cmocka_unit_test(several_keys_at_once_are_a_burst),
		cmocka_unit_test(what_is_pasted_is_marked),
		cmocka_unit_test(characters_are_whole),
		cmocka_unit_test(kittys_keys),
		cmocka_unit_test(a_sequence_without_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
