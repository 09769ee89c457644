/* name.h - base names: of paths, and of the programs that words name.  Internal to Gate. */
#ifndef GATE_BASE_NAME_H
#define GATE_BASE_NAME_H

#pragma GCC visibility push(default)

/* What follows the last slash of a path; the path itself when it has none.  Points into `path`. */
const char *name_base(const char *path);

/* The name that a program is judged by: the base name of argv[0], without a login shell's dash.  A word that ends in a
 * slash is its own name.  Points into `word`. */
const char *name_program(const char *word);

#pragma GCC visibility pop

#endif
