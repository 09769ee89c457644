/* pack_arguments.h - packs that a command line names: by path, or by the name under which they are installed. */
#ifndef GATESH_LINT_PACK_ARGUMENTS_H
#define GATESH_LINT_PACK_ARGUMENTS_H

#include <limits.h>

#include "policy/policy.h"

/* The path of a pack: `arg` itself where there is such a file or directory, else NAME/ (with a pack.rules) or
 * NAME.rules in the directories that a session reads, the most trusted first.  False: there is none. */
bool pack_arguments_path(const struct policy_dirs *dirs, const char *arg, char path[PATH_MAX]);

/* A pack is trusted as a session would trust it at this path. */
enum ruleset_trust pack_arguments_trust(const struct policy_dirs *dirs, const char *path);

/* Given packs may adjust or require installed ones, which are then read into `installed`, too, and put beside them;
 * their own problems are not told.  Before ruleset_finish() of `rs`.  0 or -ENOMEM. */
int pack_arguments_beside(struct ruleset *rs, struct ruleset *installed, const struct policy_dirs *dirs);

#endif
