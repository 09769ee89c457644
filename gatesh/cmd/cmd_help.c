/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_help.c - gatesh help: lists the commands, or prints the help of one. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "util/out.h"
#include "util/usage.h"

enum { COMMANDS_MAX = 64 };

static const char help[] =
	"usage: gatesh help [COMMAND]\n"
	"\n"
	"List the commands, or print the help of COMMAND, as gatesh COMMAND --help does.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 64 no such command.\n";

const struct command *command_find(const char *name)
{
	for (const struct command *c = gatesh_commands; c->name; c++)
		if (!strcmp(name, c->name))
			return c;
	return NULL;
}

int command_unknown(const char *name)
{
	const char *names[COMMANDS_MAX] = {NULL};
	size_t n = 0;
	for (const struct command *c = gatesh_commands; c->name && n < COMMANDS_MAX - 1; c++)
		if (c->summary)
			names[n++] = c->name;
	return usage_bad_command(name, names);
}

static int cmd_help_list(void)
{
	fputs("usage: gatesh COMMAND [ARG ...]\n"
	      "       gatesh                                               the companion shell\n"
	      "       gatesh -c TEXT [NAME [ARG ...]] | SCRIPT [ARG ...]   the real shell, in a session\n\n",
	      stdout);
	for (const struct command *c = gatesh_commands; c->name; c++)
		if (c->summary)
			printf("  %-10s %s\n", c->name, c->summary);
	fputs("\nFor more: gatesh help COMMAND, and the manual gatesh(1).\n", stdout);
	return out_done(0);
}

int cmd_help(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:h", options, NULL)) != -1;)
		return c == 'h' ? usage_help(help) : usage_bad_option(c, argv, options);
	char **rest = argv + optind;
	if (!rest[0])
		return cmd_help_list();
	if (rest[1])
		return usage_error("help", "takes one command");
	const struct command *c = command_find(rest[0]);
	if (!c)
		return command_unknown(rest[0]);
	usage_command(c->name);
	optind = 0; /* getopt_long() begins anew */
	return c->run(2, (char *[]){rest[0], (char[]){"--help"}, NULL});
}
