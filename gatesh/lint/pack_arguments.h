/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_arguments.h - finds the packs that a command line names, by path or by installed name. */
#ifndef GATESH_LINT_PACK_ARGUMENTS_H
#define GATESH_LINT_PACK_ARGUMENTS_H

#include <limits.h>

#include "policy/policy.h"

/* Find the path of a pack: `arg` itself if it is a file or directory, else NAME/ (with a pack.rules) or NAME.rules in
 * the directories that a session reads, the most trusted first.  False: not found. */
bool pack_arguments_path(const struct policy_dirs *dirs, const char *arg, char path[PATH_MAX]);

/* Return the trust that a session would give a pack at this path. */
enum ruleset_trust pack_arguments_trust(const struct policy_dirs *dirs, const char *path);

/* Load the packs that every session of this person has, without messages, and finish the set.  0 or -ENOMEM. */
int pack_arguments_installed(struct ruleset *installed, const struct policy_dirs *dirs);

/* If the given packs adjust or require others, load the installed packs into `installed` and set rs->beside.  Problems
 * of the installed packs are not reported.  Call it before ruleset_finish() of `rs`.  0 or -ENOMEM. */
int pack_arguments_beside(struct ruleset *rs, struct ruleset *installed, const struct policy_dirs *dirs);

#endif
