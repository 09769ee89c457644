/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_companion.c - gatesh companion, also run by gatesh without arguments. */
#include <getopt.h>

#include "cmd/cmd.h"
#include "companion/companion.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh companion\n"
	"       gatesh\n"
	"\n"
	"The companion shell: shows the questions of all your sessions as they come, and answers them.\n"
	"Its command 'help' lists the others.  If stdin or stdout is not a terminal, it reads commands\n"
	"from stdin line by line and shows no questions unasked.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0; without a terminal, 1 if a command failed.\n";

int cmd_companion(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	static const struct companion_host host = {.grants = cmd_grants, .log = cmd_log};
	opterr = 0;
	for (int k; (k = getopt_long(argc, argv, "+:h", options, NULL)) != -1;)
		return k == 'h' ? usage_help(help) : usage_bad_option(k, argv, options);
	if (argc > optind)
		return usage_error("companion", "takes no arguments");
	return companion_run(&host);
}
