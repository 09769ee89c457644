/* SPDX-License-Identifier: BSD-2-Clause */
/* change.h - one change to one settings file: worked out, shown, written, and undone.
 *
 * The state directory keeps a file's earlier text, as adopted/NAME.before beside adopted/NAME.after.  Where the file is still
 * what the installation wrote, undoing puts the old bytes back; where somebody has changed it since, undoing takes out
 * gatesh's part alone. */
#ifndef GATESH_ADOPT_CHANGE_H
#define GATESH_ADOPT_CHANGE_H

#include <stdio.h>

#include "adopt/settings_file.h"

struct change {
	const struct settings_file *file; /* borrowed */
	char path[PATH_MAX];              /* behind symbolic links */
	bool is, will_be;                 /* does the file exist, before and after? */
	struct strbuf before, after;      /* its contents; after: what it will have */
	struct strbuf clean;              /* what it would have without Gate */
	bool was;                         /* would it exist without Gate? */
	mode_t mode;
	unsigned line; /* of the first error, with -EBADMSG */
};

/* Work out what installing or uninstalling changes.  Returns 1 if something changes, 0 if all is as it should be, or a negative
 * errno: -EBADMSG (not JSON; c->line), -EINVAL (something else stands there), or of reading.  Nothing is written. */
int change_install(struct change *c, const struct settings_file *f);
int change_uninstall(struct change *c, const struct settings_file *f);

/* Print the file and the lines that change. */
void change_show(const struct change *c, FILE *out);

/* Write it: the backup first, then the file, by rename(2) and with its mode.  Returns 0 or a negative errno; then the file is as it was. */
int change_write(const struct change *c);

/* Say on stderr why a change can't be made; `err` is a negative errno. */
void change_complain(const char *command, const struct change *c, int err);

void change_free(struct change *c);

#endif
