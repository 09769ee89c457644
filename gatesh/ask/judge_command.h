/* SPDX-License-Identifier: BSD-2-Clause */
/* judge_command.h - shared by check and explain: loads a service, and makes an event of one command or text. */
#ifndef GATESH_ASK_JUDGE_COMMAND_H
#define GATESH_ASK_JUDGE_COMMAND_H

#include <gate.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "policy/policy.h"
#include "rules/said.h"

/* The options of the command line.  Strings are borrowed from argv. */
struct judge_options {
	const char *command;                 /* gatesh's subcommand, for messages */
	const char *service;                 /* NULL: gate.conf's */
	const char *packs[POLICY_PACKS_MAX]; /* --rules: instead of the installed packs */
	size_t npacks;
	const char *text; /* -c */
	char **words;     /* the command after the options, NULL-terminated */
	int nwords;
	/* For a statement or a request: words[0] is one as a hit of a rule gives it; with `engine`, what comes before its
	 * colon is made of the next four.  A request is METHOD HOST/PATH [BODY], in up to three words. */
	enum gate_event_type event;                  /* GATE_EVENT_EXEC, GATE_EVENT_STATEMENT or GATE_EVENT_REQUEST */
	const char *engine, *host, *database, *rows; /* NULL: not given */
};

/* The options of an event that is not a command, for struct option. */
enum { JUDGE_OPT_EVENT = 512, JUDGE_OPT_ENGINE, JUDGE_OPT_HOST, JUDGE_OPT_DATABASE, JUDGE_OPT_ROWS };
/* clang-format off */
#define JUDGE_OPTIONS \
	{"event", 1, NULL, JUDGE_OPT_EVENT}, {"engine", 1, NULL, JUDGE_OPT_ENGINE}, {"host", 1, NULL, JUDGE_OPT_HOST}, \
	{"database", 1, NULL, JUDGE_OPT_DATABASE}, {"rows", 1, NULL, JUDGE_OPT_ROWS}
#define JUDGE_OPTIONS_HELP \
	"      --event NAME     judge a statement or a request instead of a command\n" \
	"      --engine ENGINE  of a statement: postgresql, mysql, sqlite, redis or mongodb\n" \
	"      --host HOST      of a statement: the server that it goes to\n" \
	"      --database NAME  of a statement: the database that it goes to\n" \
	"      --rows N         of a statement: how many rows it would delete or change\n"
/* clang-format on */

/* Take the value of one of these, or of -c, -s or -r.  Returns 0, -ENOENT if it is another option, or an exit status after a
 * message.  `value` is borrowed; o->command must be set. */
int judge_take_option(struct judge_options *o, int c, const char *value);

/* Add one --rules.  Returns false if there are too many. */
bool judge_add_pack(struct judge_options *o, const char *path);

/* Load the service, including the user's and this directory's files, for `conv`.  Returns 0, or an exit status with the
 * reason on stderr.  The caller ends *h with gate_end(). */
int judge_start(const struct judge_options *o, const struct gate_conv *conv, gate_handle_t **h);

/* Make the event of a command or text that this user is about to run here.  It points into `place` and `o`.
 * The rules of `h` say which program its file is. */
struct judge_place {
	char cwd[PATH_MAX], exe[PATH_MAX], known[PATH_MAX];
	struct said_example said; /* free with said_example_free() */
};
struct gate_event judge_event(const struct judge_options *o, const gate_handle_t *h, struct judge_place *place);

/* The same for a statement or request, which is `text` as words[0] would be (NULL: the words).  Returns NULL, or what is
 * wrong with it, to follow the text in a message. */
const char *judge_said(const struct judge_options *o, const char *text, struct judge_place *place,
		       struct gate_event *ev);

/* The same for the words of the command line; says on stderr what is wrong.  Returns whether something is. */
bool judge_said_or_say(const struct judge_options *o, const char *text, struct judge_place *place,
		       struct gate_event *ev);

/* Check that each pack of --rules has a rule.  Returns 0, or an exit status after naming a pack without one. */
int judge_has_rules(const struct judge_options *o, const gate_handle_t *h);

/* The verdict and the exit status of check for a GATE_ code. */
const char *judge_verdict(int ret);
int judge_status(int ret);

/* Was the command allowed because its file events are judged when they happen? */
bool judge_deferred(const gate_handle_t *h, int ret);

/* Everything known about the last check of `h` as a JSON object; NULL if memory is out. */
json_t *judge_json(const gate_handle_t *h, int ret);

#endif
