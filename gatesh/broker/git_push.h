/* SPDX-License-Identifier: BSD-2-Clause */
/* git_push.h - the operations of a push, as rules and people read them, and the answer to one that is refused. */
#ifndef GATESH_BROKER_GIT_PUSH_H
#define GATESH_BROKER_GIT_PUSH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/strbuf.h"

/* Append a line for each ref of the commands (git_push_size() bytes), those that lose something first:
 *   git-delete-ref REF BEFORE
 *   git-force-push REF BEFORE..AFTER, with " (it is unknown what it loses)" behind it where that can't be found out
 *   git-push REF BEFORE..AFTER, or REF AFTER if the ref is new
 * Ids have their first 12 digits.  `pid` is the process that pushes, in whose repository git_ancestor() looks; 0: unknown.
 * Returns false if these are not commands that Gate knows: the line is then "git-force-push ? (...)". */
bool git_push_operations(pid_t pid, const char *text, size_t len, struct strbuf *out);

/* Append the server's answer (application/x-git-receive-pack-result) that refuses every ref with the reason, which git
 * prints: "! [remote rejected] main -> main (gate: refused: ...)". */
void git_push_refuse(const char *text, size_t len, const char *why, struct strbuf *out);

#endif
