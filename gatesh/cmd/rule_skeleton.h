/* rule_skeleton.h - a rule's stanza made from one command, to be filled in by a person. */
#ifndef GATESH_CMD_RULE_SKELETON_H
#define GATESH_CMD_RULE_SKELETON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "rules/ruleset.h"

/* What the stanza is made of; owned, zero-initialise. */
struct skeleton {
	char *id, *program;
	char **words; /* of the command that the rule is about: argv[0] first, NULL-terminated */
	size_t n;
	size_t anchors[3]; /* the words that the pattern wants, in order; the last is the keyword */
	size_t nanchors;
	struct strbuf hit, match, miss;
};

/* Derive it from a command's words: what it starts in the end (sudo, sh -c, ssh are peeled), the word that makes it
 * dangerous, or its subcommand.  0, -ENOENT (no command in it), -ENOMEM.  skeleton_free() in all cases. */
int skeleton_make(struct skeleton *s, const char *const *argv, size_t argc, const char *exe);

/* The stanza as text.  The miss is the command without the last anchor. */
void skeleton_print(const struct skeleton *s, struct strbuf *out);

/* Another miss, for when that one is matched: the program's help.  0 or -ENOMEM. */
int skeleton_simplify(struct skeleton *s);

void skeleton_free(struct skeleton *s);

#endif
