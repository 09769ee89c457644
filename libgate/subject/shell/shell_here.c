/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_here.c - redirections and here-documents of a shell text: they are not words of a command, but their expansions
 * run commands. */
#include "subject/shell/shell_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Read the expansions in an unquoted body. */
static int shell_here_read_expansions(struct shell *sh)
{
	int r = 0;
	while (!r && !shell_end(sh)) {
		char c = shell_peek(sh, 0);
		if (c == '$')
			r = shell_read_dollar(sh, NULL, NULL, true);
		else if (c == '`')
			r = shell_read_backticks(sh, NULL, false);
		else
			sh->pos += c == '\\' && sh->pos + 1 < sh->len ? 2 : 1;
	}
	return r;
}

/* Report the command of a here-document again, now that its body is known. */
static int shell_here_tell_again(struct shell *sh, char **words, const char *body, size_t len)
{
	struct shell_command command = {.words = (const char *const *)words};
	char *text = strndup(body, len);
	if (!text)
		return -ENOMEM;
	while (words[command.n])
		command.n++;
	command.input = (struct shell_input){SHELL_INPUT_TEXT, text, strlen(text)};
	int r = sh->each(&command, sh->data);
	free(text);
	return r == SHELL_READS_INPUT ? 0 : r;
}

/* Read the body of one here-document, beginning with the line at pos. */
static int shell_here_read_body(struct shell *sh, const struct here_doc *doc)
{
	size_t from = sh->pos, end = sh->len, want = strlen(doc->delimiter);
	while (!shell_end(sh)) {
		size_t start = sh->pos;
		shell_skip_line(sh);
		size_t stop = sh->pos;
		sh->pos += !shell_end(sh);
		size_t at = start;
		while (doc->strip && at < stop && sh->s[at] == '\t')
			at++;
		if (stop - at == want && !memcmp(sh->s + at, doc->delimiter, want)) {
			end = start;
			break;
		}
	}
	struct shell body = {.s = sh->s + from,
			     .len = end - from,
			     .depth = sh->depth,
			     .each = sh->each,
			     .data = sh->data,
			     .vars = sh->vars};
	int r = doc->quoted ? 0 : shell_here_read_expansions(&body);
	shell_drop_docs(&body);
	return r || !doc->words ? r : shell_here_tell_again(sh, doc->words, body.s, body.len);
}

static void shell_here_split_line_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

static char **shell_here_words_copy(char **words)
{
	size_t n = 0;
	while (words[n])
		n++;
	char **copy = calloc(n + 1, sizeof *copy);
	for (size_t i = 0; copy && i < n; i++) {
		copy[i] = strdup(words[i]);
		if (!copy[i]) {
			shell_here_split_line_free(copy);
			return NULL;
		}
	}
	return copy;
}

int shell_take_docs(struct shell *sh, size_t from, char **words, bool wanted)
{
	for (size_t i = from; i < sh->ndocs; i++) {
		struct here_doc *doc = &sh->docs[i];
		if (doc->taken) /* by a command in a substitution of this command */
			continue;
		doc->taken = true;
		if (wanted && !(doc->words = shell_here_words_copy(words)))
			return -ENOMEM;
	}
	return 0;
}

void shell_drop_docs(struct shell *sh)
{
	for (size_t i = 0; i < sh->ndocs; i++) {
		free(sh->docs[i].delimiter);
		shell_here_split_line_free(sh->docs[i].words);
	}
	free(sh->docs);
	sh->docs = NULL;
	sh->ndocs = 0;
	shell_writers_free(&sh->said);
	strbuf_free(&sh->spoken);
}

int shell_read_bodies(struct shell *sh)
{
	int r = 0;
	for (size_t i = 0; !r && i < sh->ndocs; i++)
		r = shell_here_read_body(sh, &sh->docs[i]);
	shell_drop_docs(sh);
	return r;
}

static int shell_here_announce(struct shell *sh, struct shell_word *w, bool strip)
{
	struct here_doc *grown = realloc(sh->docs, (sh->ndocs + 1) * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	sh->docs = grown;
	char *text = strbuf_take(&w->text);
	if (!text)
		return -ENOMEM;
	sh->docs[sh->ndocs++] = (struct here_doc){.delimiter = text, .strip = strip, .quoted = w->quoted};
	return 0;
}

/* Set the standard input of the command to `kind`, with the word's text. */
static void shell_here_set_input(struct shell_list *l, enum shell_input_kind kind, struct shell_word *w)
{
	l->input = kind;
	strbuf_free(&l->text);
	if (w->text.len)
		strbuf_put(&l->text, w->text.s, w->text.len);
}

/* Add a file that is opened for writing, unless it has nothing to lose. */
static int shell_here_add_output(struct shell *sh, struct shell_list *l, bool append, struct shell_word *w)
{
	static const char *const harmless[] = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "-", NULL};
	const char *file = w->text.s ? w->text.s : "";
	bool told = sh->vars && file[strspn(file, "0123456789")];
	for (const char *const *h = harmless; told && *h; h++)
		told = strcmp(*h, file);
	cleanup_strbuf struct strbuf sign = {0};
	strbuf_puts(&sign, append ? ">>" : ">");
	int r = told ? shell_list_push(&l->outputs, &l->noutputs, &sign) : 0;
	return r || !told ? r : shell_list_push(&l->outputs, &l->noutputs, &w->text);
}

/* What writes into the command's input now: the commands of < <(...) or <<< $(...), or nobody. */
static void shell_here_take_writers(struct shell *sh, struct shell_list *l, const char *word)
{
	bool file = !strncmp(word, "<(", 2);
	shell_writers_free(&l->writers);
	if (!file && strncmp(word, "$(", 2) != 0)
		return;
	l->writers = sh->said;
	sh->said = (struct shell_writers){0};
	if (!file)
		return;
	strbuf_free(&l->text);
	l->text = sh->spoken;
	sh->spoken = (struct strbuf){0};
	l->input = l->text.len && !l->writers.n ? SHELL_INPUT_TEXT : SHELL_INPUT_UNKNOWN;
}

/* Read a redirection at pos, its number already skipped.  Neither the number nor the target is a word of the
 * command. */
int shell_read_redirection(struct shell *sh, struct shell_list *l)
{
	size_t from = sh->pos;
	while (!shell_end(sh) && strchr("<>&|", shell_peek(sh, 0)) && shell_peek(sh, 1) != '(' && sh->pos - from < 3)
		sh->pos++;
	size_t n = sh->pos - from;
	bool in = n && sh->s[from] == '<', here = n == 2 && in && sh->s[from + 1] == '<';
	bool string = n == 3 && !memcmp(sh->s + from, "<<<", 3);
	bool strip = here && shell_peek(sh, 0) == '-';
	sh->pos += strip;
	shell_skip_blanks(sh);
	struct shell_word w = {0};
	size_t start = sh->pos;
	int r = shell_read_word(sh, &w);
	bool known = !memchr(sh->s + start, '$', sh->pos - start) && !memchr(sh->s + start, '`', sh->pos - start) &&
		     strncmp(w.text.s ? w.text.s : "", "<(", 2) != 0;
	if (!r && here) {
		shell_here_set_input(l, SHELL_INPUT_LATER, &(struct shell_word){0});
		r = shell_here_announce(sh, &w, strip);
	} else if (!r && string) {
		shell_here_set_input(l, SHELL_INPUT_TEXT, &w);
	} else if (!r && in) {
		known &= n == 1;
		shell_here_set_input(l, known ? SHELL_INPUT_FILE : SHELL_INPUT_UNKNOWN,
				     known ? &w : &(struct shell_word){0});
	}
	if (!r && in)
		shell_here_take_writers(sh, l, w.text.s ? w.text.s : "");
	if (!r && (!in || (n == 2 && sh->s[from + 1] == '>')))
		r = shell_here_add_output(sh, l, n > 1 && sh->s[from + n - 2] == '>' && sh->s[from + n - 1] == '>', &w);
	strbuf_free(&w.text);
	return r;
}

const char *shell_here_whole(const char *text, size_t *len)
{
	static const char cat[] = "$(cat <<";
	char word[64];
	if (strncmp(text, cat, sizeof cat - 1) != 0)
		return NULL;
	const char *p = text + sizeof cat - 1;
	p += *p == '-';
	p += strspn(p, " \t\"'\\");
	size_t n = strcspn(p, " \t\"'\n)");
	const char *body = p + n + strspn(p + n, " \t\"'");
	if (!n || n > sizeof word - 2 || *body != '\n')
		return NULL;
	snprintf(word, sizeof word, "\n%.*s", (int)n, p);
	const char *end = strstr(body, word);
	if (!end || strspn(end + n + 1, " \t\n") + 1 != strlen(end + n + 1) || text[strlen(text) - 1] != ')')
		return NULL;
	*len = (size_t)(end - body);
	return body;
}
