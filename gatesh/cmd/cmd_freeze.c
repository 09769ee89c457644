/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_freeze.c - gatesh freeze and gatesh thaw: make a session refuse everything for a while. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "front/front_proto.h"
#include "util/exit.h"
#include "util/session_dir.h"
#include "util/usage.h"

static const char freeze_help[] =
	"usage: gatesh freeze [SESSION]\n"
	"\n"
	"Refuse everything that SESSION starts from now on, even if no rule matches it, and every waiting\n"
	"question.  Programs that already run go on.  gatesh thaw ends it.  SESSION is an id of gatesh\n"
	"sessions or the beginning of one; it is optional if there is only one session.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 if the session could not be reached, 64 usage.\n";

static const char thaw_help[] =
	"usage: gatesh thaw [SESSION]\n"
	"\n"
	"End a gatesh freeze.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 if the session could not be reached, 64 usage.\n";

static int cmd_freeze_order(int argc, char **argv, const char *op, const char *help)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	char id[SESSION_ID_MAX], by[64];
	const char *error;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:h", options, NULL)) != -1;)
		return c == 'h' ? usage_help(help) : usage_bad_option(c, argv, options);
	if (argv[optind] && argv[optind + 1])
		return usage_error(op, "takes one session");
	if (session_dir_find(argv[optind], id))
		return EXIT_DENY;
	front_by(op, by, sizeof by);
	json_t *reply = front_request(id, json_pack("{s:s, s:s}", "op", op, "by", by), &error);
	if (!reply)
		fprintf(stderr, "gate: session %s: %s\n", id, error);
	json_decref(reply);
	return reply ? 0 : EXIT_DENY;
}

int cmd_freeze(int argc, char **argv)
{
	return cmd_freeze_order(argc, argv, "freeze", freeze_help);
}

int cmd_thaw(int argc, char **argv)
{
	return cmd_freeze_order(argc, argv, "thaw", thaw_help);
}
