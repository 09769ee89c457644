/* SPDX-License-Identifier: BSD-2-Clause */
/* rule_skeleton.h - derives a rule's stanza from one command, for a person to complete. */
#ifndef GATESH_DRAFT_RULE_SKELETON_H
#define GATESH_DRAFT_RULE_SKELETON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "rules/ruleset.h"

/* The parts of the stanza; owned, zero-initialise. */
struct skeleton {
	char *id, *program;
	char **words; /* of the command that the rule is about: argv[0] first, NULL-terminated */
	size_t n;
	size_t anchors[3]; /* the words that the pattern requires, in order; the last is the keyword */
	size_t nanchors;
	struct strbuf hit, match, miss;
};

/* Derive it from a command's words: the program that it starts in the end (peels sudo, sh -c, ssh), and the word that
 * makes it dangerous or its subcommand.  0, -ENOENT (no command in it), -ENOMEM.  Call skeleton_free() in all cases. */
int skeleton_make(struct skeleton *s, const char *const *argv, size_t argc, const char *exe);

/* Append the stanza as text.  The miss is the command without the last anchor. */
void skeleton_print(const struct skeleton *s, struct strbuf *out);

/* Replace the miss with the program's --help, in case the rule matches the first one.  0 or -ENOMEM. */
int skeleton_simplify(struct skeleton *s);

void skeleton_free(struct skeleton *s);

#endif
