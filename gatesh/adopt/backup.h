/* SPDX-License-Identifier: BSD-2-Clause */
/* backup.h - what a settings file had before gatesh install changed it, in the state directory: adopted/NAME.before (missing:
 * there was no file), adopted/NAME.after, which the installation wrote, and adopted/NAME.by, the version of Gate that did.  NAME is
 * the file's path. */
#ifndef GATESH_ADOPT_BACKUP_H
#define GATESH_ADOPT_BACKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/* Keep both contents.  `was`: there was a file.  Returns 0 or a negative errno. */
int backup_save(const char *path, const struct strbuf *before, bool was, const struct strbuf *after);

/* If `now` is what the installation of `path` wrote, append what it had before and set *was.  Returns whether it is. */
bool backup_find(const char *path, const struct strbuf *now, struct strbuf *before, bool *was);

/* Write the version of Gate that installed `path` to buf.  Returns whether it is known. */
bool backup_version(const char *path, char *buf, size_t size);

/* Remove all of it.  Best effort. */
void backup_forget(const char *path);

#endif
