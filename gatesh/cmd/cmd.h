/* cmd.h - the commands of gatesh, one file each: cmd_NAME.c.  The table is in main.c. */
#ifndef GATESH_CMD_CMD_H
#define GATESH_CMD_CMD_H

#include <stdbool.h>

#include "base/diag.h"

/* Exit statuses shared by all commands (sysexits(3) where it has one; 0 to 3 are gatesh check's). */
enum {
	EXIT_ALLOW = 0,
	EXIT_DENY = 1,
	EXIT_NOBODY = 2,
	EXIT_DISMISSED = 3,
	EXIT_USAGE = 64,
	EXIT_SOFTWARE = 70,
	EXIT_IO = 74,
	EXIT_CONFIG = 78,
	EXIT_REFUSED = 126,
	EXIT_NOT_FOUND = 127,
};

/* argv[0] is the command's name.  Returns the exit status. */
typedef int cmd_fn(int argc, char **argv);
cmd_fn cmd_run, cmd_session, cmd_check, cmd_explain, cmd_lint, cmd_show, cmd_log, cmd_sessions, cmd_pending, cmd_answer, cmd_allow,
	cmd_deny, cmd_grants, cmd_freeze, cmd_thaw, cmd_companion, cmd_doctor, cmd_net, cmd_new_rule,
	cmd_replay, cmd_rules, cmd_test, cmd_undo, cmd_count;

/* "gatesh: COMMAND: ...; try gatesh COMMAND --help" on stderr; returns EXIT_USAGE. */
int cmd_usage(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What getopt_long() refused (it returned '?' or ':', with opterr off), as cmd_usage(). */
int cmd_bad_option(int c, char **argv);

/* The options of a command that prints facts: --json and --help.  -1 to go on with argv + optind, else the exit
 * status. */
int cmd_json_options(int argc, char **argv, const char *help, bool *json);

/* The help text of a command, on stdout; returns 0, or EXIT_IO. */
int cmd_help(const char *text);

/* diag.emit for a person: on stderr. */
void cmd_diag(enum diag_level level, const char *text, void *data);

#endif
