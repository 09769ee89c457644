/* SPDX-License-Identifier: BSD-2-Clause */
/* shelltext_bash.c - random shell texts: every command that bash really runs is among those the tokenizer finds.
 *
 * The pieces are put together blindly, so most texts are broken somewhere; bash runs what comes before.  None of the
 * commands exist: bash hands each to command_not_found_handle, which notes its name and succeeds or fails at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "subject/shell/shell.h"
#include "subject/subject.h"

enum { TEXTS = 1000, PIECES_MAX = 14 };

/* Nothing that runs in the background: nobody would wait for it. */
static const char *const pieces[] = {"ca",
				     "cb",
				     "cc",
				     "cd",
				     "ca cb",
				     "x1",
				     " ",
				     " ",
				     " ",
				     ";",
				     "; ",
				     "&&",
				     "||",
				     "|",
				     "\n",
				     "(",
				     ")",
				     "{ ",
				     "; }",
				     "if ",
				     "; then ",
				     "; else ",
				     "; fi",
				     "for v in x y; do ",
				     "; done",
				     "while ca; do break; ",
				     "until cb; do ",
				     "case ca in ",
				     "ca) ",
				     "*) ",
				     ";; ",
				     "; esac",
				     "esac",
				     "cc $(",
				     ") ",
				     "cd `ca` ",
				     "'",
				     "'",
				     "\"",
				     "\"",
				     "<<E ",
				     "\nE\n",
				     "<<'E' ",
				     "<<-E\n",
				     "<<<",
				     "# ",
				     "\\",
				     "\\\n",
				     ">/dev/null ",
				     "2>&1 ",
				     "x1 $((1+1)) ",
				     "((1)) ",
				     " [[ a ]] ",
				     "! ",
				     "time ",
				     "f() { ",
				     "f() ",
				     "function g { ",
				     "A=1 ",
				     "B=(x y) ",
				     "}",
				     "$'\\t'",
				     "=",
				     " @(",
				     " [[ -n ",
				     " ]] ",
				     "in",
				     "do",
				     "done"};

/* Each text by itself, what it ran noted on descriptor 9, a \1 behind it. */
static const char script[] =
	"command_not_found_handle() { printf '%s\\0' \"$1\" >&9; return $((RANDOM % 2)); }\n"
	"RANDOM=1\n"
	"while IFS= read -r -d '' text; do\n"
	"	(exec </dev/null; eval \"$text\") >/dev/null 2>&1\n"
	"	printf '\\1\\0' >&9\n"
	"done";

static unsigned next_random(void)
{
	static uint32_t state = 20240229;
	state = state * 1664525u + 1013904223u;
	return state >> 16;
}

static char *random_text(void)
{
	struct strbuf b = {0};
	for (unsigned n = 2 + next_random() % PIECES_MAX; n; n--)
		strbuf_puts(&b, pieces[next_random() % (sizeof pieces / sizeof *pieces)]);
	char *text = strbuf_take(&b);
	assert_non_null(text);
	return text;
}

/* Names that were put together from several pieces may have an expansion in them, which the tokenizer can't know. */
static bool is_plain(const char *name)
{
	static const char *const words[] = {"ca", "cb", "cc", "cd", "x1", "if", "case", "{", "[[", NULL};
	for (const char *const *w = words; *w; w++)
		if (!strcmp(*w, name))
			return true;
	return false;
}

struct wanted {
	const char *name;
	bool found;
};

static int look(const struct shell_command *command, void *data)
{
	struct wanted *w = data;
	w->found |= !strcmp(command->words[0], w->name);
	return 0;
}

static bool finds(const char *text, const char *name)
{
	struct wanted w = {.name = name};
	assert_int_equal(shell_commands(text, strlen(text), NULL, look, &w), 0);
	return w.found;
}

static void all_that_bash_runs_is_found(void **state)
{
	static char *texts[TEXTS];
	char dir[] = "/tmp/gate-bash.XXXXXX", *name = NULL;
	size_t size = 0, ran = 0, missed = 0, i = 0;
	if (system("command -v bash timeout >/dev/null"))
		skip();
	assert_non_null(mkdtemp(dir));
	assert_int_equal(setenv("SCRIPT", script, 1), 0);
	assert_int_equal(unsetenv("BASH_ENV"), 0);
	assert_int_equal(chdir(dir), 0);
	FILE *f = fopen("texts", "w");
	assert_non_null(f);
	for (i = 0; i < TEXTS; i++) {
		texts[i] = random_text();
		assert_true(fwrite(texts[i], strlen(texts[i]) + 1, 1, f) == 1);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(system("timeout 60 bash -c 'eval \"$SCRIPT\"' <texts 9>ran"), 0);
	f = fopen("ran", "r");
	assert_non_null(f);
	for (i = 0; getdelim(&name, &size, '\0', f) > 0;) {
		if (!strcmp(name, "\1")) {
			i++;
			continue;
		}
		assert_true(i < TEXTS);
		ran++;
		if (!is_plain(name) || finds(texts[i], name))
			continue;
		print_error("bash runs `%s`, which is not found in:\n%s\n", name, texts[i]);
		missed++;
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(i, TEXTS);
	assert_true(ran > TEXTS / 20);
	assert_int_equal(missed, 0);
	for (i = 0; i < TEXTS; i++)
		free(texts[i]);
	free(name);
	unlink("texts");
	unlink("ran");
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_that_bash_runs_is_found)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
