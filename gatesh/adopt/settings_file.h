/* SPDX-License-Identifier: BSD-2-Clause */
/* settings_file.h - a file that gatesh install changes, and what it is to contain: entries among an agent's hooks, a block in a
 * shell's startup file, or a file of gatesh's own.  Nothing is written here: see change.h. */
#ifndef GATESH_ADOPT_SETTINGS_FILE_H
#define GATESH_ADOPT_SETTINGS_FILE_H

#include <limits.h>
#include <sys/types.h>

#include "adopt/agents.h"
#include "base/strbuf.h"

enum settings_kind { SETTINGS_ENTRIES, SETTINGS_BLOCK, SETTINGS_OWN };

struct settings_file {
	enum settings_kind kind;
	const struct agent *agent; /* entries */
	char path[PATH_MAX];
	mode_t mode; /* of a new file */
	char *text;  /* owned: the command of the entries, the lines of the block, or the whole content */
};

/* The hooks of an agent, which run `gatesh hook` with these options ("" or " --allow-tools").  Returns 0 or a negative errno. */
int settings_of_hooks(struct settings_file *f, const struct agent *a, const char *options);
/* The shim of an agent. */
int settings_of_shim(struct settings_file *f, const struct agent *a);
/* The lines for the startup file of a shell (bash, zsh, fish): the directory of shims in PATH, and with `asks` all of gatesh shell-init.
 * -EINVAL for another shell. */
int settings_of_shell(struct settings_file *f, const char *shell, bool asks);
void settings_free(struct settings_file *f);

/* Does the text have gatesh's part; and is that what an installation would write now?  Returns 1, 0 or -EBADMSG. */
int settings_has(const struct settings_file *f, const char *text, size_t len, bool *current);

/* Append the text with gatesh's part, which it must not have yet.  Returns 0, -EBADMSG, -EINVAL or -ENOMEM. */
int settings_put(const struct settings_file *f, const char *text, size_t len, struct strbuf *out);

/* Append the text without gatesh's part; *nothing means that the file has nothing left.  Returns as settings_put(). */
int settings_take(const struct settings_file *f, const char *text, size_t len, struct strbuf *out, bool *nothing);

#endif
