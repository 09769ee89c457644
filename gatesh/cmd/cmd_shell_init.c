/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_shell_init.c - gatesh shell-init: prints what a person's own shell evaluates. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "adopt/shell_init.h"
#include "cmd/cmd.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh shell-init bash | zsh | fish\n"
	"\n"
	"  eval \"$(gatesh shell-init bash)\"   # zsh: the same\n"
	"  gatesh shell-init fish | source\n"
	"\n"
	"Print what makes your own shell ask before a destructive command that you type there.  gatesh install\n"
	"writes the line into the shell's startup file.  Only the text of the command is judged: files are judged\n"
	"and kept in sessions alone.\n"
	"\n"
	"The function gate_ps1 prints `(gate) ` in a session, for your prompt.\n"
	"\n"
	"Exit status: 0, 64 usage.\n";

int cmd_shell_init(int argc, char **argv)
{
	static const struct option longs[] = {{"help", 0, NULL, 'h'}, {0}};
	static const char *const shells[] = {"bash", "zsh", "fish", NULL};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;)
		if (c == 'h')
			return usage_help(help);
		else
			return usage_bad_option(c, argv, longs);
	if (argc - optind != 1)
		return usage_error("shell-init", "takes the name of one shell");
	if (!usage_word_in(argv[optind], shells))
		return usage_bad_word("SHELL", argv[optind], shells);
	char *text = shell_init_text(argv[optind]);
	if (!text)
		return EXIT_SOFTWARE;
	fputs(text, stdout);
	free(text);
	return out_done(0);
}
