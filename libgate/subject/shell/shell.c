/* SPDX-License-Identifier: BSD-2-Clause */
/* shell.c - finds the commands of a shell text: the words in command position, and nothing else.
 *
 * The parser follows the grammar only as far as that needs.  It skips reserved words, so `then`, `do` and `{` leave the
 * next word in command position; the words of `for`, `case` and `[[` never are. */
#include "subject/shell/shell_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void shell_list_clear(char **words, size_t *n)
{
	while (*n)
		free(words[--*n]);
}

static void shell_words_clear(struct shell_list *l)
{
	shell_list_clear(l->words, &l->n);
	shell_list_clear(l->assigned, &l->nassigned);
	shell_list_clear(l->outputs, &l->noutputs);
}

int shell_list_push(char ***words, size_t *n, struct strbuf *text)
{
	if (!(*n & (*n + 1))) { /* full, with room for the NULL, at every power of two less one */
		char **grown = realloc(*words, (*n + 1) * 2 * sizeof *grown);
		if (!grown)
			return -ENOMEM;
		*words = grown;
	}
	char *word = strbuf_take(text);
	if (!word)
		return -ENOMEM;
	(*words)[(*n)++] = word;
	(*words)[*n] = NULL;
	return 0;
}

/* Take the text of w: one word, or the words between the blanks that its variables contained. */
static int shell_words_push(struct shell_list *l, struct shell_word *w)
{
	size_t from = 0;
	int r = 0;
	if (!w->ngaps)
		return shell_list_push(&l->words, &l->n, &w->text);
	for (size_t i = 0; !r && i <= w->ngaps; i++) {
		size_t to = i < w->ngaps ? w->gaps[i].from : w->text.len;
		struct strbuf part = {0};
		strbuf_put(&part, w->text.s + from, to - from);
		if (part.err || to > from)
			r = part.err ? part.err : shell_list_push(&l->words, &l->n, &part);
		strbuf_free(&part);
		from = i < w->ngaps ? w->gaps[i].to : to;
	}
	return r;
}

/* End the simple command.  `piped`: the next command reads its output. */
static int shell_end_command(struct shell *sh, struct shell_list *l, bool piped)
{
	int r = 0;
	if (l->text.err)
		return -ENOMEM;
	if (l->n || l->nassigned || l->noutputs) {
		struct shell_command command = {.words = (const char *const *)l->words, .n = l->n};
		command.writers = (const char *const *)l->writers.v;
		command.assigned = l->nassigned ? (const char *const *)l->assigned : NULL;
		command.outputs = l->noutputs ? (const char *const *)l->outputs : NULL;
		command.input = (struct shell_input){l->input, l->text.s ? l->text.s : "", l->text.len};
		r = shell_tell(sh, l, &command);
	}
	bool wanted = r == SHELL_READS_INPUT;
	if (!r || wanted) {
		int err = shell_builtin_variables(sh, l);
		r = err ? err : r;
	}
	if (r && !(wanted && r == SHELL_READS_INPUT))
		return r;
	if (!piped || !shell_hands_on(l)) {
		r = shell_take_docs(sh, l->docs, l->words, wanted);
		l->docs = sh->ndocs;
		int err = piped ? shell_pipe_output(sh, l) : shell_pipe_end(sh, l);
		r = r ? r : err;
	}
	l->piped = piped;
	l->closed = l->said.n;
	l->spoken_closed = l->spoken.len;
	l->begun = l->subshell = false;
	shell_words_clear(l);
	return r;
}

/* Does the source begin with NAME=, NAME+= or NAME[...]=? */
static bool shell_is_assignment(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && (shell_in_name(s[i]) || (s[i] == '\\' && i + 1 < n && s[i + 1] == '\n')))
		i += s[i] == '\\' ? 2 : 1; /* a line continuation can appear anywhere */
	if (!i || (*s >= '0' && *s <= '9'))
		return false;
	if (i < n && s[i] == '[') {
		const char *close = memchr(s + i, ']', n - i);
		if (!close)
			return false;
		i = (size_t)(close - s) + 1;
	}
	i += i < n && s[i] == '+';
	return i < n && s[i] == '=';
}

/* Read the words of NAME=( ... ), from the parenthesis on. */
static int shell_read_array(struct shell *sh)
{
	int r = 0;
	while (!r && !shell_end(sh) && shell_peek(sh, 0) != ')') {
		sh->pos++; /* the parenthesis, or a newline */
		r = shell_skip_words(sh, ")\n", NULL);
	}
	sh->pos += !shell_end(sh);
	return r;
}

/* Does the word just read belong to the redirection that follows it: 2>file, {fd}>file? */
static bool shell_is_descriptor(const struct shell *sh, const struct shell_word *w)
{
	const char *text = w->text.s;
	char next = shell_peek(sh, 0);
	if (w->quoted || !w->text.len || (next != '<' && next != '>'))
		return false;
	return strspn(text, "0123456789") == w->text.len || (*text == '{' && text[w->text.len - 1] == '}');
}

/* Ignores the commands in a word's substitutions: they were reported when the word was first read. */
static int shell_told_already(const struct shell_command *command, void *data)
{
	return 0;
}

/* Push the word from `from` to pos, which has been read.  Braces in it are expanded. */
static int shell_push_expanded(struct shell *sh, struct shell_list *l, size_t from, struct shell_word *w)
{
	struct shell_braces b;
	int r = shell_expand_braces(sh->s + from, sh->pos - from, &b);
	if (!r && !b.n)
		r = shell_words_push(l, w);
	for (size_t i = 0; !r && i < b.n; i++) {
		struct shell one = {.s = b.words[i],
				    .len = strlen(b.words[i]),
				    .depth = sh->depth,
				    .each = shell_told_already,
				    .vars = sh->vars};
		struct shell_word word = {0};
		r = shell_read_word(&one, &word);
		shell_drop_docs(&one);
		if (!r && (word.text.len || word.quoted))
			r = shell_words_push(l, &word);
		strbuf_free(&word.text);
	}
	shell_braces_free(&b);
	return r;
}

/* Read a word of the command at pos, or a descriptor, assignment or reserved word that looks like one. */
static int shell_read_command_word(struct shell *sh, struct shell_list *l)
{
	struct shell_word w = {.argument = l->n > 0};
	size_t from = sh->pos;
	int r = shell_read_word(sh, &w);
	bool dropped = (!w.text.len && !w.quoted) || shell_is_descriptor(sh, &w); /* empty: only line continuations */
	if (!r && !dropped && !l->n) {
		if (shell_is_assignment(sh->s + from, sh->pos - from)) {
			dropped = l->begun = true;
			if (shell_peek(sh, 0) == '(' && sh->s[sh->pos - 1] == '=') {
				w.text.s[strcspn(w.text.s, "+=[")] =
					'\0'; /* a list: keep only its name, whose value is unknown from now on */
				r = shell_read_array(sh);
			}
			if (!r && sh->vars)
				r = shell_list_push(&l->assigned, &l->nassigned, &w.text);
		} else if (!w.quoted && !l->begun && !w.ngaps) {
			r = shell_read_reserved(sh, l, w.text.s, &dropped);
		}
	}
	if (!r && !dropped)
		r = shell_push_expanded(sh, l, from, &w);
	strbuf_free(&w.text);
	return r;
}

/* `(` begins a function's body, arithmetic, or a subshell. */
static int shell_read_parenthesis(struct shell *sh, struct shell_list *l)
{
	sh->pos++;
	shell_skip_blanks(sh);
	if (l->n == 1 && shell_peek(sh, 0) == ')') {
		sh->pos++;
		int err = sh->vars ? shell_define_function(sh, l->words[0]) : 0;
		shell_words_clear(l); /* the name of a function; its body follows */
		l->begun = false;
		return err;
	}
	int r = l->n ? shell_end_command(sh, l, false) : 0;
	l->subshell = true;
	return r ? r : shell_read_commands(sh, ')');
}

static int shell_read_operator(struct shell *sh, struct shell_list *l)
{
	char c = shell_peek(sh, 0), next = shell_peek(sh, 1);
	bool goes_on = c == '\n' && l->piped && !l->n && !l->begun && !l->subshell; /* a | <newline> b */
	int r = goes_on ? 0 : shell_end_command(sh, l, c == '|' && next != '|');
	sh->pos += c == '|' && (next == '&' || next == '|') ? 2 : 1;
	if (c == ';' && l->cases && (next == ';' || next == '&')) {
		l->pattern = true;
		sh->pos += next == ';' && shell_peek(sh, 1) == '&' ? 2 : 1;
	}
	if (!r && c == '\n')
		r = shell_read_bodies(sh);
	return r;
}

static int shell_read_list(struct shell *sh, struct shell_list *l, char close)
{
	int r = 0;
	while (!r) {
		shell_skip_blanks(sh);
		char c = shell_peek(sh, 0), next = shell_peek(sh, 1);
		if (shell_end(sh))
			break;
		if (l->pattern) {
			r = shell_read_pattern(sh, l);
		} else if (c == '#') {
			shell_skip_line(sh);
		} else if (c == ')') {
			r = shell_end_command(sh, l, false);
			sh->pos++;
			if (close == ')')
				return r;
		} else if (c == '(' && next == '(' && !l->n && shell_is_arithmetic(sh)) {
			sh->pos++;
			r = shell_read_arithmetic(sh);
		} else if (c == '(') {
			r = shell_read_parenthesis(sh, l);
		} else if (c == '&' && next == '>') {
			sh->pos++;
			l->begun = true;
			r = shell_read_redirection(sh, l);
		} else if (c && strchr("\n;&|", c)) {
			r = shell_read_operator(sh, l);
		} else if ((c == '<' || c == '>') && next != '(') {
			l->begun = true;
			r = shell_read_redirection(sh, l);
		} else {
			r = shell_read_command_word(sh, l);
		}
	}
	return r ? r : shell_end_command(sh, l, false);
}

int shell_read_commands(struct shell *sh, char close)
{
	struct shell_list l = {.docs = sh->ndocs};
	if (sh->depth >= SHELL_DEPTH_MAX)
		return -E2BIG;
	sh->depth++;
	int r = shell_read_list(sh, &l, close);
	sh->depth--;
	shell_words_clear(&l);
	free(l.words);
	free(l.assigned);
	free(l.outputs);
	strbuf_free(&l.text);
	shell_writers_free(&l.writers);
	shell_writers_free(&sh->said);
	sh->said = l.said;
	strbuf_free(&sh->spoken);
	sh->spoken = l.spoken;
	return r;
}

int shell_read_text(const struct shell *sh, const char *text, size_t len)
{
	struct shell sub = {
		.s = text, .len = len, .depth = sh->depth, .each = sh->each, .data = sh->data, .vars = sh->vars};
	int r = shell_read_commands(&sub, '\0');
	shell_drop_docs(&sub);
	return r;
}

int shell_commands(const char *text, size_t len, struct shell_vars *vars, shell_command_fn *each, void *data)
{
	struct shell sh = {.each = each, .data = data, .vars = vars};
	return shell_read_text(&sh, text, len);
}
