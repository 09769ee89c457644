/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_parallel.c - finds the commands of parallel: COMMAND ::: ARGUMENTS, or with lines of its standard input. */
#include "subject/wrappers/wrapper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum { GROUPS_MAX = 8, RUNS_MAX = 64, LINE_MAX_BYTES = 4096 };

/* One run: one argument from each group. */
struct run {
	const char *arguments[GROUPS_MAX];
	size_t n;
};

static void wrapper_parallel_put_quoted(struct strbuf *out, const char *s)
{
	strbuf_putc(out, '\'');
	for (; *s; s++)
		if (*s == '\'')
			strbuf_puts(out, "'\\''");
		else
			strbuf_putc(out, *s);
	strbuf_putc(out, '\'');
}

static void wrapper_parallel_put_arguments(struct strbuf *out, const struct run *run, bool quote)
{
	for (size_t i = 0; i < run->n; i++) {
		if (i)
			strbuf_putc(out, ' ');
		if (quote)
			wrapper_parallel_put_quoted(out, run->arguments[i]);
		else
			strbuf_puts(out, run->arguments[i]);
	}
}

/* Append the word with {}, {N} and the like replaced.  Returns true when something was replaced. */
static bool wrapper_parallel_put_word(struct strbuf *out, const char *word, const struct run *run, bool quote)
{
	bool replaced = false;
	for (const char *p = word; *p;) {
		size_t digits = *p == '{' ? strspn(p + 1, "0123456789") : 0;
		const char *end = *p == '{' ? p + 1 + digits + strspn(p + 1 + digits, "./") : p;
		size_t which = digits && digits < 3 ? strtoul(p + 1, NULL, 10) : 0;
		if (*p != '{' || *end != '}' || (digits && (!which || which > run->n))) {
			strbuf_putc(out, *p++);
			continue;
		}
		struct run one = {.arguments = {which ? run->arguments[which - 1] : NULL}, .n = 1};
		wrapper_parallel_put_arguments(out, which ? &one : run, quote);
		replaced = true;
		p = end + 1;
	}
	return replaced;
}

/* The joined words are shell text, with the arguments quoted; with -q the words are the command.  Both are judged. */
static int wrapper_parallel_peel_run(struct wrapper_walk *p, const char *const *words, size_t n, const struct run *run)
{
	cleanup_strbuf struct strbuf text = {0};
	char **command = calloc(n + 1, sizeof *command);
	bool replaced = false;
	int r = command ? 0 : -ENOMEM;
	for (size_t i = 0; !r && i < n; i++) {
		struct strbuf word = {0};
		wrapper_parallel_put_word(&word, words[i], run, false);
		command[i] = word.len || word.err ? strbuf_take(&word) : strdup("");
		if (!command[i]) {
			strbuf_free(&word);
			r = -ENOMEM;
		}
		if (i)
			strbuf_putc(&text, ' ');
		replaced |= wrapper_parallel_put_word(&text, words[i], run, true);
	}
	if (!r && !replaced && run->n) {
		strbuf_putc(&text, ' ');
		wrapper_parallel_put_arguments(&text, run, true);
	}
	if (!r && replaced && n > 1)
		r = wrapper_command(p, (const char *const *)command, n);
	if (!r && !replaced && n > 1)
		r = wrapper_command(p, words, n);
	for (size_t i = 0; command && i < n; i++)
		free(command[i]);
	free(command);
	if (text.err)
		return -ENOMEM;
	return r || !text.s ? r : wrapper_text(p, text.s);
}

/* Judge every combination of one argument from each ::: group. */
static int wrapper_parallel_peel_groups(struct wrapper_walk *p, const char *const *words, size_t command, size_t n)
{
	const char *const *groups[GROUPS_MAX];
	size_t sizes[GROUPS_MAX], count = 0, runs = 1;
	for (size_t i = command; i < n; i++) {
		if (strncmp(words[i], ":::", 3)) {
			if (count)
				sizes[count - 1]++;
		} else if (count < GROUPS_MAX) {
			groups[count] = words + i + 1;
			sizes[count++] = 0;
		}
	}
	for (size_t g = 0; g < count; g++)
		runs = runs > RUNS_MAX ? runs : runs * sizes[g];
	int r = 0;
	for (size_t i = 0; !r && i < runs && i < RUNS_MAX; i++) {
		struct run run = {.n = count};
		for (size_t g = 0, left = i; g < count; left /= sizes[g++])
			run.arguments[g] = groups[g][left % sizes[g]];
		r = command ? wrapper_parallel_peel_run(p, words, command, &run) : wrapper_text(p, run.arguments[0]);
	}
	return r;
}

/* Judge the command with every line of its standard input. */
static int wrapper_parallel_peel_lines(struct wrapper_walk *p, const char *const *words, size_t n,
				       struct shell_input in)
{
	int r = 0;
	for (size_t at = 0, runs = 0; !r && at < in.len && runs < RUNS_MAX; runs++) {
		char line[LINE_MAX_BYTES];
		size_t len = strcspn(in.text + at, "\n");
		if (len < sizeof line) {
			memcpy(line, in.text + at, len);
			line[len] = '\0';
			struct run run = {.arguments = {line}, .n = 1};
			r = n ? wrapper_parallel_peel_run(p, words, n, &run) : wrapper_text(p, line);
		}
		at += len + 1;
	}
	return r;
}

int wrapper_parallel(struct wrapper_walk *p, const char *const *words, size_t n)
{
	static const struct run none;
	size_t end = 0;
	while (end < n && strncmp(words[end], ":::", 3))
		end++;
	struct shell_input in = p->input;
	p->input = (struct shell_input){SHELL_INPUT_UNKNOWN, "", 0};
	if (end < n)
		return wrapper_parallel_peel_groups(p, words, end, n);
	p->reads |= in.kind == SHELL_INPUT_LATER;
	if (in.kind == SHELL_INPUT_TEXT)
		return wrapper_parallel_peel_lines(p, words, n, in);
	return n ? wrapper_parallel_peel_run(p, words, n, &none) : 0;
}
