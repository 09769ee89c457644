/* SPDX-License-Identifier: BSD-2-Clause */
/* name.h - base names of paths, and of the programs that command words name.  Internal to Gate. */
#ifndef GATE_BASE_NAME_H
#define GATE_BASE_NAME_H

#pragma GCC visibility push(default)

/* Return the part after the last slash, or the whole path when it has no slash.  Points into `path`. */
const char *name_base(const char *path);

/* Return the name by which rules judge a program: the base name of argv[0], without a login shell's dash.  A word that
 * ends in a slash is its own name.  Points into `word`. */
const char *name_program(const char *word);

#pragma GCC visibility pop

#endif
