/* shelltext_here.c - redirections and here-documents of a shell text: no words of a command, but what they expand
 * runs. */
#include "shelltext_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Expansions of a body that is not quoted. */
static int read_expansions(struct shell *sh)
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

/* The body of one here-document, from the line at pos on. */
static int read_body(struct shell *sh, const struct here_doc *doc)
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
	if (doc->script)
		return shell_read_text(sh, sh->s + from, end - from);
	if (doc->quoted)
		return 0;
	struct shell body = {
		.s = sh->s + from, .len = end - from, .depth = sh->depth, .each = sh->each, .data = sh->data};
	int r = read_expansions(&body);
	shell_drop_docs(&body);
	return r;
}

int shell_take_docs(struct shell *sh, size_t from, bool script)
{
	int r = 0;
	for (size_t i = from; !r && i < sh->ndocs; i++) {
		struct here_doc *doc = &sh->docs[i];
		if (doc->taken) /* by a command in a substitution of this one */
			continue;
		doc->taken = true;
		doc->script = script;
		if (doc->string && script)
			r = shell_read_text(sh, doc->string, strlen(doc->string));
	}
	return r;
}

void shell_drop_docs(struct shell *sh)
{
	for (size_t i = 0; i < sh->ndocs; i++) {
		free(sh->docs[i].delimiter);
		free(sh->docs[i].string);
	}
	free(sh->docs);
	sh->docs = NULL;
	sh->ndocs = 0;
}

int shell_read_bodies(struct shell *sh)
{
	int r = 0;
	for (size_t i = 0; !r && i < sh->ndocs; i++)
		if (sh->docs[i].delimiter)
			r = read_body(sh, &sh->docs[i]);
	shell_drop_docs(sh);
	return r;
}

static int announce(struct shell *sh, struct shell_word *w, bool string, bool strip)
{
	struct here_doc *grown = realloc(sh->docs, (sh->ndocs + 1) * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	sh->docs = grown;
	char *text = strbuf_take(&w->text);
	if (!text)
		return -ENOMEM;
	struct here_doc doc = {.strip = strip, .quoted = w->quoted};
	*(string ? &doc.string : &doc.delimiter) = text;
	sh->docs[sh->ndocs++] = doc;
	return 0;
}

/* A redirection at pos, its number already stepped over: neither it nor its target is a word of the command. */
int shell_read_redirection(struct shell *sh)
{
	size_t from = sh->pos;
	while (!shell_end(sh) && strchr("<>&|", shell_peek(sh, 0)) && shell_peek(sh, 1) != '(' && sh->pos - from < 3)
		sh->pos++;
	size_t n = sh->pos - from;
	bool here = n >= 2 && !memcmp(sh->s + from, "<<", 2), string = here && n == 3 && sh->s[from + 2] == '<';
	bool strip = here && n == 2 && shell_peek(sh, 0) == '-';
	sh->pos += strip;
	shell_skip_blanks(sh);
	struct shell_word w = {0};
	int r = shell_read_word(sh, &w);
	if (!r && here)
		r = announce(sh, &w, string, strip);
	strbuf_free(&w.text);
	return r;
}
