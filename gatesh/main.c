/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - gatesh: the table of commands. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
	{"check", cmd_check, "judge a command without running it"},
	{"explain", cmd_explain, "explain the verdict on a command"},
	{"lint", cmd_lint, "check rule packs, services and gate.conf"},
	{"test", cmd_test, "run the hits and misses of rule packs"},
	{"rules", cmd_rules, "list and search rules, and show which ever matched"},
	{"new-rule", cmd_new_rule, "write a rule for a command or an audit record"},
	{"replay", cmd_replay, "judge the commands of the audit log by other rules"},
	{"show", cmd_show, "show the rules and the policy that are loaded"},
	{"log", cmd_log, "read, filter and follow the audit log"},
	{"net", cmd_net, "list every destination of a session"},
	{"count", cmd_count, "count files, and those git does not have"},
	{"undo", cmd_undo, "list and restore what sessions removed or overwrote"},
	{"sessions", cmd_sessions, "list the running sessions"},
	{"pending", cmd_pending, "list the questions that wait for an answer"},
	{"answer", cmd_answer, "answer a session's questions on this terminal"},
	{"allow", cmd_allow, "answer a question with yes"},
	{"deny", cmd_deny, "answer a question with no"},
	{"grants", cmd_grants, "list or revoke what was allowed for a session"},
	{"freeze", cmd_freeze, "refuse everything in a session"},
	{"thaw", cmd_thaw, "end a freeze"},
	{"companion", cmd_companion, "the companion shell: all sessions at one prompt (the default)"},
	{"doctor", cmd_doctor, "show what Gate guards on this machine, and what it does not"},
	{"session", cmd_session, NULL}, /* started by the interposer under a bare LD_PRELOAD, not by people */
	{NULL, NULL, NULL},
};

static void main_help(FILE *out)
{
	fputs("usage: gatesh COMMAND [ARG ...]\n"
	      "       gatesh                                               the companion shell\n"
	      "       gatesh -c TEXT [NAME [ARG ...]] | SCRIPT [ARG ...]   the real shell, in a session\n\n",
	      out);
	for (const struct command *c = commands; c->name; c++)
		if (c->summary)
			fprintf(out, "  %-10s %s\n", c->name, c->summary);
	fputs("\nFor more: gatesh COMMAND --help, and the manual gatesh(1).\n", out);
}

/* Open /dev/null on those of descriptors 0 to 2 that are closed, so that no socket, terminal or log of gatesh's gets such
 * a number, where messages would be written into it.  The access modes are the wrong way round: reading and writing
 * still fail with EBADF, as on a closed descriptor, and lost output is reported.  open(2) takes the lowest free number,
 * which is `fd`.  Returns 0 or a negative errno. */
static int main_open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	int err = main_open_standard_descriptors();
	if (err) {
		fprintf(stderr, "gatesh: descriptors 0 to 2: some are closed, and /dev/null can't be opened: %s\n",
			strerror(-err));
		return EXIT_SOFTWARE;
	}
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
