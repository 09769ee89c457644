/* usage.h - how every command of gatesh answers --help and a command line that it does not understand. */
#ifndef GATESH_UTIL_USAGE_H
#define GATESH_UTIL_USAGE_H

#include <stdbool.h>

#include "base/diag.h"

/* The command that runs, for usage_bad_option().  Static storage; set once, before the command starts. */
void usage_command(const char *name);

/* "gatesh: COMMAND: ...; try gatesh COMMAND --help" on stderr; returns EXIT_USAGE. */
int usage_error(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What getopt_long() refused (it returned '?' or ':', with opterr off), as usage_error(). */
int usage_bad_option(int c, char **argv);

/* The options of a command that prints facts: --json and --help.  -1 to go on with argv + optind, else the exit
 * status. */
int usage_json_options(int argc, char **argv, const char *help, bool *json);

/* The help text of a command, on stdout; returns 0, or EXIT_IO. */
int usage_help(const char *text);

/* diag.emit for a person: on stderr. */
void usage_diag(enum diag_level level, const char *text, void *data);

#endif
