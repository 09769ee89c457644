/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_pause.c - gatesh pause and gatesh resume: let a session do everything for a while, when Gate itself is at fault. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "front/front_proto.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/session_dir.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char pause_help[] =
	"usage: gatesh pause [SESSION] [TIME]\n"
	"\n"
	"The way out when Gate itself is at fault.  For TIME (30s, 10m, 2h; default 10m, at most 8h) SESSION\n"
	"is asked about nothing and refused nothing, and every question that waits gets a yes.  Gate still\n"
	"keeps files for gatesh undo, and logs everything.  The pause ends by itself; gatesh resume ends it\n"
	"sooner.  pause asks for a word first, so it needs a terminal.  From inside a session it is refused.\n"
	"SESSION is an id of gatesh sessions or the beginning of one; it is optional if there is only one\n"
	"session.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 if the session is not paused, 64 usage.\n";

static const char resume_help[] =
	"usage: gatesh resume [SESSION]\n"
	"\n"
	"End a gatesh pause before its time.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 if the session is not paused or could not be reached, 64 usage.\n";

/* A time begins with a digit.  A session's id has no s, m or h in it. */
static bool cmd_pause_is_time(const char *word)
{
	size_t n = strlen(word);
	return n && *word >= '0' && *word <= '9' && strchr("smh", word[n - 1]);
}

static int cmd_pause_confirm(const char *id, const char *time)
{
	const char *error;
	char question[512];
	json_t *reply = front_request(id, json_pack("{s:s}", "op", "pending"), &error);
	if (!reply) {
		fprintf(stderr, "gate: session %s: %s\n", id, error);
		return EXIT_DENY;
	}
	unsigned waiting = (unsigned)json_array_size(json_object_get(reply, "questions"));
	json_decref(reply);
	snprintf(
		question, sizeof question,
		"For %s, session %s may do everything unasked: what a rule asks about or denies is done at once%s. Files "
		"are still kept where Gate can keep them, and everything is logged.",
		time, id, waiting ? ", and every question that waits now gets a yes" : "");
	return confirm_word("pause", question, "pause");
}

static int cmd_pause_order(const char *id, json_t *request, const char *done)
{
	const char *error;
	json_t *reply = front_request(id, request, &error);
	if (reply)
		printf("session %s %s\n", id, done);
	else
		fprintf(stderr, "gate: session %s: %s\n", id, error);
	json_decref(reply);
	return reply ? 0 : EXIT_DENY;
}

/* Returns -1 to go on with argv + optind, else the exit status. */
static int cmd_pause_options(int argc, char **argv, const char *help)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:h", options, NULL)) != -1;)
		return c == 'h' ? usage_help(help) : usage_bad_option(c, argv, options);
	return -1;
}

int cmd_pause(int argc, char **argv)
{
	char id[SESSION_ID_MAX], by[64], done[96];
	int status = cmd_pause_options(argc, argv, pause_help);
	if (status >= 0)
		return status;
	char **words = argv + optind;
	const char *name = words[0] && !cmd_pause_is_time(words[0]) ? *words++ : NULL;
	const char *time = words[0] ? *words++ : FRONT_PAUSE_DEFAULT;
	unsigned seconds = timespan_parse_seconds(time, FRONT_PAUSE_MAX_S);
	if (words[0])
		return usage_error("pause", "takes a session and a time");
	if (!seconds)
		return usage_error("pause", "a time is 30s, 10m or 2h, at most 8h, not '%s'", time);
	if (session_dir_find(name, id))
		return EXIT_DENY;
	status = cmd_pause_confirm(id, time);
	if (status)
		return status;
	front_by("pause", by, sizeof by);
	snprintf(done, sizeof done, "is paused for %s: gatesh resume %s ends that", time, id);
	return cmd_pause_order(
		id,
		json_pack("{s:s, s:i, s:s, s:s}", "op", "pause", "seconds", (int)seconds, "word", "pause", "by", by),
		done);
}

int cmd_resume(int argc, char **argv)
{
	char id[SESSION_ID_MAX], by[64];
	int status = cmd_pause_options(argc, argv, resume_help);
	if (status >= 0)
		return status;
	if (argv[optind] && argv[optind + 1])
		return usage_error("resume", "takes one session");
	if (session_dir_find(argv[optind], id))
		return EXIT_DENY;
	front_by("resume", by, sizeof by);
	return cmd_pause_order(id, json_pack("{s:s, s:s}", "op", "resume", "by", by), "asks and refuses again");
}
