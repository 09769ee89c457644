/* SPDX-License-Identifier: BSD-2-Clause */
/* help_text.c - reads the lines of a tool's help.  See help_text.h. */
#include "draft/help_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum { HELP_WORDS_MAX = 400, HELP_NAME_MAX = 64 };

/* The kind of the lines below a heading. */
enum help_section { HELP_ANY, HELP_COMMANDS, HELP_OPTIONS, HELP_OTHER };

struct help_reader {
	struct help_text *out;
	enum help_section section;
	bool pflag;  /* Go's: --flag=false takes a flag back */
	bool usage;  /* in the lines of "usage: ..." */
	bool braces; /* in `OBJECT := { a | b` */
};

bool help_list_has(const struct help_list *l, const char *word)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i], word))
			return true;
	return false;
}

static int help_list_add(struct help_list *l, struct strbuf *word)
{
	if (!word->len || help_list_has(l, word->s) || l->n == HELP_WORDS_MAX)
		return word->err;
	char **grown = reallocarray(l->v, l->n + 1, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	l->v = grown;
	char *taken = strbuf_take(word);
	if (!taken)
		return -ENOMEM;
	l->v[l->n++] = taken;
	return 0;
}

/* --- options ------------------------------------------------------------------------------------------------------------ */

/* An option of a line, while its names are read. */
struct help_option {
	struct strbuf names; /* joined by `|` */
	bool value, optional, negatable, repeats;
};

static size_t help_name_length(const char *s)
{
	size_t dashes = strspn(s, "-"), n = dashes;
	while (isalnum((unsigned char)s[n]) || (n > dashes && strchr("-_.", s[n]) && s[n]))
		n++;
	return dashes && dashes <= 2 && n > dashes && n < HELP_NAME_MAX ? n : 0;
}

/* Read one name; --[no-]x and, after it, --no-x are one that can be taken back.  Returns the length that was read, or 0. */
static size_t help_read_name(const char *s, struct help_option *o)
{
	static const char no[] = "--[no-]", negated[] = "--no-";
	size_t skip = strncmp(s, no, sizeof no - 1) ? 0 : sizeof no - 1;
	cleanup_strbuf struct strbuf name = {0};
	if (skip) {
		strbuf_puts(&name, "--");
		strbuf_puts(&name, s + skip);
		o->negatable = true;
	} else {
		strbuf_puts(&name, s);
	}
	size_t n = name.s ? help_name_length(name.s) : 0;
	if (!n)
		return 0;
	if (o->names.len && strstr(o->names.s, "--") && !strncmp(s, negated, sizeof negated - 1)) {
		o->negatable = true;
		return n;
	}
	if (o->names.len)
		strbuf_putc(&o->names, '|');
	strbuf_put(&o->names, name.s, n);
	if (skip || s[n] != '[' || !islower((unsigned char)s[n + 1]))
		return skip ? n - 2 + skip : n;
	size_t rest = strcspn(s + n + 1, "]"); /* -h[uman] */
	strbuf_printf(&o->names, "|%.*s%.*s", (int)n, s, (int)rest, s + n + 1);
	return n + 1 + rest + (s[n + 1 + rest] == ']');
}

/* The type words that Go's pflag prints instead of a name. */
static bool help_is_type(const char *s, size_t n, bool *repeats)
{
	static const char *const types[] = {"string", "int",      "int32",       "int64",          "uint",
					    "float",  "duration", "file",        "bytes",          "count",
					    "list",   "strings",  "stringArray", "stringToString", "ints"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strlen(types[i]) == n && !strncmp(types[i], s, n)) {
			*repeats = i >= 10; /* from list on */
			return true;
		}
	return false;
}

/* Read what stands behind a name: a value, or nothing.  Returns the length. */
static size_t help_read_value(const char *s, struct help_option *o)
{
	size_t blank = *s == ' ', n = strcspn(s + blank, " ,\t");
	const char *word = s + blank;
	if (!strncmp(s, "[=", 2) || !strncmp(s, "[<", 2) || !strncmp(s, " [", 2)) {
		size_t end = strcspn(s, "]");
		o->optional = true;
		return s[end] ? end + 1 : end;
	}
	bool upper = n && isupper((unsigned char)*word), angle = *word == '<' || *word == '{';
	for (size_t i = 0; i < n && upper; i++)
		upper = isupper((unsigned char)word[i]) || strchr("-_.:|=/[]0123456789", word[i]);
	if (angle)
		n = strcspn(word, *word == '<' ? ">" : "}") + 1;
	if (*s != '=' && !(blank && (upper || angle || help_is_type(word, n, &o->repeats))))
		return 0;
	o->value = true;
	n = strnlen(word, n);
	if (!strncmp(word + n, "...", 3))
		o->repeats = true;
	return blank + n + (o->repeats && word[n] == '.' ? 3 : 0);
}

static int help_put_option(struct help_reader *r, struct help_option *o)
{
	bool flag = !o->value && !o->optional;
	if (o->value || o->optional)
		strbuf_putc(&o->names, o->optional && !o->value ? '?' : ':');
	if (o->negatable || (r->pflag && flag))
		strbuf_putc(&o->names, '!');
	if (o->repeats)
		strbuf_putc(&o->names, '*');
	return help_list_add(&r->out->options, &o->names);
}

/* "-n, --name NAME   text" */
static int help_read_names(struct help_reader *r, const char *s)
{
	struct help_option o = {.value = false};
	int err = 0;
	for (size_t n; (n = help_read_name(s, &o));) {
		s += n;
		s += help_read_value(s, &o);
		size_t between = strspn(s, ",|/");
		between += !between && !strncmp(s, " ", 1) && strchr("|/", s[1]) && s[1] ? 2 : 0;
		if (!between && strncmp(s, " -", 2) != 0)
			break;
		s += between;
		s += *s == ' ';
	}
	if (o.names.len)
		err = help_put_option(r, &o);
	else
		r->out->left_out++;
	strbuf_free(&o.names);
	return err;
}

/* Of "-a | -b | -c", with two bars or more, each is an option of its own. */
static int help_read_option(struct help_reader *r, const char *s)
{
	const char *bar = strstr(s, " | ");
	if (!bar || (!strstr(bar + 1, " | ") && strncmp(s, "--", 2) != 0))
		return help_read_names(r, s);
	int err = 0;
	for (; !err && s; s = bar) {
		cleanup_strbuf struct strbuf one = {0};
		bar = strstr(s, " | ");
		strbuf_put(&one, s, bar ? (size_t)(bar - s) : strlen(s));
		err = *s == '-' && one.s ? help_read_names(r, one.s) : one.err;
		bar = bar ? bar + 3 : NULL;
	}
	return err;
}

/* "usage: git [-C <path>] [-p | --paginate | -P]" */
static int help_read_usage(struct help_reader *r, const char *s)
{
	int err = 0;
	while (!err && (s = strstr(s, "[-"))) {
		cleanup_strbuf struct strbuf one = {0};
		size_t n = 1, open = 1;
		for (; s[n] && open; n++)
			open += s[n] == '[' ? 1 : s[n] == ']' ? -1ul : 0;
		if (!open)
			strbuf_put(&one, s + 1, n - 2);
		err = one.s ? help_read_option(r, one.s) : one.err;
		s += n;
	}
	return err;
}

/* --- verbs -------------------------------------------------------------------------------------------------------------- */

static size_t help_verb_length(const char *s)
{
	size_t n = 0;
	while (islower((unsigned char)s[n]) || (n && (isdigit((unsigned char)s[n]) || (s[n] && strchr("-_:", s[n])))))
		n++;
	return n < HELP_NAME_MAX && (!n || s[n - 1] != ':') ? n : 0;
}

/* "{list,show,drop}" of argparse, and "{ address | route" of ip. */
static int help_read_braces(struct help_reader *r, const char *s, bool braces)
{
	int err = 0;
	while (!err && *s && *s != '}') {
		cleanup_strbuf struct strbuf word = {0};
		s += strspn(s, " \t{|,");
		size_t n = help_verb_length(s);
		strbuf_put(&word, s, n);
		if (n && strcmp(word.s, "help") != 0)
			err = help_list_add(&r->out->verbs, &word);
		s += n ? n : *s && *s != '}';
	}
	r->braces = braces && !*s;
	return err;
}

/* "drop, rm   text", "list - text", or a verb alone. */
static int help_read_verb(struct help_reader *r, const char *s)
{
	cleanup_strbuf struct strbuf words = {0};
	const char *comma_list = strchr(s, ',');
	if (r->section == HELP_COMMANDS && comma_list && strchr(comma_list + 1, ',') && !strstr(s, "  "))
		return help_read_braces(r, s, false);
	for (size_t n; (n = help_verb_length(s));) {
		strbuf_putc(&words, '|');
		strbuf_put(&words, s, n);
		s += n;
		size_t comma = strspn(s, ",");
		s += comma;
		if (!comma || *s != ' ')
			break;
		s++;
	}
	bool ends = !*s || *s == '\t' || !strncmp(s, "  ", 2) || !strncmp(s, " - ", 3) || *s == '*';
	if (r->section == HELP_COMMANDS && *s == ' ' && s[1] && (isupper((unsigned char)s[1]) || strchr("[<{", s[1])))
		ends = true;
	if (!words.len || !ends || (!*s && r->section != HELP_COMMANDS) || !strcmp(words.s, "|help"))
		return words.err;
	memmove(words.s, words.s + 1, words.len--);
	return help_list_add(&r->out->verbs, &words);
}

/* --- lines -------------------------------------------------------------------------------------------------------------- */

/* A line at the left margin says what is below. */
static void help_read_heading(struct help_reader *r, const char *line)
{
	static const char *const others[] = {"example",  "environment", "usage",   "argument",
					     "variable", "topic",       "see also"};
	size_t n = strlen(line);
	bool heading = line[n - 1] == ':' || !strpbrk(line, "abcdefghijklmnopqrstuvwxyz");
	r->section = line[n - 1] == ':' ? HELP_OTHER : HELP_ANY;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (heading && strcasestr(line, others[i]))
			r->section = HELP_OTHER;
	if (strcasestr(line, "command") && heading)
		r->section = HELP_COMMANDS;
	else if (heading && (strcasestr(line, "option") || strcasestr(line, "flag")))
		r->section = HELP_OPTIONS;
	r->pflag = heading && strcasestr(line, "flags:");
}

static int help_read_line(struct help_reader *r, const char *line)
{
	size_t indent = strspn(line, " \t");
	const char *s = line + indent;
	const char *set = strstr(s, ":= {");
	if (r->braces)
		return help_read_braces(r, s, true);
	if (set && (strstr(line, "OBJECT :=") || strstr(line, "COMMAND :=")))
		return help_read_braces(r, set + 3, true);
	bool usage = !strncasecmp(s, "usage:", 6);
	if (!*s || !indent || *s == '-')
		r->usage = usage;
	if (r->usage)
		return help_read_usage(r, s);
	if (!*s)
		return 0;
	if (*s == '-')
		return indent || r->section == HELP_OPTIONS ? help_read_option(r, s) : 0;
	if (!indent) {
		help_read_heading(r, line);
		return 0;
	}
	if (*s == '{')
		return help_read_braces(r, s, true);
	return indent >= 2 && indent <= 8 && (r->section == HELP_COMMANDS || r->section == HELP_ANY) ?
		       help_read_verb(r, s) :
		       0;
}

/* Append a line without its colours, overstrikes and trailing blanks. */
static void help_put_line(struct strbuf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\033' && i + 1 < n && s[i + 1] == '[') {
			for (i += 2; i < n && !isalpha((unsigned char)s[i]);)
				i++;
		} else if (s[i] == '\b' && out->len) {
			out->s[--out->len] = '\0';
		} else if ((unsigned char)s[i] >= ' ' || s[i] == '\t') {
			strbuf_putc(out, s[i]);
		}
	}
	while (out->len && strchr(" \t", out->s[out->len - 1]))
		out->s[--out->len] = '\0';
}

int help_text_read(const char *text, struct help_text *out)
{
	struct help_reader r = {.out = out};
	int err = 0;
	while (!err && *text) {
		cleanup_strbuf struct strbuf line = {0};
		size_t n = strcspn(text, "\n");
		help_put_line(&line, text, n);
		err = line.err ? line.err : help_read_line(&r, line.s ? line.s : "");
		text += n + (text[n] == '\n');
	}
	return err;
}

static void help_list_free(struct help_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

void help_text_free(struct help_text *h)
{
	help_list_free(&h->options);
	help_list_free(&h->verbs);
	*h = (struct help_text){0};
}
