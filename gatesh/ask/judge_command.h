/* judge_command.h - what check and explain share: a service to judge by, and one command or text as an event. */
#ifndef GATESH_ASK_JUDGE_COMMAND_H
#define GATESH_ASK_JUDGE_COMMAND_H

#include <gate.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "policy/policy.h"

/* What the command line asks for.  Strings are borrowed from argv. */
struct judge_options {
	const char *command;                 /* our name, for messages */
	const char *service;                 /* NULL: gate.conf's */
	const char *packs[POLICY_PACKS_MAX]; /* --rules: instead of the installed packs */
	size_t npacks;
	const char *text; /* -c */
	char **words;     /* the command after the options, NULL-terminated */
	int nwords;
};

/* One --rules.  False: too many. */
bool judge_add_pack(struct judge_options *o, const char *path);

/* Load the service (the user's and this directory's files included) for `conv`.  0, or an exit status with the reason
 * on stderr.  The caller ends *h. */
int judge_start(const struct judge_options *o, const struct gate_conv *conv, gate_handle_t **h);

/* The event of a command or text about to run here, by us.  `place` holds what it points to. */
struct judge_place {
	char cwd[PATH_MAX], exe[PATH_MAX];
};
struct gate_event judge_event(const struct judge_options *o, struct judge_place *place);

/* Is there a rule in each of the packs of --rules?  0, or an exit status after saying which has none. */
int judge_has_rules(const struct judge_options *o, const gate_handle_t *h);

/* A gate code as a verdict and as the exit status of check. */
const char *judge_verdict(int ret);
int judge_status(int ret);

/* Was it allowed because its file events will be judged when they happen? */
bool judge_deferred(const gate_handle_t *h, int ret);

/* Everything known about the last check of `h`, as an object; NULL when out of memory. */
json_t *judge_json(const gate_handle_t *h, int ret);

#endif
