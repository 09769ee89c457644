/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_new_command.c - gatesh new-command: drafts the stanza of a tool's grammar from its help. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask/judge_command.h"
#include "base/name.h"
#include "base/paths.h"
#include "base/read_file.h"
#include "cmd/cmd.h"
#include "draft/command_draft.h"
#include "engine/engine.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh new-command [OPTION ...] TOOL\n"
	"\n"
	"Draft the `command` stanza of gate.rules(5) for TOOL from what `TOOL --help` prints, and `TOOL VERB\n"
	"--help` for each of its verbs.  They run in a session of their own, where every question is refused.\n"
	"\n"
	"  -f, --from FILE      read the tool's help from FILE (-: standard input), and run nothing\n"
	"      --shallow        don't ask for the help of the verbs\n"
	"  -h, --help           show this help\n"
	"\n"
	"Exit status: 0, 1 the help shows neither options nor verbs, or no stanza that passes, 64 usage,\n"
	"74 FILE can't be read.\n";

enum { HELP_BYTES_MAX = 8 << 20 };

static void cmd_new_command_put_quoted(struct strbuf *out, const char *word)
{
	strbuf_putc(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			strbuf_puts(out, "'\\''");
		else
			strbuf_putc(out, *word);
	strbuf_putc(out, '\'');
}

/* The shell text that prints the help of each verb behind a line with its number.  A program that knows no --help may answer to -h
 * or help, but with those it could also do something. */
static char *cmd_new_command_script(const char *tool, char *const *verbs, size_t n)
{
	cleanup_strbuf struct strbuf script = {0};
	strbuf_puts(&script, "export PAGER=cat MANPAGER=cat GIT_PAGER=cat COLUMNS=160\n");
	for (size_t i = 0; i < n; i++) {
		strbuf_printf(&script, "printf '\\n\\001%zu\\n'; timeout 5 ", i);
		cmd_new_command_put_quoted(&script, tool);
		strbuf_printf(&script, " %s --help 2>&1 </dev/null | head -c 65536\n", verbs[i]);
	}
	return strbuf_take(&script);
}

/* In the child: a session of gatesh's without a terminal, so that no question reaches a person, in an empty directory. */
static _Noreturn void cmd_new_command_run(const char *script, const char *dir, int out)
{
	int null = open("/dev/null", O_RDWR);
	char *argv[] = {(char *)"gatesh",
			(char *)"run",
			(char *)"--agent",
			(char *)"new-command",
			(char *)"--network",
			(char *)"ask",
			(char *)"--",
			(char *)"sh",
			(char *)"-c",
			(char *)script,
			NULL};
	setsid();
	unsetenv("GATE_SESSION");
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0 || chdir(dir))
		_exit(126);
	execv(gate_path(GATE_PATH_GATESH), argv);
	_exit(127);
}

static int cmd_new_command_read(int fd, struct strbuf *out)
{
	char buf[65536];
	ssize_t n;
	while ((n = read(fd, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && out->len < HELP_BYTES_MAX)
			strbuf_put(out, buf, (size_t)n);
	return n < 0 ? -errno : out->err;
}

/* Run the script and take what it prints. */
static int cmd_new_command_output(const char *script, struct strbuf *out)
{
	char dir[] = "/tmp/gate-new-command.XXXXXX";
	int ends[2];
	if (!mkdtemp(dir))
		return -errno;
	int err = pipe2(ends, O_CLOEXEC) ? -errno : 0;
	pid_t pid = err ? -1 : fork();
	if (!err && !pid)
		cmd_new_command_run(script, dir, ends[1]);
	err = !err && pid < 0 ? -errno : err;
	if (pid > 0) {
		close(ends[1]);
		err = cmd_new_command_read(ends[0], out);
		close(ends[0]);
		waitpid(pid, NULL, 0);
	}
	rmdir(dir);
	return err;
}

/* Cut the output at the lines with numbers. */
static int cmd_new_command_cut(const char *all, size_t n, char **texts)
{
	for (const char *at = all ? strstr(all, "\n\001") : NULL, *next; at; at = next) {
		char *end;
		unsigned long i = strtoul(at + 2, &end, 10);
		next = strstr(end, "\n\001");
		if (i >= n || texts[i])
			continue;
		texts[i] = next ? strndup(end, (size_t)(next - end)) : strdup(end);
		if (!texts[i])
			return -ENOMEM;
	}
	return 0;
}

/* draft_source.help: of an installed program. */
static int cmd_new_command_help(const char *tool, char *const *verbs, size_t n, char **texts, void *data)
{
	cleanup_strbuf struct strbuf out = {0};
	char *script = cmd_new_command_script(tool, verbs, n);
	int err = script ? cmd_new_command_output(script, &out) : -ENOMEM;
	free(script);
	return err ? err : cmd_new_command_cut(out.s, n, texts);
}

/* ... of a file. */
static int cmd_new_command_file(const char *tool, char *const *verbs, size_t n, char **texts, void *data)
{
	cleanup_strbuf struct strbuf text = {0};
	const char *file = data;
	int err = strcmp(file, "-") ? read_file(file, HELP_BYTES_MAX, &text, NULL) : cmd_new_command_read(0, &text);
	if (!err && text.s)
		texts[0] = strbuf_take(&text);
	return err;
}

/* Say where the tool has a stanza already. */
static int cmd_new_command_look_around(const char *tool)
{
	struct judge_options o = {.command = "new-command"};
	gate_handle_t *h = NULL;
	int status = judge_start(&o, NULL, &h);
	const struct grammar *g = status ? NULL : grammars_find(gate_handle_policy(h)->rules.commands, tool);
	if (g)
		fprintf(stderr, "gatesh: new-command: %s has a stanza already: %s:%u\n", tool, g->file, g->line);
	if (!status)
		gate_end(h, GATE_SUCCESS);
	return status;
}

/* 0 if the stanza parses. */
static int cmd_new_command_try(const char *text)
{
	struct ruleset rs = {0};
	struct diag d = {0};
	struct source src = {.name = "stanza", .text = text, .len = strlen(text)};
	int err = ruleset_parse(&rs, &src, TRUST_USER, &d);
	ruleset_free(&rs);
	return err;
}

static int cmd_new_command_print(const char *tool, const struct draft_source *from)
{
	cleanup_strbuf struct strbuf text = {0};
	int err = command_draft(tool, from, &text);
	if (err == -ENOENT && !from->data) {
		fputs("gatesh: new-command: ", stderr);
		out_text(stderr, tool);
		fputs(" --help shows neither options nor verbs\n", stderr);
		return EXIT_DENY;
	}
	if (err) {
		fprintf(stderr, "gatesh: new-command: %s\n", strerror(-err));
		return from->data ? EXIT_IO : EXIT_SOFTWARE;
	}
	fputs(text.s, stdout);
	err = cmd_new_command_try(text.s);
	if (err)
		fputs("gatesh: new-command: this stanza does not pass gatesh lint yet\n", stderr);
	return err ? EXIT_DENY : 0;
}

int cmd_new_command(int argc, char **argv)
{
	enum { OPT_SHALLOW = 256 };
	static const struct option longs[] = {
		{"from", 1, NULL, 'f'}, {"shallow", 0, NULL, OPT_SHALLOW}, {"help", 0, NULL, 'h'}, {0}};
	struct draft_source from = {.help = cmd_new_command_help, .deep = true};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:f:h", longs, NULL)) != -1;)
		switch (c) {
		case 'f': from = (struct draft_source){.help = cmd_new_command_file, .data = optarg}; break;
		case OPT_SHALLOW: from.deep = false; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (argc - optind != 1)
		return usage_error("new-command", argc == optind ? "needs a tool" : "takes one tool");
	const char *tool = argv[optind];
	if (!*tool || *tool == '-' || strpbrk(name_base(tool), " \t\n*|"))
		return usage_error("new-command", "takes the name of a program");
	char *path = strchr(tool, '/') ? realpath(tool, NULL) : NULL; /* it runs in another directory */
	int status = cmd_new_command_look_around(name_base(tool));
	if (!status)
		status = out_done(cmd_new_command_print(path ? path : tool, &from));
	free(path);
	return status;
}
