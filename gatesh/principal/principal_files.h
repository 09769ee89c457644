/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_files.h - the files that a principal's credentials come from: gatesh reads them, no program of the session does. */
#ifndef GATESH_PRINCIPAL_PRINCIPAL_FILES_H
#define GATESH_PRINCIPAL_PRINCIPAL_FILES_H

#include "base/strbuf.h"
#include "principal/principal.h"

/* Call `each` for every file: those of file: sources, the AppRole's, the keys of GitHub apps and of the ssh agent.  The path is as
 * it stands in the principal, and again as it is without symbolic links where that is another one.  It is valid during the call.
 * Returns 0, or what `each` returned. */
int principal_each_file(const struct principal *p, int (*each)(const char *path, void *data), void *data);

/* Append the rule that denies opening them, if there are any.  A path that a line of a rule can't have (with blanks, or with
 * characters that a glob would take) is not in it. */
void principal_files_rule(const struct principal *p, struct strbuf *out);

#endif
