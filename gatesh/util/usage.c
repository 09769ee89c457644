/* SPDX-License-Identifier: BSD-2-Clause */
/* usage.c - prints help texts and usage errors, with the word that was probably meant. */
#include "util/usage.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/exit.h"
#include "util/out.h"

enum { OPTIONS_MAX = 32 }; /* long options of a command that are looked at */

/* The running command, for messages. */
static const char *current = "gatesh";

void usage_command(const char *name)
{
	current = name;
}

/* Print "gatesh: COMMAND: " and the text, escaped, without the end of the line. */
static void usage_begin(const char *command, const char *fmt, va_list ap)
{
	char text[1024];
	vsnprintf(text, sizeof text, fmt, ap);
	fprintf(stderr, "gatesh: %s: ", command);
	out_text(stderr, text);
}

int usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	usage_begin(command, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; try gatesh %s --help\n", command);
	return EXIT_USAGE;
}

/* As usage_error(), but names the word that was probably meant, if there is one. */
static int usage_suggest(const char *dashes, const char *near, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	usage_begin(current, fmt, ap);
	va_end(ap);
	if (near)
		fprintf(stderr, "; did you mean '%s%s'? gatesh %s --help lists them\n", dashes, near, current);
	else
		fprintf(stderr, "; try gatesh %s --help\n", current);
	return EXIT_USAGE;
}

/* Put the names of the options that begin with the n bytes at `name` into v.  Returns their number. */
static size_t usage_options_like(const struct option *longs, const char *name, size_t n, const char **v)
{
	size_t found = 0;
	for (; longs->name && found < OPTIONS_MAX; longs++)
		if (!strncmp(longs->name, name, n))
			v[found++] = longs->name;
	v[found] = NULL;
	return found;
}

/* getopt_long() knows no long option of this name, or more than one that it abbreviates. */
static int usage_bad_long(const char *word, const struct option *longs)
{
	const char *like[OPTIONS_MAX + 1];
	const char *name = word + strspn(word, "-");
	int n = (int)strcspn(name, "=");
	if (usage_options_like(longs, name, (size_t)n, like) > 1)
		return usage_error(current, "'--%.*s' can be --%s or --%s", n, name, like[0], like[1]);
	usage_options_like(longs, "", 0, like);
	char bare[64];
	snprintf(bare, sizeof bare, "%.*s", n, name);
	return usage_suggest("--", diag_nearest(bare, like), "no option '--%.*s'", n, name);
}

int usage_bad_option(int c, char **argv, const struct option *longs)
{
	const char *word = argv[optind - 1];
	if (c == ':')
		return usage_error(current, "'%s' needs a value", word);
	if (!optopt)
		return usage_bad_long(word, longs);
	for (const struct option *o = longs; o->name; o++)
		if (o->val == optopt)
			return usage_error(current, "'--%s' takes no value", o->name);
	return usage_error(current, "no option '-%c'", optopt);
}

bool usage_word_in(const char *word, const char *const *list)
{
	while (*list && strcmp(word, *list))
		list++;
	return *list;
}

int usage_bad_word(const char *option, const char *word, const char *const *list)
{
	char words[256] = "";
	for (size_t i = 0, n = 0; list[i] && n < sizeof words; i++)
		n += (size_t)snprintf(words + n, sizeof words - n, "%s%s",
				      !i          ? "" :
				      list[i + 1] ? ", " :
						    " or ",
				      list[i]);
	return usage_suggest("", diag_nearest(word, list), "%s takes %s, not '%s'", option, words, word);
}

int usage_bad_command(const char *word, const char *const *list)
{
	const char *near = diag_nearest(word, list);
	fputs("gatesh: no command '", stderr);
	out_text(stderr, word);
	fprintf(stderr, "'%s%s%s gatesh --help lists them\n", near ? "; did you mean '" : ";", near ? near : "",
		near ? "'?" : "");
	return EXIT_USAGE;
}

int usage_json_options(int argc, char **argv, const char *help, bool *json)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:jh", options, NULL)) != -1;) {
		if (c != 'j')
			return c == 'h' ? usage_help(help) : usage_bad_option(c, argv, options);
		*json = true;
	}
	return -1;
}

int usage_help(const char *text)
{
	fputs(text, stdout);
	return out_done(0);
}

void usage_diag(enum diag_level level, const char *text, void *data)
{
	fprintf(stderr, "%s\n", text);
}
