/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - gatesh: the table of commands. */
#include <locale.h>
#include <string.h>

#include "cmd/cmd.h"
#include "session/shell_mode.h"
#include "util/exit.h"
#include "util/stack_limit.h"
#include "util/standard_descriptors.h"
#include "util/usage.h"

const struct command gatesh_commands[] = {
	{"run", cmd_run, "run a command in a gated session"},
	{"check", cmd_check, "judge a command without running it"},
	{"explain", cmd_explain, "explain the verdict on a command"},
	{"lint", cmd_lint, "check rule packs, services and gate.conf"},
	{"test", cmd_test, "run the hits and misses of rule packs"},
	{"rules", cmd_rules, "list and search rules, and show which ever matched"},
	{"pack", cmd_pack, "add, update, list and remove packs from git repositories"},
	{"new-rule", cmd_new_rule, "write a rule for a command or an audit record"},
	{"new-command", cmd_new_command, "draft the grammar of a tool from its help"},
	{"replay", cmd_replay, "judge the commands of the audit log by other rules"},
	{"show", cmd_show, "show the rules and the policy that are loaded"},
	{"log", cmd_log, "read, filter and follow the audit log"},
	{"net", cmd_net, "list every destination of a session"},
	{"count", cmd_count, "count files, and those git does not have"},
	{"undo", cmd_undo, "list and restore what sessions removed or overwrote"},
	{"sessions", cmd_sessions, "list the running sessions, or end one"},
	{"principal", cmd_principal, "list, show and test the principals that agents can be"},
	{"pending", cmd_pending, "list the questions that wait for an answer"},
	{"answer", cmd_answer, "answer a session's questions on this terminal"},
	{"allow", cmd_allow, "answer a question with yes"},
	{"deny", cmd_deny, "answer a question with no"},
	{"grants", cmd_grants, "list or revoke what was allowed for a session"},
	{"freeze", cmd_freeze, "refuse everything in a session"},
	{"thaw", cmd_thaw, "end a freeze"},
	{"pause", cmd_pause, "let a session do everything for a while, when Gate is at fault"},
	{"resume", cmd_resume, "end a pause before its time"},
	{"companion", cmd_companion, "the companion shell: all sessions at one prompt (the default)"},
	{"init", cmd_init, "write the .gate/ of a project: rules, a principal, hosts"},
	{"install", cmd_install, "let coding agents and shells use Gate"},
	{"uninstall", cmd_uninstall, "undo what install did"},
	{"status", cmd_status, "list the agents on this machine, and how each is gated"},
	{"shell-init", cmd_shell_init, "let your own shell ask before destructive commands"},
	{"hook", cmd_hook, "answer an event of a coding agent's hooks"},
	{"doctor", cmd_doctor, "show what Gate guards on this machine, and what it does not"},
	{"bugreport", cmd_bugreport, "collect what a bug report needs, without secrets"},
	{"help", cmd_help, "show this, or the help of a command"},
	{"session", cmd_session, NULL}, /* started by the interposer under a bare LD_PRELOAD, not by people */
	{NULL, NULL, NULL},
};

int main(int argc, char **argv)
{
	if (standard_descriptors_open() || stack_limit_check())
		return EXIT_SOFTWARE;
	setlocale(LC_CTYPE, "");
	if (argc < 2 || argv[0][0] == '-') {
		if (shell_mode_wanted(argc, argv))
			return shell_mode_run(argc, argv);
		usage_command("companion");
		return cmd_companion(argc, argv);
	}
	const char *name = argv[1];
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	if (!strcmp(name, "--version"))
		return version_print();
	const struct command *c = command_find(name);
	if (c) {
		usage_command(c->name);
		return name == argv[1] ? c->run(argc - 1, argv + 1) : c->run(1, (char *[]){argv[1], NULL});
	}
	if (shell_mode_wanted(argc, argv))
		return shell_mode_run(argc, argv);
	return command_unknown(argv[1]);
}
