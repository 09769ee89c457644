/* SPDX-License-Identifier: BSD-2-Clause */
/* usage.c - prints help texts and usage errors. */
#include "util/usage.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/exit.h"
#include "util/out.h"

/* The running command, for messages. */
static const char *current = "gatesh";

void usage_command(const char *name)
{
	current = name;
}

int usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fprintf(stderr, "gatesh: %s: ", command);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "; try gatesh %s --help\n", command);
	va_end(ap);
	return EXIT_USAGE;
}

int usage_bad_option(int c, char **argv)
{
	const char *word = argv[optind - 1];
	if (c == ':')
		return usage_error(current, "'%s' needs a value", word);
	if (optopt > ' ' && optopt < 0x7f && strncmp(word, "--", 2))
		return usage_error(current, "no option '-%c'", optopt);
	fprintf(stderr, "gatesh: %s: no option '", current);
	out_text(stderr, word);
	fprintf(stderr, "'; try gatesh %s --help\n", current);
	return EXIT_USAGE;
}

int usage_json_options(int argc, char **argv, const char *help, bool *json)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:jh", options, NULL)) != -1;) {
		if (c != 'j')
			return c == 'h' ? usage_help(help) : usage_bad_option(c, argv);
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
