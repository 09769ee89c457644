/* SPDX-License-Identifier: BSD-2-Clause */
/* judge_command.h - shared by check and explain: loads a service, and makes an event of one command or text. */
#ifndef GATESH_ASK_JUDGE_COMMAND_H
#define GATESH_ASK_JUDGE_COMMAND_H

#include <gate.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "policy/policy.h"

/* The options of the command line.  Strings are borrowed from argv. */
struct judge_options {
	const char *command;                 /* gatesh's subcommand, for messages */
	const char *service;                 /* NULL: gate.conf's */
	const char *packs[POLICY_PACKS_MAX]; /* --rules: instead of the installed packs */
	size_t npacks;
	const char *text; /* -c */
	char **words;     /* the command after the options, NULL-terminated */
	int nwords;
};

/* Add one --rules.  Returns false if there are too many. */
bool judge_add_pack(struct judge_options *o, const char *path);

/* Load the service, including the user's and this directory's files, for `conv`.  Returns 0, or an exit status with the
 * reason on stderr.  The caller ends *h with gate_end(). */
int judge_start(const struct judge_options *o, const struct gate_conv *conv, gate_handle_t **h);

/* Make the event of a command or text that this user is about to run here.  It points into `place` and `o`.
 * The rules of `h` say which program its file is. */
struct judge_place {
	char cwd[PATH_MAX], exe[PATH_MAX], known[PATH_MAX];
};
struct gate_event judge_event(const struct judge_options *o, const gate_handle_t *h, struct judge_place *place);

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
