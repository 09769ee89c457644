/* shelltext.c - the commands of a shell text: what stands where a command can stand, and nothing else.
 *
 * Grammar is followed only as far as it decides that: reserved words are stepped over, so `then`, `do` and `{` leave the
 * next word in command position, while the words of `for`, `case` and `[[` are kept out of it. */
#include "shelltext_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The simple command being read, and where in the grammar its list stands. */
struct list {
	char **words; /* NULL-terminated when not NULL */
	size_t n;
	unsigned cases; /* `case`s that are open in this list */
	bool pattern;   /* the next thing is a case pattern */
};

static void words_clear(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->words[i]);
	l->n = 0;
}

/* Takes the text of w. */
static int words_push(struct list *l, struct shell_word *w)
{
	if (!(l->n & (l->n + 1))) { /* full, with room for the NULL, at every power of two less one */
		char **grown = realloc(l->words, (l->n + 1) * 2 * sizeof *grown);
		if (!grown)
			return -ENOMEM;
		l->words = grown;
	}
	char *text = strbuf_take(&w->text);
	if (!text)
		return -ENOMEM;
	l->words[l->n++] = text;
	l->words[l->n] = NULL;
	return 0;
}

/* The simple command is complete. */
static int end_command(struct shell *sh, struct list *l)
{
	int r = 0;
	if (l->n) {
		struct shell_command command = {(const char *const *)l->words, l->n};
		r = sh->each(&command, sh->data);
	}
	words_clear(l);
	return r;
}

static void skip_blanks(struct shell *sh)
{
	for (;;) {
		char c = shell_peek(sh, 0);
		if (c == '\\' && shell_peek(sh, 1) == '\n')
			sh->pos += 2;
		else if (c == ' ' || c == '\t')
			sh->pos++;
		else
			return;
	}
}

static void skip_line(struct shell *sh)
{
	const char *nl = memchr(sh->s + sh->pos, '\n', sh->len - sh->pos);
	sh->pos = nl ? (size_t)(nl - sh->s) : sh->len;
}

/* --- here-documents ------------------------------------------------------------------------------------------------ */

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
		skip_line(sh);
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
	struct shell body = {.s = sh->s + from, .len = end - from, .depth = sh->depth, .each = sh->each, .data = sh->data};
	return doc->quoted ? 0 : read_expansions(&body);
}

/* A line ended: the bodies that its here-documents announced follow. */
static int read_bodies(struct shell *sh)
{
	int r = 0;
	struct here_doc *docs = sh->docs;
	size_t n = sh->ndocs;
	sh->docs = NULL;
	sh->ndocs = 0;
	for (size_t i = 0; i < n; i++) {
		if (!r)
			r = read_body(sh, &docs[i]);
		free(docs[i].delimiter);
	}
	free(docs);
	return r;
}

static int announce_body(struct shell *sh, struct shell_word *w, bool strip)
{
	struct here_doc *grown = realloc(sh->docs, (sh->ndocs + 1) * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	sh->docs = grown;
	char *delimiter = strbuf_take(&w->text);
	if (!delimiter)
		return -ENOMEM;
	sh->docs[sh->ndocs++] = (struct here_doc){delimiter, strip, w->quoted};
	return 0;
}

/* A redirection at pos, its number already stepped over: neither it nor its target is a word of the command. */
static int read_redirection(struct shell *sh)
{
	size_t from = sh->pos;
	while (!shell_end(sh) && strchr("<>&|", shell_peek(sh, 0)) && shell_peek(sh, 1) != '(' && sh->pos - from < 3)
		sh->pos++;
	size_t n = sh->pos - from;
	bool here = n == 2 && !memcmp(sh->s + from, "<<", 2), strip = here && shell_peek(sh, 0) == '-';
	sh->pos += strip;
	skip_blanks(sh);
	struct shell_word w = {0};
	int r = shell_read_word(sh, &w);
	if (!r && here)
		r = announce_body(sh, &w, strip);
	strbuf_free(&w.text);
	return r;
}

/* --- words in command position -------------------------------------------------------------------------------------- */

/* Words to throw away, up to one of the unquoted `stop` bytes or the word `last`; their substitutions are commands. */
static int skip_words(struct shell *sh, const char *stop, const char *last)
{
	int r = 0;
	for (bool done = false; !r && !done;) {
		skip_blanks(sh);
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

/* One word, if it is exactly `word`. */
static bool take_word(struct shell *sh, const char *word)
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

static void skip_newlines(struct shell *sh)
{
	for (skip_blanks(sh); shell_peek(sh, 0) == '\n' || shell_peek(sh, 0) == '#'; skip_blanks(sh)) {
		if (shell_peek(sh, 0) == '#')
			skip_line(sh);
		sh->pos += !shell_end(sh);
	}
}

/* One word to throw away. */
static int skip_word(struct shell *sh)
{
	struct shell_word w = {0};
	skip_blanks(sh);
	int r = shell_read_word(sh, &w);
	strbuf_free(&w.text);
	return r;
}

/* for NAME in WORDS; for ((...)); select alike. */
static int read_for(struct shell *sh)
{
	skip_blanks(sh);
	if (shell_peek(sh, 0) == '(' && shell_peek(sh, 1) == '(') {
		sh->pos++;
		return shell_read_arithmetic(sh);
	}
	int r = skip_word(sh);
	skip_newlines(sh);
	if (!r && take_word(sh, "in"))
		r = skip_words(sh, ";\n&|)", NULL);
	return r;
}

static int read_case(struct shell *sh, struct list *l)
{
	int r = skip_word(sh);
	skip_newlines(sh);
	if (!r && take_word(sh, "in")) {
		l->cases++;
		l->pattern = true;
	}
	return r;
}

/* `a | b)` or `esac`. */
static int read_pattern(struct shell *sh, struct list *l)
{
	skip_newlines(sh);
	l->pattern = false;
	if (take_word(sh, "esac")) {
		l->cases--;
		return 0;
	}
	sh->pos += shell_peek(sh, 0) == '(';
	int r = skip_words(sh, ")", NULL);
	sh->pos += !shell_end(sh);
	return r;
}

/* function NAME [()] */
static int read_function(struct shell *sh)
{
	int r = skip_word(sh);
	skip_blanks(sh);
	if (shell_peek(sh, 0) == '(') {
		sh->pos++;
		skip_blanks(sh);
		sh->pos += shell_peek(sh, 0) == ')';
	}
	return r;
}

/* coproc [NAME] COMMAND: a name stands only before a compound command. */
static int read_coproc(struct shell *sh)
{
	size_t from;
	skip_blanks(sh);
	from = sh->pos;
	while (shell_peek(sh, 0) == '_' || (shell_peek(sh, 0) | 32) - 'a' + 0u < 26 || shell_peek(sh, 0) - '0' + 0u < 10)
		sh->pos++;
	if (sh->pos > from && shell_peek(sh, 0) == ' ') {
		skip_blanks(sh);
		if (shell_peek(sh, 0) == '{' || shell_peek(sh, 0) == '(')
			return 0;
	}
	sh->pos = from;
	return 0;
}

/* Is `word`, unquoted and in command position, a reserved word?  Then it is taken with what belongs to it. */
static int read_reserved(struct shell *sh, struct list *l, const char *word, bool *reserved)
{
	static const char *const plain[] = {"!",  "{",    "}",  "if", "then",  "elif",  "else",
					    "fi", "while", "until", "do", "done", NULL};
	*reserved = true;
	for (const char *const *p = plain; *p; p++)
		if (!strcmp(word, *p))
			return 0;
	if (!strcmp(word, "time")) {
		do
			skip_blanks(sh);
		while (take_word(sh, "-p") || take_word(sh, "--"));
		return 0;
	}
	if (!strcmp(word, "for") || !strcmp(word, "select"))
		return read_for(sh);
	if (!strcmp(word, "case"))
		return read_case(sh, l);
	if (!strcmp(word, "function"))
		return read_function(sh);
	if (!strcmp(word, "coproc"))
		return read_coproc(sh);
	if (!strcmp(word, "[["))
		return skip_words(sh, "\n", "]]");
	if (!strcmp(word, "esac") && l->cases) {
		l->cases--;
		return 0;
	}
	*reserved = false;
	return 0;
}

/* NAME=, NAME+= or NAME[...]= at the start of the source? */
static bool is_assignment(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && (s[i] == '_' || (s[i] | 32) - 'a' + 0u < 26 || (i && s[i] - '0' + 0u < 10)))
		i++;
	if (!i)
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

/* A word of the command at pos, or something that looks like one. */
static int read_command_word(struct shell *sh, struct list *l)
{
	struct shell_word w = {0};
	size_t from = sh->pos;
	int r = shell_read_word(sh, &w);
	const char *text = w.text.s ? w.text.s : "";
	bool dropped = !w.text.len && !w.quoted; /* nothing but line continuations */
	if (!r && !dropped && !l->n) {
		if (is_assignment(sh->s + from, sh->pos - from)) {
			dropped = true;
			if (shell_peek(sh, 0) == '(' && sh->s[sh->pos - 1] == '=') { /* an array's words */
				sh->pos++;
				do
					r = skip_words(sh, ")\n", NULL);
				while (!r && shell_peek(sh, 0) == '\n' && sh->pos++ < sh->len);
				sh->pos += !shell_end(sh);
			}
		} else if (!w.quoted) {
			r = read_reserved(sh, l, text, &dropped);
		}
	}
	/* 2>file, {fd}>file: the word belongs to the redirection */
	char next = shell_peek(sh, 0);
	if (!w.quoted && (next == '<' || next == '>') && *text &&
	    (strspn(text, "0123456789") == w.text.len || (*text == '{' && w.text.s[w.text.len - 1] == '}')))
		dropped = true;
	if (!r && !dropped)
		r = words_push(l, &w);
	strbuf_free(&w.text);
	return r;
}

/* `(`: a function's, arithmetic, or a subshell. */
static int read_parenthesis(struct shell *sh, struct list *l)
{
	sh->pos++;
	skip_blanks(sh);
	if (l->n == 1 && shell_peek(sh, 0) == ')') {
		sh->pos++;
		words_clear(l); /* the name of a function, whose body follows */
		return 0;
	}
	int r = end_command(sh, l);
	return r ? r : shell_read_commands(sh, ')');
}

static int read_operator(struct shell *sh, struct list *l)
{
	char c = shell_peek(sh, 0), next = shell_peek(sh, 1);
	int r = end_command(sh, l);
	sh->pos++;
	if (c == ';' && l->cases && (next == ';' || next == '&')) {
		l->pattern = true;
		sh->pos += next == ';' && shell_peek(sh, 1) == '&' ? 2 : 1;
	}
	if (!r && c == '\n')
		r = read_bodies(sh);
	return r;
}

static int read_list(struct shell *sh, struct list *l, char close)
{
	int r = 0;
	while (!r) {
		skip_blanks(sh);
		char c = shell_peek(sh, 0), next = shell_peek(sh, 1);
		if (shell_end(sh))
			break;
		if (l->pattern) {
			r = read_pattern(sh, l);
		} else if (c == '#') {
			skip_line(sh);
		} else if (c == ')') {
			r = end_command(sh, l);
			sh->pos++;
			if (close == ')')
				return r;
		} else if (c == '(' && next == '(' && !l->n && shell_is_arithmetic(sh)) {
			sh->pos++;
			r = shell_read_arithmetic(sh);
		} else if (c == '(') {
			r = read_parenthesis(sh, l);
		} else if (c == '&' && next == '>') {
			sh->pos++;
			r = read_redirection(sh);
		} else if (c && strchr("\n;&|", c)) {
			r = read_operator(sh, l);
		} else if ((c == '<' || c == '>') && next != '(') {
			r = read_redirection(sh);
		} else {
			r = read_command_word(sh, l);
		}
	}
	return r ? r : end_command(sh, l);
}

int shell_read_commands(struct shell *sh, char close)
{
	struct list l = {0};
	if (sh->depth >= SHELL_DEPTH_MAX)
		return -E2BIG;
	sh->depth++;
	int r = read_list(sh, &l, close);
	sh->depth--;
	words_clear(&l);
	free(l.words);
	return r;
}

int shelltext_commands(const char *text, size_t len, shell_command_fn *each, void *data)
{
	struct shell sh = {.s = text, .len = len, .each = each, .data = data};
	int r = shell_read_commands(&sh, '\0');
	for (size_t i = 0; i < sh.ndocs; i++)
		free(sh.docs[i].delimiter);
	free(sh.docs);
	return r;
}
