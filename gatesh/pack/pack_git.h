/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_git.h - what gatesh pack needs of git: fetch a repository, find a commit, check who signed it, write its files out.
 *
 * A repository is somebody else's: no hook runs, no symbolic link and no submodule is taken, and a URL is never an option. */
#ifndef GATESH_PACK_PACK_GIT_H
#define GATESH_PACK_PACK_GIT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "util/conf.h"

enum { PACK_COMMIT_MAX = 65 };

/* Run git in `dir` (NULL: here) with the words of `args`, which end with NULL.  *out gets its output, with `both` also its error
 * output, which otherwise goes to stderr.  Returns its exit status or a negative errno. */
int pack_git(const char *dir, const char *const *args, bool both, struct strbuf *out);

/* Fetch `url` into the new bare repository `dir` and find the commit of `rev` ("": the remote's default branch).  Returns 0 or an
 * exit status after a message. */
int pack_git_fetch(const char *dir, const char *url, const char *rev, char commit[PACK_COMMIT_MAX]);

/* Is the commit signed by somebody whom gate.conf names?  `by` gets a sentence about it.  Returns 0, or an exit status after a
 * message if it is not and has to be. */
int pack_git_verify(const char *dir, const char *commit, const struct conf_signers *signers, struct strbuf *by);

/* Write the files of the commit into the directory `to`.  Returns 0 or an exit status after a message. */
int pack_git_files(const char *dir, const char *commit, const char *to);

#endif
