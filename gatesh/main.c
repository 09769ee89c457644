/* main.c - gatesh: the table of commands. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <gate.h>

#include "cmd.h"

static const struct command {
	const char *name;
	cmd_fn *run;
	const char *summary;
} commands[] = {
	{"run", cmd_run, "run a command in a gated session"},
	{NULL, NULL, NULL},
};

int cmd_usage(const char *command, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fprintf(stderr, "gatesh: %s: ", command);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "; try gatesh %s --help\n", command);
	va_end(ap);
	return EXIT_USAGE;
}

int cmd_help(const char *text)
{
	fputs(text, stdout);
	return fflush(stdout) ? EXIT_SOFTWARE : 0;
}

static int help(FILE *out)
{
	fputs("usage: gatesh COMMAND [ARG ...]\n\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-10s %s\n", c->name, c->summary);
	fputs("\ngatesh COMMAND --help tells more; the manual is gatesh(1).\n", out);
	return fflush(out) ? EXIT_SOFTWARE : 0;
}

int main(int argc, char **argv)
{
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return argc < 2 ? (help(stderr), EXIT_USAGE) : help(stdout);
	if (!strcmp(argv[1], "--version"))
		return printf("gatesh %s\n", gate_version()) < 0 ? EXIT_SOFTWARE : 0;
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(argv[1], c->name))
			return c->run(argc - 1, argv + 1);
	fprintf(stderr, "gatesh: no command '%s'; gatesh --help lists them\n", argv[1]);
	return EXIT_USAGE;
}
