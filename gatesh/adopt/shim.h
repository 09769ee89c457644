/* SPDX-License-Identifier: BSD-2-Clause */
/* shim.h - the directory of programs that start an agent in a session: `claude` there runs `gatesh run -- claude`.  It stands
 * first in PATH. */
#ifndef GATESH_ADOPT_SHIM_H
#define GATESH_ADOPT_SHIM_H

#include <stdbool.h>
#include <stddef.h>

/* Write the directory, $XDG_DATA_HOME/gate/bin or ~/.local/share/gate/bin, to buf, or the file `name` in it (NULL: none).  Returns
 * 0, -ENOENT (no home) or -ENAMETOOLONG. */
int shim_path(char *buf, size_t size, const char *name);

/* Find the real program in PATH: the first that is not in the directory of shims.  Returns whether there is one. */
bool shim_find_program(const char *name, char *buf, size_t size);

/* Is the directory of shims in PATH? */
bool shim_is_in_path(void);

/* Does PATH lead to the shim of this name before the real program? */
bool shim_is_first(const char *name);

/* The text of the shim of a program, allocated; NULL if memory is out. */
char *shim_text(const char *program);

/* Append `word` as the shell reads it back: in quotes where it has to be. */
struct strbuf;
void shim_put_word(struct strbuf *b, const char *word);

#endif
