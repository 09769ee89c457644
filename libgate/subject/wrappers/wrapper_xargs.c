/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_xargs.c - finds the command that xargs starts, with the words of its input if a shell text gives them. */
#include "subject/wrappers/wrapper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum { ITEMS_MAX = 256, RUNS_MAX = 16 };

/* What its options say about its input. */
struct xargs {
	const char *replaced; /* the text that an item replaces, or NULL */
	int delimiter;        /* -1: blanks and newlines, with quotes */
	bool file;            /* the items come from a file */
};

static int wrapper_xargs_delimiter_of(const char *text)
{
	static const char letters[] = "nt0", meanings[] = "\n\t";
	const char *letter = text[0] == '\\' && text[1] ? strchr(letters, text[1]) : NULL;
	return letter ? meanings[letter - letters] : (unsigned char)*text;
}

static struct xargs wrapper_xargs_read_options(const char *const *words, size_t command)
{
	static const char *const lists[OPTION_LISTS] = {
		[OPTION_VALUED] = "-E -L -n -P -R -S -s --max-args --max-chars --max-procs --process-slot-var",
		[OPTION_TEXT] = "-I -J",
		[OPTION_FILE] = "-d --delimiter",
	};
	struct xargs x = {.delimiter = -1};
	for (size_t i = 1; i < command && words[i][0] == '-';) {
		const char *word = words[i], *next = i + 1 < command ? words[i + 1] : NULL;
		struct option_use use = wrapper_option(word, next, lists);
		size_t replace = !strncmp(word, "--replace", 9) ? 9 : !strncmp(word, "-i", 2) ? 2 : 0;
		if (replace)
			x.replaced = word[replace] == '=' && word[replace + 1] ? word + replace + 1 :
				     word[replace] && word[replace] != '='     ? word + replace :
										 "{}";
		else if (use.list == OPTION_TEXT && use.value)
			x.replaced = use.value;
		else if (use.list == OPTION_FILE && use.value)
			x.delimiter = wrapper_xargs_delimiter_of(use.value);
		else if (use.list == OPTION_FLAG && (!strcmp(word, "--null") || (word[1] != '-' && strchr(word, '0'))))
			x.delimiter = '\0';
		x.file |= !strncmp(word, "-a", 2) || !strncmp(word, "--arg-file", 10);
		i += replace ? 1 : use.width;
	}
	if (x.replaced && x.delimiter < 0)
		x.delimiter = '\n';
	return x;
}

/* Read one item up to a blank, with quotes and backslashes as in xargs. */
static const char *wrapper_xargs_quoted_item(const char *p, const char *end, struct strbuf *item)
{
	char quote = '\0';
	for (; p < end && (quote || !strchr(" \t\n", *p)); p++) {
		if (quote ? *p == quote : *p == '\'' || *p == '"')
			quote = quote ? '\0' : *p;
		else if (*p == '\\' && !quote && p + 1 < end)
			strbuf_putc(item, *++p);
		else
			strbuf_putc(item, *p);
	}
	return p;
}

/* Read at most ITEMS_MAX items, owned.  Returns their number, or -ENOMEM. */
static long wrapper_xargs_read_items(const struct xargs *x, const struct shell_input *in, char **items)
{
	const char *p = in->text, *end = in->text + in->len;
	long n = 0;
	while (n < ITEMS_MAX) {
		struct strbuf item = {0};
		while (p < end && (*p == x->delimiter || (x->delimiter < 0 && strchr(" \t\n", *p))))
			p++;
		if (p == end)
			break;
		if (x->delimiter < 0)
			p = wrapper_xargs_quoted_item(p, end, &item);
		else
			for (; p < end && *p != x->delimiter; p++)
				strbuf_putc(&item, *p);
		char *text = item.len || item.err ? strbuf_take(&item) : strdup("");
		if (!text) {
			strbuf_free(&item);
			return -ENOMEM;
		}
		/* With -d, echo's newline would be part of the last item: drop it. */
		size_t len = strlen(text);
		if (x->delimiter >= 0 && p == end && len && text[len - 1] == '\n')
			text[len - 1] = '\0';
		items[n++] = text;
	}
	return n;
}

static char *wrapper_xargs_with_item(const char *word, const char *replaced, const char *item)
{
	struct strbuf out = {0};
	for (const char *at; (at = strstr(word, replaced)); word = at + strlen(replaced)) {
		strbuf_put(&out, word, (size_t)(at - word));
		strbuf_puts(&out, item);
	}
	strbuf_puts(&out, word);
	char *text = out.err || out.len ? strbuf_take(&out) : strdup("");
	if (!text)
		strbuf_free(&out);
	return text;
}

/* Run the command with `item` in place of the replacement text. */
static int wrapper_xargs_run_replaced(struct wrapper_walk *p, const char *const *command, size_t n,
				      const char *replaced, const char *item)
{
	char **words = calloc(n, sizeof *words);
	int r = words ? 0 : -ENOMEM;
	for (size_t i = 0; !r && i < n; i++)
		if (!(words[i] = wrapper_xargs_with_item(command[i], replaced, item)))
			r = -ENOMEM;
	if (!r)
		r = wrapper_command(p, (const char *const *)words, n);
	for (size_t i = 0; words && i < n; i++)
		free(words[i]);
	free(words);
	return r;
}

static int wrapper_xargs_run_appended(struct wrapper_walk *p, const char *const *command, size_t n, char **items,
				      size_t nitems)
{
	const char **words = calloc(n + nitems, sizeof *words);
	if (!words)
		return -ENOMEM;
	memcpy(words, command, n * sizeof *words);
	for (size_t i = 0; i < nitems; i++)
		words[n + i] = items[i];
	int r = wrapper_command(p, words, n + nitems);
	free(words);
	return r;
}

int wrapper_xargs(struct wrapper_walk *p, const char *const *words, size_t command, size_t n)
{
	struct xargs x = wrapper_xargs_read_options(words, command);
	struct shell_input in = p->input;
	const char *const *first = words + command;
	p->reads |= in.kind == SHELL_INPUT_LATER && !x.file;
	p->input = (struct shell_input){SHELL_INPUT_UNKNOWN, "", 0}; /* children of xargs read nothing from it */
	if (in.kind != SHELL_INPUT_TEXT || x.file || !*(x.replaced ? x.replaced : "-"))
		return wrapper_command(p, first, n - command);
	char *items[ITEMS_MAX];
	long nitems = wrapper_xargs_read_items(&x, &in, items);
	int r = nitems < 0 ? (int)nitems : 0;
	for (long i = 0; !r && x.replaced && i < nitems && i < RUNS_MAX; i++)
		r = wrapper_xargs_run_replaced(p, first, n - command, x.replaced, items[i]);
	if (!r && !x.replaced)
		r = wrapper_xargs_run_appended(p, first, n - command, items, (size_t)nitems);
	for (long i = 0; i < nitems; i++)
		free(items[i]);
	return r;
}
