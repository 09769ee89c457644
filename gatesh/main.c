/* main.c - gatesh: the table of commands. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <gate.h>

#include "cmd/cmd.h"
#include "session/shell_mode.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

static const struct command {
	const char *name;
	cmd_fn *run;
	const char *summary; /* NULL: not listed */
} commands[] = {
	{"run", cmd_run, "run a command in a gated session"},
	{"check", cmd_check, "judge a command and run nothing"},
	{"explain", cmd_explain, "why a command is judged as it is"},
	{"lint", cmd_lint, "check rule packs, services and gate.conf"},
	{"test", cmd_test, "run the hits and misses of a rule pack"},
	{"rules", cmd_rules, "list and search rules, and which of them ever matched"},
	{"new-rule", cmd_new_rule, "the stanza of a rule, from a command or the audit log"},
	{"replay", cmd_replay, "what other rules would have made of the audit log"},
	{"show", cmd_show, "the rules and the policy that are loaded"},
	{"log", cmd_log, "read, filter and follow the audit log"},
	{"net", cmd_net, "every destination of a session"},
	{"count", cmd_count, "count files, and those git does not have"},
	{"undo", cmd_undo, "list and bring back what sessions removed or overwrote"},
	{"sessions", cmd_sessions, "list the living sessions"},
	{"pending", cmd_pending, "list the questions that wait for an answer"},
	{"answer", cmd_answer, "put a session's questions on this terminal"},
	{"allow", cmd_allow, "answer a question with yes"},
	{"deny", cmd_deny, "answer a question with no"},
	{"grants", cmd_grants, "what was allowed for a session, and taking it back"},
	{"freeze", cmd_freeze, "refuse everything of a session"},
	{"thaw", cmd_thaw, "end what freeze began"},
	{"companion", cmd_companion, "the companion shell: every session at one prompt (without COMMAND)"},
	{"doctor", cmd_doctor, "what is guarded on this machine, and what is not"},
	{"session", cmd_session, NULL}, /* the interposer's, for a bare LD_PRELOAD; not for people */
	{NULL, NULL, NULL},
};

static void main_help(FILE *out)
{
	fputs("usage: gatesh COMMAND [ARG ...]\n"
	      "       gatesh                                              the companion shell\n"
	      "       gatesh -c TEXT [NAME [ARG ...]] | SCRIPT [ARG ...]   as a shell: the real one, in a session\n\n",
	      out);
	for (const struct command *c = commands; c->name; c++)
		if (c->summary)
			fprintf(out, "  %-10s %s\n", c->name, c->summary);
	fputs("\ngatesh COMMAND --help tells more; the manual is gatesh(1).\n", out);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	if (argc < 2 || argv[0][0] == '-') {
		if (shell_mode_wanted(argc, argv))
			return shell_mode_run(argc, argv);
		usage_command("companion");
		return cmd_companion(argc, argv);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		main_help(stdout);
		return out_done(0);
	}
	if (!strcmp(argv[1], "--version")) {
		printf("gatesh %s\n", gate_version());
		return out_done(0);
	}
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(argv[1], c->name)) {
			usage_command(c->name);
			return c->run(argc - 1, argv + 1);
		}
	if (shell_mode_wanted(argc, argv))
		return shell_mode_run(argc, argv);
	fputs("gatesh: no command '", stderr);
	out_text(stderr, argv[1]);
	fputs("'; gatesh --help lists them\n", stderr);
	return EXIT_USAGE;
}
