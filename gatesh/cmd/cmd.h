/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd.h - declares the commands of gatesh, one per file: cmd_NAME.c.  main.c has their table. */
#ifndef GATESH_CMD_CMD_H
#define GATESH_CMD_CMD_H

/* argv[0] is the command's name.  Returns the exit status. */
typedef int cmd_fn(int argc, char **argv);

struct command {
	const char *name;
	cmd_fn *run;
	const char *summary; /* NULL: not listed */
};

extern const struct command gatesh_commands[]; /* ends with a NULL name; in main.c */

/* Return the command of this name, or NULL. */
const struct command *command_find(const char *name);

/* Say on stderr that there is no such command, and which is nearest.  Returns EXIT_USAGE. */
int command_unknown(const char *name);

/* Print what gatesh --version prints.  Returns the exit status. */
int version_print(void);

cmd_fn cmd_run, cmd_session, cmd_check, cmd_explain, cmd_lint, cmd_show, cmd_log, cmd_sessions, cmd_pending, cmd_answer,
	cmd_allow, cmd_deny, cmd_grants, cmd_freeze, cmd_thaw, cmd_pause, cmd_resume, cmd_companion, cmd_doctor,
	cmd_net, cmd_new_command, cmd_new_rule, cmd_replay, cmd_rules, cmd_test, cmd_undo, cmd_count, cmd_help,
	cmd_bugreport, cmd_principal, cmd_pack, cmd_init, cmd_install, cmd_uninstall, cmd_status, cmd_hook,
	cmd_shell_init;

/* gatesh sessions end, for gatesh sessions. */
cmd_fn cmd_sessions_end;

#endif
