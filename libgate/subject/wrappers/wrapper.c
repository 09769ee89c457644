/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper.c - finds the commands that a command starts, from its arguments and the tables in wrapper_table.c. */
#include "subject/wrappers/wrapper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "base/strbuf.h"
#include "subject/shell/shell_var_table.h"
#include "subject/wrappers/wrapper_content.h"

/* Judge a command under another first word: the script behind an interpreter, a package without its version. */
static int wrapper_peel_renamed(struct wrapper_walk *p, const char *name, size_t len, const char *const *rest, size_t n)
{
	const char **words = calloc(n + 1, sizeof *words);
	char *first = strndup(name, len);
	int r = -ENOMEM;
	if (words && first) {
		words[0] = first;
		for (size_t i = 0; i < n; i++)
			words[i + 1] = rest[i];
		r = wrapper_command(p, words, n + 1);
	}
	free(first);
	free(words);
	return r;
}

/* Judge a script under its base name, with and without its extension. */
static int wrapper_peel_script(struct wrapper_walk *p, const char *file, const char *const *rest, size_t n)
{
	static const char extensions[] = "py pyc pyw pyz js mjs cjs ts rb pl php phar sh bash zsh";
	const char *name = name_program(file), *dot = strrchr(name, '.');
	int r = wrapper_peel_renamed(p, name, strlen(name), rest, n);
	if (!r && dot && dot != name && wrapper_listed(extensions, dot + 1, strlen(dot + 1), ' '))
		r = wrapper_peel_renamed(p, name, (size_t)(dot - name), rest, n);
	return r;
}

static bool wrapper_is_option(const char *word)
{
	return (*word == '-' || *word == '+') && word[1];
}

static int wrapper_each_call(const struct oneliner_call *call, void *data)
{
	return call->shell ? wrapper_text(data, call->shell) : wrapper_command(data, call->words, call->n);
}

/* Is the code a shell command in the wrong place, such as node -e "rm -rf /"?  The interpreter refuses it, but whoever wrote it
 * meant the command. */
static bool wrapper_is_misplaced(const struct interpreter *in, const char *code)
{
	size_t n = strspn(code, "abcdefghijklmnopqrstuvwxyz");
	return in->language != ONELINER_AWK && n && code[n] == ' ' && code[n + 1] == '-' && code[n + 2] >= 'a' &&
	       code[n + 2] <= 'z';
}

int wrapper_code(struct wrapper_walk *p, const struct interpreter *in, const char *code)
{
	if (p->live || !code)
		return 0;
	int r = wrapper_is_misplaced(in, code) ? wrapper_text(p, code) : 0;
	return r ? r : oneliner_commands(in->language, code, wrapper_each_call, p);
}

/* Is the operand standard input under one of its names? */
static bool wrapper_is_stdin(const char *word)
{
	return wrapper_listed("- /dev/stdin /dev/fd/0 /proc/self/fd/0", word, strlen(word), ' ');
}

/* Judge the program that an interpreter runs: its first operand, or the value of -m. */
static int wrapper_peel_interpreted(struct wrapper_walk *p, const struct interpreter *in, const char *const *words,
				    size_t n)
{
	const char *const lists[OPTION_LISTS] = {in->valued, in->code, in->file};
	size_t i = 1;
	while (i < n && wrapper_is_option(words[i]) && strcmp(words[i], "--")) {
		struct option_use use = wrapper_option(words[i], i + 1 < n ? words[i + 1] : NULL, lists);
		i += use.width;
		if (use.list == OPTION_TEXT)
			return wrapper_code(p, in, use.value);
		if (use.list == OPTION_FILE)
			return use.value && !in->operand ? wrapper_peel_script(p, use.value, words + i, n - i) : 0;
	}
	i += i < n && !strcmp(words[i], "--");
	p->codes = !in->operand && (i >= n || wrapper_is_stdin(words[i])) ? in : NULL;
	if (i >= n || p->codes)
		return 0;
	if (in->operand)
		return wrapper_code(p, in, words[i]);
	return wrapper_peel_script(p, words[i], words + i + 1, n - i - 1);
}

/* find ... -exec COMMAND ; */
static int wrapper_peel_find(struct wrapper_walk *p, const char *start, const char *const *words, size_t n)
{
	int r = 0;
	for (size_t i = 1; !r && i < n; i++) {
		if (!wrapper_listed(start, words[i], strlen(words[i]), ' '))
			continue;
		size_t from = ++i;
		while (i < n && strcmp(words[i], ";") && (strcmp(words[i], "+") || strcmp(words[i - 1], "{}")))
			i++;
		if (i > from)
			r = wrapper_command(p, words + from, i - from);
	}
	return r;
}

/* env -S TEXT WORDS: the words are appended to the command in the text, or are the command. */
struct split {
	struct wrapper_walk *p;
	const char *const *words;
	size_t n;
	bool done;
};

static int wrapper_each_split(const struct shell_command *command, void *data)
{
	struct split *s = data;
	if (!command->n)
		return 0;
	const char **words = calloc(command->n + s->n, sizeof *words);
	if (!words)
		return -ENOMEM;
	memcpy(words, command->words, command->n * sizeof *words);
	if (s->n)
		memcpy(words + command->n, s->words, s->n * sizeof *words);
	s->done = true;
	int r = wrapper_command(s->p, words, command->n + s->n);
	free(words);
	return r;
}

static int wrapper_peel_split(struct wrapper_walk *p, const char *text, const char *const *words, size_t n)
{
	struct split s = {p, words, n, false};
	int r = shell_commands(text, strlen(text), p->vars, wrapper_each_split, &s);
	return r || s.done || !n ? r : wrapper_command(p, words, n);
}

/* prisma@5 is prisma, and @scope/prisma@5 is too. */
static int wrapper_peel_package(struct wrapper_walk *p, const char *const *words, size_t n)
{
	const char *name = name_program(words[0]);
	size_t len = strcspn(name, "@=");
	return wrapper_peel_renamed(p, name, len ? len : strlen(name), words + 1, n - 1);
}

static int wrapper_peel_removed(struct wrapper_walk *p, const char *const *files, size_t n)
{
	const char **words = calloc(n + 2, sizeof *words);
	if (!words)
		return -ENOMEM;
	words[0] = "rm";
	words[1] = "-rf";
	for (size_t i = 0; i < n; i++)
		words[i + 2] = files[i];
	int r = wrapper_command(p, words, n + 2);
	free(words);
	return r;
}

/* The parsed arguments of a wrapper. */
struct unwrapped {
	const char *text;       /* of a text option */
	const char *entrypoint; /* of a container */
	size_t command;         /* its index in words */
	bool c, s;              /* a shell's -c and -s */
	bool inert;
};

static bool wrapper_is_assignment(const char *word)
{
	size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	return n && word[n] == '=';
}

/* Take the option at words[i].  Returns how many words it uses. */
static size_t wrapper_take_option(const struct wrapper *w, const char *const *words, size_t n, size_t i,
				  struct unwrapped *u)
{
	const char *word = words[i], *next = i + 1 < n ? words[i + 1] : NULL, letter[] = {word[0], word[1]};
	const char *const lists[OPTION_LISTS] = {[OPTION_VALUED] = w->valued,
						 [OPTION_TEXT] = w->text,
						 [OPTION_FILE] = w->flags & WRAPPER_ENTRYPOINT ? "--entrypoint" : NULL};
	struct option_use use = wrapper_option(word, next, lists);
	if (use.list == OPTION_TEXT)
		u->text = use.value;
	else if (use.list == OPTION_FILE)
		u->entrypoint = use.value;
	else
		u->inert |=
			wrapper_listed(w->inert, word, strlen(word), ' ') || wrapper_listed(w->inert, letter, 2, ' ');
	if ((w->flags & WRAPPER_SHELL) && *word == '-' && word[1] != '-') {
		u->c |= strchr(word, 'c') != NULL;
		u->s |= strchr(word, 's') != NULL;
	}
	return use.width;
}

static struct unwrapped wrapper_unwrap(const struct wrapper *w, const char *const *words, size_t n, size_t i)
{
	struct unwrapped u = {0};
	unsigned operands = w->operands;
	bool options = true;
	size_t dashes = i;
	while (dashes < n && strcmp(words[dashes], "--"))
		dashes++;
	bool after_dashes = (w->flags & WRAPPER_DASHES) && dashes < n;
	while (i < (after_dashes ? dashes : n)) {
		const char *word = words[i];
		if (options && !strcmp(word, "--")) {
			options = false;
			i++;
		} else if (options && wrapper_is_option(word) && (*word == '-' || w->flags & WRAPPER_SHELL)) {
			i += wrapper_take_option(w, words, n, i, &u);
		} else if ((w->flags & WRAPPER_ASSIGN) && (wrapper_is_assignment(word) || !strcmp(word, "-"))) {
			i++;
		} else if (operands) {
			operands--;
			i++;
			options &= (w->flags & WRAPPER_MIXED) != 0;
		} else {
			break;
		}
	}
	u.command = after_dashes ? dashes + 1 : i;
	u.inert |= u.command < n && wrapper_listed(w->inert, words[u.command], strlen(words[u.command]), ' ');
	return u;
}

/* sh -c TEXT NAME ARGUMENTS: in the text, the words are $0, $1 and so on. */
static int wrapper_peel_with_arguments(struct wrapper_walk *p, const char *text, const char *const *words, size_t n)
{
	cleanup_strbuf struct strbuf all = {0};
	if (!p->vars)
		return wrapper_text(p, text);
	size_t outer = shell_vars_enter(p->vars);
	int r = 0;
	for (size_t i = 0; !r && i < n; i++) {
		if (i < 10)
			r = shell_vars_set(p->vars, &"0123456789"[i], 1, words[i]);
		if (i > 1)
			strbuf_putc(&all, ' ');
		if (i)
			strbuf_puts(&all, words[i]);
	}
	if (!r && n > 1)
		r = all.err ? all.err : shell_vars_set(p->vars, "@", 1, all.s);
	if (!r && n > 1)
		r = shell_vars_set(p->vars, "*", 1, all.s);
	if (!r)
		r = wrapper_text(p, text);
	shell_vars_leave(p->vars, outer);
	return r;
}

/* sudo sudo sudo COMMAND is one level of nesting. */
static void wrapper_skip_repeated(const struct wrapper *w, const char *const *words, const char *const **command,
				  size_t *left)
{
	enum { REPEATS_MAX = 1000 };
	const char *program = name_program(words[0]);
	bool plain = !w->subcommand &&
		     !(w->flags & ~(unsigned)(WRAPPER_AWAY | WRAPPER_HERE | WRAPPER_ASSIGN | WRAPPER_STDIN));
	for (int i = 0; plain && i < REPEATS_MAX && *left && !strcmp(name_program(**command), program); i++) {
		struct unwrapped u = wrapper_unwrap(w, *command, *left, 1);
		if (u.inert || u.text)
			return;
		*command += u.command;
		*left -= u.command;
	}
}

static int wrapper_peel_started(struct wrapper_walk *p, const struct wrapper *w, const char *const *words, size_t n,
				size_t rest)
{
	if (w->flags & WRAPPER_FIND)
		return wrapper_peel_find(p, w->text, words, n);
	struct unwrapped u = wrapper_unwrap(w, words, n, rest);
	const char *const *command = words + u.command;
	size_t left = n - u.command;
	if (u.inert)
		return 0;
	if (u.text)
		return w->flags & WRAPPER_ASSIGN ? wrapper_peel_split(p, u.text, command, left) :
						   wrapper_text(p, u.text);
	p->crontab |= (w->flags & WRAPPER_CRONTAB) != 0;
	p->reads |= (w->flags & WRAPPER_STDIN) && !u.c && (!left || u.s || wrapper_is_stdin(*command));
	if (w->flags & WRAPPER_CRONTAB) /* the operand is a file */
		return 0;
	if (u.entrypoint && *u.entrypoint)
		return wrapper_peel_renamed(p, u.entrypoint, strlen(u.entrypoint), command, left);
	if (w->flags & WRAPPER_REMOVES)
		return wrapper_peel_removed(p, command, left);
	if (w->flags & WRAPPER_PARALLEL)
		return wrapper_parallel(p, command, left);
	wrapper_skip_repeated(w, words, &command, &left);
	if (!left)
		return 0;
	if (w->flags & WRAPPER_XARGS)
		return wrapper_xargs(p, words, u.command, n);
	if (u.c)
		return wrapper_peel_with_arguments(p, command[0], command + 1, left - 1);
	if (w->flags & WRAPPER_TEXT)
		return wrapper_text(p, command[0]);
	if (w->flags & WRAPPER_SHELL)
		return wrapper_is_stdin(*command) ? 0 :
						    content_of_script(p, *command); /* already judged under its name */
	if (w->flags & WRAPPER_JOINED)
		return wrapper_joined(p, command, left);
	return w->flags & WRAPPER_PACKAGE ? wrapper_peel_package(p, command, left) : wrapper_command(p, command, left);
}

int wrapper_command(struct wrapper_walk *p, const char *const *words, size_t n)
{
	int r = subjects_add(p->out, words, n, p->elsewhere);
	if (r || !n)
		return r;
	p->out->v[p->out->n - 1].as_other |= p->as_other;
	if (p->depth >= WRAPPER_DEPTH_MAX)
		return -E2BIG;
	struct wrapper_walk inner = *p;
	inner.depth++;
	inner.reads = inner.crontab = false;
	inner.codes = NULL;
	const struct interpreter *in = wrapper_interpreter(name_program(words[0]));
	if (in)
		r = wrapper_peel_interpreted(&inner, in, words, n);
	p->codes = inner.codes ? inner.codes : p->codes;
	if (!r && !p->live)
		r = wrapper_settings(&inner, words, n);
	if (!r)
		r = content_of_command(p, words, n);
	size_t rest;
	const struct wrapper *w = r ? NULL : wrapper_row(words, n, &rest);
	if (!w || (p->live && !(w->flags & WRAPPER_AWAY)))
		return r;
	inner.live = false; /* commands inside don't pass the gate again */
	inner.elsewhere |= (w->flags & (WRAPPER_AWAY | WRAPPER_HERE)) == WRAPPER_AWAY;
	inner.as_other |= w->flags & WRAPPER_HERE && w->flags & WRAPPER_ASSIGN; /* sudo, doas */
	r = wrapper_peel_started(&inner, w, words, n, rest);
	p->reads |= inner.reads;
	p->codes = inner.codes ? inner.codes : p->codes;
	p->crontab |= inner.crontab;
	return r;
}
