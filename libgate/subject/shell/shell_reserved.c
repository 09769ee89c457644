/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_reserved.c - skips the shell's reserved words, so that the next word is in command position, together with the
 * words of `for`, `case`, `[[` and `function`, which are never commands. */
#include "subject/shell/shell_internal.h"

#include <string.h>

/* Skip words up to an unquoted `stop` byte or the word `last`.  Commands in their substitutions are reported. */
int shell_skip_words(struct shell *sh, const char *stop, const char *last)
{
	int r = 0;
	for (bool done = false; !r && !done;) {
		shell_skip_blanks(sh);
		char c = shell_peek(sh, 0);
		if (shell_end(sh) || (c && strchr(stop, c)))
			return 0;
		struct shell_word w = {0};
		size_t from = sh->pos;
		r = shell_read_word(sh, &w);
		if (sh->pos == from)
			sh->pos++;
		done = last && !w.quoted && w.text.s && !strcmp(w.text.s, last);
		strbuf_free(&w.text);
	}
	return r;
}

/* Take one word, if it is exactly `word`. */
static bool shell_reserved_take_word(struct shell *sh, const char *word)
{
	size_t n = strlen(word);
	if (sh->len - sh->pos < n || memcmp(sh->s + sh->pos, word, n))
		return false;
	char after = shell_peek(sh, n);
	if (sh->pos + n < sh->len && !strchr(" \t\n;&|()<>", after))
		return false;
	sh->pos += n;
	return true;
}

static void shell_reserved_skip_newlines(struct shell *sh)
{
	for (shell_skip_blanks(sh); shell_peek(sh, 0) == '\n' || shell_peek(sh, 0) == '#'; shell_skip_blanks(sh)) {
		if (shell_peek(sh, 0) == '#')
			shell_skip_line(sh);
		sh->pos += !shell_end(sh);
	}
}

/* Skip one word. */
static int shell_reserved_skip_word(struct shell *sh)
{
	struct shell_word w = {0};
	shell_skip_blanks(sh);
	int r = shell_read_word(sh, &w);
	strbuf_free(&w.text);
	return r;
}

/* for NAME in WORDS; for ((...)); select likewise. */
static int shell_reserved_read_for(struct shell *sh)
{
	shell_skip_blanks(sh);
	if (shell_peek(sh, 0) == '(' && shell_peek(sh, 1) == '(') {
		sh->pos++;
		return shell_read_arithmetic(sh);
	}
	struct shell_word name = {0};
	int r = shell_read_word(sh, &name);
	if (!r && sh->vars && name.text.s) /* each of the words in turn */
		r = shell_vars_set(sh->vars, name.text.s, name.text.len, NULL);
	strbuf_free(&name.text);
	shell_reserved_skip_newlines(sh);
	if (!r && shell_reserved_take_word(sh, "in"))
		r = shell_skip_words(sh, ";\n&|)", NULL);
	return r;
}

static int shell_reserved_read_case(struct shell *sh, struct shell_list *l)
{
	int r = shell_reserved_skip_word(sh);
	shell_reserved_skip_newlines(sh);
	if (!r && shell_reserved_take_word(sh, "in")) {
		l->cases++;
		l->pattern = true;
	}
	return r;
}

/* `a | b)` or `esac`. */
int shell_read_pattern(struct shell *sh, struct shell_list *l)
{
	shell_reserved_skip_newlines(sh);
	l->pattern = false;
	if (shell_reserved_take_word(sh, "esac")) {
		l->cases--;
		shell_pipe_close(l);
		return 0;
	}
	sh->pos += shell_peek(sh, 0) == '(';
	int r = shell_skip_words(sh, ")", NULL);
	sh->pos += !shell_end(sh);
	return r;
}

/* function NAME [()] */
static int shell_reserved_read_function(struct shell *sh)
{
	int r = shell_reserved_skip_word(sh);
	shell_skip_blanks(sh);
	if (shell_peek(sh, 0) == '(') {
		sh->pos++;
		shell_skip_blanks(sh);
		sh->pos += shell_peek(sh, 0) == ')';
	}
	return r;
}

/* coproc [NAME] COMMAND: a name can appear only before a compound command. */
static void shell_reserved_read_coproc(struct shell *sh)
{
	shell_skip_blanks(sh);
	size_t name = sh->pos;
	while (shell_in_name(shell_peek(sh, 0)))
		sh->pos++;
	shell_skip_blanks(sh);
	if (shell_peek(sh, 0) != '{' && shell_peek(sh, 0) != '(')
		sh->pos = name;
}

/* Follow the compound commands, whose output may go into a pipe: { a; } | b */
static void shell_reserved_compound(struct shell_list *l, const char *word)
{
	static const char *const opening[] = {"{", "if", "while", "until", "for", "select", "case", NULL};
	static const char *const closing[] = {"}", "fi", "done", "esac", NULL};
	for (const char *const *p = opening; *p; p++)
		if (!strcmp(word, *p))
			shell_pipe_open(l);
	for (const char *const *p = closing; *p; p++)
		if (!strcmp(word, *p))
			shell_pipe_close(l);
}

int shell_read_reserved(struct shell *sh, struct shell_list *l, const char *word, bool *reserved)
{
	static const char *const plain[] = {"!",  "{",     "}",     "if", "then", "elif", "else",
					    "fi", "while", "until", "do", "done", NULL};
	*reserved = true;
	shell_reserved_compound(l, word);
	for (const char *const *p = plain; *p; p++)
		if (!strcmp(word, *p))
			return 0;
	if (!strcmp(word, "time")) {
		do
			shell_skip_blanks(sh);
		while (shell_reserved_take_word(sh, "-p") || shell_reserved_take_word(sh, "--"));
		return 0;
	}
	if (!strcmp(word, "for") || !strcmp(word, "select"))
		return shell_reserved_read_for(sh);
	if (!strcmp(word, "case"))
		return shell_reserved_read_case(sh, l);
	if (!strcmp(word, "function"))
		return shell_reserved_read_function(sh);
	if (!strcmp(word, "coproc")) {
		shell_reserved_read_coproc(sh);
		return 0;
	}
	if (!strcmp(word, "[["))
		return shell_skip_words(sh, "\n", "]]");
	if (!strcmp(word, "esac") && l->cases) {
		l->cases--;
		return 0;
	}
	*reserved = false;
	return 0;
}
