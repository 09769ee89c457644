/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_install.c - gatesh install and uninstall: agents and shells are told of Gate in their own settings, and forget it again. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "adopt/adoption.h"
#include "adopt/shim.h"
#include "cmd/cmd.h"
#include "seam/inside.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

#define NAMES "claude, codex, gemini, opencode, qwen, copilot, bash, zsh, fish or all"

static const char help_install[] =
	"usage: gatesh install [OPTION ...] [NAME ...]\n"
	"\n"
	"Let agents and shells use Gate: change their own settings, after showing what changes and asking.\n"
	"NAME is " NAMES
	";\n"
	"all, the default, is every agent that is on this machine.\n"
	"\n"
	"An agent is installed in two ways:\n"
	"  shim    a program of its name, first in PATH, starts it by `gatesh run`\n"
	"  hooks   it tells Gate of each tool call, and runs its commands in a session where it has none\n"
	"For a shell, destructive commands that you type ask first.\n"
	"\n"
	"      --way WAY       only shim or hooks (default: both)\n"
	"      --allow-tools   answer the agent's own prompts for its shell and file tools where Gate asks\n"
	"                      about what is destructive (not for web, MCP and reading tools)\n"
	"  -n, --dry-run       only show what would change\n"
	"  -y, --yes           do not ask\n"
	"\n"
	"gatesh uninstall undoes it.\n"
	"\n"
	"Exit status: 0, 1 something could not be changed or you said no, 64 usage, 126 inside a session.\n";

static const char help_uninstall[] =
	"usage: gatesh uninstall [OPTION ...] [NAME ...]\n"
	"\n"
	"Undo what gatesh install did: each file becomes what it was, byte by byte, unless somebody has changed\n"
	"it since; then only what Gate put in is taken out.  NAME is as for gatesh install; all, the default, is\n"
	"everything.\n"
	"\n"
	"  -n, --dry-run   only show what would change\n"
	"  -y, --yes       do not ask\n"
	"\n"
	"Exit status: 0, 1 something could not be changed or you said no, 64 usage, 126 inside a session.\n";

struct options {
	struct adoption a;
	const char *command;
	bool dry_run, yes;
};

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static int cmd_install_way(struct options *o, const char *way)
{
	static const char *const ways[] = {"shim", "hooks", NULL};
	if (!usage_word_in(way, ways))
		return usage_bad_word("--way", way, ways);
	o->a.ways = strcmp(way, "shim") ? ADOPTION_HOOKS : ADOPTION_SHIM;
	return 0;
}

/* Returns -1 to go on, or an exit status. */
static int cmd_install_parse(int argc, char **argv, struct options *o)
{
	enum { OPT_WAY = 256, OPT_ALLOW };
	static const struct option installs[] = {{"dry-run", 0, NULL, 'n'},
						 {"yes", 0, NULL, 'y'},
						 {"help", 0, NULL, 'h'},
						 {"way", 1, NULL, OPT_WAY},
						 {"allow-tools", 0, NULL, OPT_ALLOW},
						 {0}};
	static const struct option uninstalls[] = {
		{"dry-run", 0, NULL, 'n'}, {"yes", 0, NULL, 'y'}, {"help", 0, NULL, 'h'}, {0}};
	const struct option *longs = o->a.uninstalls ? uninstalls : installs;
	int status;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":nyh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_WAY:
			if ((status = cmd_install_way(o, optarg)))
				return status;
			break;
		case OPT_ALLOW: o->a.allow_tools = true; break;
		case 'n': o->dry_run = true; break;
		case 'y': o->yes = true; break;
		case 'h': return usage_help(o->a.uninstalls ? help_uninstall : help_install);
		default: return usage_bad_option(c, argv, longs);
		}
	return -1;
}

/* Add everything: to install, the agents that are here; to uninstall, whatever there may be. */
static int cmd_install_add_all(struct options *o)
{
	int err = 0;
	for (const struct agent *g = agents; g->name && !err; g++)
		if (o->a.uninstalls || agent_is_here(g))
			err = adoption_add(&o->a, g->name);
	for (size_t i = 0; shells[i] && o->a.uninstalls && !err; i++)
		err = adoption_add(&o->a, shells[i]);
	return err;
}

/* Returns 0 or an exit status, after a message. */
static int cmd_install_add_names(struct options *o, char **names)
{
	bool all = !*names || !strcmp(*names, "all"), agent = all;
	int err = all ? cmd_install_add_all(o) : 0;
	if (all && *names && names[1])
		return usage_error(o->command, "all takes no further names");
	for (; !all && *names && !err; names++) {
		err = adoption_add(&o->a, *names);
		if (err == -EINVAL)
			return usage_error(o->command, "no agent or shell '%s': it is " NAMES, *names);
		agent = agent || agent_find(*names);
	}
	if (!err && agent && (!all || !o->a.uninstalls))
		err = adoption_add_path(&o->a);
	if (!err)
		return 0;
	fprintf(stderr, "gate: %s: %s\n", o->command, err == -ENOENT ? "there is no home directory" : strerror(-err));
	return EXIT_DENY;
}

/* Ask at the terminal; y is yes, everything else no. */
static int cmd_install_ask(const struct options *o, size_t n)
{
	char line[16] = "";
	if (!isatty(STDIN_FILENO))
		return usage_error(o->command, "no terminal to ask on; --yes does not ask");
	tcflush(STDIN_FILENO, TCIFLUSH);
	printf("\nChange %s? [y/N] ", n == 1 ? "this file" : "these files");
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		putchar('\n');
	if (line[0] == 'y' || line[0] == 'Y')
		return 0;
	puts("Nothing was done.");
	return EXIT_DENY;
}

static int cmd_install_write(const struct options *o, struct change *changes, const bool *wanted)
{
	int status = 0;
	for (size_t i = 0; i < o->a.n; i++) {
		int err = wanted[i] ? change_write(&changes[i]) : 0;
		if (!err)
			continue;
		change_complain(o->command, &changes[i], err);
		status = EXIT_DENY;
	}
	return status;
}

/* Say what is left to the person. */
static void cmd_install_say_next(const struct options *o, const bool *wanted)
{
	bool shell = false, shim = false;
	for (size_t i = 0; i < o->a.n; i++) {
		const struct settings_file *f = &o->a.files[i];
		shell = shell || (wanted[i] && !f->agent);
		shim = shim || (f->agent && f->kind == SETTINGS_OWN && f->mode == 0755);
		if (wanted[i] && f->agent && f->kind == SETTINGS_ENTRIES && f->agent->next && !o->a.uninstalls)
			printf("%s.\n", f->agent->next);
	}
	if (shell)
		puts("Start a new shell to use it.");
	else if (shim && !o->a.uninstalls && !shim_is_in_path())
		puts("Put the directory of the shims first in PATH, or start a new shell.");
}

/* Work out all changes and show them.  Returns how many there are; *failed: some can't be made. */
static size_t cmd_install_work_out(struct options *o, struct change *changes, bool *wanted, bool *failed)
{
	size_t n = 0;
	for (size_t i = 0; i < o->a.n; i++) {
		struct change *c = &changes[i];
		int got = o->a.uninstalls ? change_uninstall(c, &o->a.files[i]) : change_install(c, &o->a.files[i]);
		if (got < 0) {
			change_complain(o->command, c, got);
			*failed = true;
		}
		wanted[i] = got > 0;
		if (got <= 0)
			continue;
		if (n++)
			putchar('\n');
		change_show(c, stdout);
	}
	return n;
}

static int cmd_install_do(struct options *o)
{
	struct change changes[ADOPTION_FILES_MAX] = {0};
	bool wanted[ADOPTION_FILES_MAX] = {false}, failed = false;
	size_t n = cmd_install_work_out(o, changes, wanted, &failed);
	int status = failed ? EXIT_DENY : 0;
	if (!n && !failed)
		puts(!o->a.n         ? "None of the agents is here." :
		     o->a.uninstalls ? "Nothing is installed." :
				       "Everything is installed already.");
	if (n && !o->dry_run) {
		int said = o->yes ? 0 : cmd_install_ask(o, n);
		if (said) {
			status = said;
		} else {
			int err = cmd_install_write(o, changes, wanted);
			status = err ? err : status;
			cmd_install_say_next(o, wanted);
		}
	}
	for (size_t i = 0; i < o->a.n; i++)
		change_free(&changes[i]);
	return status;
}

static int cmd_install_run(int argc, char **argv, struct options *o)
{
	int status = cmd_install_parse(argc, argv, o);
	if (status >= 0)
		return status;
	if (session_inside()) {
		fprintf(stderr,
			"gate: %s: this is inside a session, which can't change how agents start; run it outside\n",
			o->command);
		return EXIT_REFUSED;
	}
	status = cmd_install_add_names(o, argv + optind);
	if (!status)
		status = cmd_install_do(o);
	adoption_free(&o->a);
	return out_done(status);
}

int cmd_install(int argc, char **argv)
{
	struct options o = {.command = "install", .a.ways = ADOPTION_SHIM | ADOPTION_HOOKS};
	return cmd_install_run(argc, argv, &o);
}

int cmd_uninstall(int argc, char **argv)
{
	struct options o = {.command = "uninstall", .a.ways = ADOPTION_SHIM | ADOPTION_HOOKS, .a.uninstalls = true};
	return cmd_install_run(argc, argv, &o);
}
