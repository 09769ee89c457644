/* SPDX-License-Identifier: BSD-2-Clause */
/* usage.h - how every gatesh command answers --help and an invalid command line. */
#ifndef GATESH_UTIL_USAGE_H
#define GATESH_UTIL_USAGE_H

#include <getopt.h>
#include <stdbool.h>

#include "base/diag.h"

/* Set the running command's name for usage_bad_option().  Static storage; set once, before the command starts. */
void usage_command(const char *name);

/* Print "gatesh: COMMAND: ...; try gatesh COMMAND --help" on stderr, escaped.  Returns EXIT_USAGE. */
int usage_error(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* As usage_error(), for an option that getopt_long() refused: it returned c, '?' or ':', with opterr off.  Suggests the
 * nearest option of `longs`, the table that getopt_long() had. */
int usage_bad_option(int c, char **argv, const struct option *longs);

/* As usage_error(), for a word that is none of `list` (NULL-terminated): "OPTION takes a, b or c, not 'WORD'", with the
 * nearest of them. */
int usage_bad_word(const char *option, const char *word, const char *const *list);

/* Is the word in the NULL-terminated list? */
bool usage_word_in(const char *word, const char *const *list);

/* As usage_error(), for a command that does not exist.  `list` has the others, NULL-terminated. */
int usage_bad_command(const char *word, const char *const *list);

/* Parse the options of a command that prints facts: --json and --help.  Returns -1 to go on with argv + optind,
 * otherwise the exit status. */
int usage_json_options(int argc, char **argv, const char *help, bool *json);

/* Print a command's help text on stdout.  Returns 0 or EXIT_IO. */
int usage_help(const char *text);

/* A diag.emit that prints on stderr. */
void usage_diag(enum diag_level level, const char *text, void *data);

#endif
