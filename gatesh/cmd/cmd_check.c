/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_check.c - gatesh check: judges a command, a shell text, or one text per line of stdin, and runs nothing. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/judge_command.h"
#include "cmd/cmd.h"
#include "front/tty_ask.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/unescape.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh check [OPTION ...] -- CMD [ARG ...]\n"
	"       gatesh check [OPTION ...] -c TEXT\n"
	"       gatesh check [OPTION ...] --lines <FILE\n"
	"       gatesh check --event statement --engine ENGINE [OPTION ...] STATEMENT\n"
	"       gatesh check --event request [OPTION ...] METHOD HOST/PATH [BODY]\n"
	"\n"
	"Judge a command as a session would, through the whole stack of the service, and run nothing.\n"
	"Print nothing if the command is allowed, else the rules that matched and why.  If there is a\n"
	"terminal, ask there.\n"
	"`deferred` means allowed; a session judges each file when the command deletes or overwrites it.\n"
	"\n"
	"  -c, --text TEXT      judge a shell text: every command in it\n"
	"      --lines          judge one shell text per line of stdin (escapes \\\\ \\n \\t \\r \\0); print one\n"
	"                       verdict per line: allow, deferred, ask or deny, a tab, the rules; never ask\n"
	"  -s, --service NAME   the service to judge by (default: gate.conf's, else agent)\n"
	"  -r, --rules PATH     a rule pack or a directory of them, instead of the installed ones; repeatable\n"
	"  -n, --no-ask         never ask: print the verdict `ask`\n"
	"  -j, --json           print the verdict as JSON; never ask\n"
	"  -v, --verbose        also print the verdict if the command is allowed\n" JUDGE_OPTIONS_HELP
	"\n"
	"Exit status: 0 allowed, 1 denied, 2 Gate would ask but nobody is there, 3 asked and dismissed or\n"
	"timed out, 64 usage, 78 bad configuration.  With --lines: 0 if all were judged.\n";

struct options {
	struct judge_options judge;
	bool lines, no_ask, json, verbose;
};

/* Returns 0 or an exit status; *done means that the command is finished. */
static int cmd_check_parse(int argc, char **argv, struct options *o, bool *done)
{
	enum { OPT_LINES = 256 };
	static const struct option longs[] = {{"text", 1, NULL, 'c'},
					      {"lines", 0, NULL, OPT_LINES},
					      {"service", 1, NULL, 's'},
					      {"rules", 1, NULL, 'r'},
					      {"no-ask", 0, NULL, 'n'},
					      {"json", 0, NULL, 'j'},
					      {"verbose", 0, NULL, 'v'},
					      {"help", 0, NULL, 'h'},
					      JUDGE_OPTIONS,
					      {0}};
	*done = true;
	int status;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:c:s:r:njvh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_LINES: o->lines = true; break;
		case 'n': o->no_ask = true; break;
		case 'j': o->json = true; break;
		case 'v': o->verbose = true; break;
		case 'h': return usage_help(help);
		default:
			status = judge_take_option(&o->judge, c, optarg);
			if (status)
				return status < 0 ? usage_bad_option(c, argv, longs) : status;
		}
	o->judge.words = argv + optind;
	o->judge.nwords = argc - optind;
	int ways = o->lines + !!o->judge.text + (o->judge.nwords > 0);
	if (ways != 1)
		return usage_error("check", ways ? "only one of CMD, -c and --lines" : "nothing to judge");
	*done = false;
	return 0;
}

static void cmd_check_print(const gate_handle_t *h, int ret, bool verbose)
{
	static const char *const colours[] = {NULL, SGR_YELLOW, SGR_RED, SGR_RED};
	struct table t = {.columns = 4};
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	bool deferred = judge_deferred(h, ret);
	if (!ret && !deferred && !verbose)
		return;
	const char *verdict = deferred ? "deferred" : judge_verdict(ret), *reason = gate_get_item(h, GATE_ITEM_REASON);
	const char *colour = ret == GATE_SUCCESS ? SGR_GREEN : ret == GATE_NO_AGENT ? SGR_YELLOW : SGR_RED;
	for (size_t i = 0; i < n; i++) {
		table_put(&t, colour, i ? "" : verdict);
		table_put(&t, SGR_BOLD, f[i].rule);
		table_put(&t, colours[f[i].severity], gate_severity_name(f[i].severity));
		table_put(&t, NULL, f[i].reason);
		if (!f[i].instead)
			continue;
		for (int blank = 0; blank < 3; blank++)
			table_put(&t, NULL, "");
		table_printf(&t, NULL, "instead: %s", f[i].instead);
	}
	if (!n) {
		table_put(&t, colour, verdict);
		table_put(&t, NULL, ret ? gate_strret(ret) : "");
		table_put(&t, NULL, ret && reason ? reason : "");
	}
	table_print(&t, stdout);
}

static int check_one(const struct options *o, gate_handle_t *h, const struct tty_talk *talk)
{
	struct judge_place place = {.said = {.copy = NULL}};
	struct gate_event ev;
	if (o->judge.event == GATE_EVENT_EXEC)
		ev = judge_event(&o->judge, h, &place);
	else if (judge_said_or_say(&o->judge, o->judge.text, &place, &ev))
		return EXIT_USAGE;
	int ret = gate_check(h, &ev, GATE_CHECK_DRY_RUN | (o->no_ask || o->json ? GATE_CHECK_NO_ASK : 0));
	said_example_free(&place.said);
	if (!o->json)
		cmd_check_print(h, ret, o->verbose);
	else if (json_line(judge_json(h, ret), stdout))
		return EXIT_IO;
	return ret == GATE_DENY && talk->dismissed ? EXIT_DISMISSED : judge_status(ret);
}

/* The ids of the rules that matched, in a new array. */
static json_t *cmd_check_rule_ids(const gate_handle_t *h)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	json_t *rules = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rules, json_bytes(f[i].rule));
	return rules;
}

static int cmd_check_line_json(const char *verdict, bool deferred, json_t *rules, const char *error)
{
	json_t *o = json_pack("{s:s, s:o, s:b}", "verdict", verdict, "rules", rules, "deferred", deferred);
	if (o && error)
		json_put(o, "error", error);
	return json_line(o, stdout);
}

/* Judge one line of stdin, without its newline.  0, or -1 if stdout is gone. */
static int check_line(const struct options *o, gate_handle_t *h, struct judge_place *place, struct gate_event *ev,
		      char *text, size_t len)
{
	char error[128] = "";
	size_t at = 0, n = 0;
	const char *bad = unescape_line(text, &len, &at);
	int ret = GATE_DENY;
	if (bad)
		snprintf(error, sizeof error, "%s (column %zu)", bad, at + 1);
	else if (memchr(text, '\0', len))
		snprintf(error, sizeof error, "a NUL byte, which no shell accepts");
	if (!*error) {
		text[len] = '\0';
		const char *fault = o->judge.event == GATE_EVENT_EXEC ? NULL : judge_said(&o->judge, text, place, ev);
		if (fault)
			snprintf(error, sizeof error, "it %s", fault);
		else if (o->judge.event == GATE_EVENT_EXEC)
			ev->shell_text = text;
	}
	bool judged = !*error;
	if (judged) {
		ret = gate_check(h, ev, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN);
		if (ret >= GATE_SERVICE_ERR)
			snprintf(error, sizeof error, "%s", gate_strret(ret));
	}
	bool deferred = judged && judge_deferred(h, ret);
	if (o->json)
		return cmd_check_line_json(judge_verdict(ret), deferred, judged ? cmd_check_rule_ids(h) : json_array(),
					   *error ? error : NULL);
	const struct gate_finding *f = judged ? gate_findings(h, &n) : NULL;
	printf("%s\t", deferred ? "deferred" : judge_verdict(ret));
	for (size_t i = 0; i < n; i++)
		printf("%s%s", i ? " " : "", f[i].rule);
	return printf("%s%s\n", *error ? "\t" : "", error) < 0 ? -1 : 0;
}

static int check_lines(const struct options *o, gate_handle_t *h)
{
	struct judge_place place = {.said = {.copy = NULL}};
	struct gate_event ev = judge_event(&o->judge, h, &place);
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	int err = 0;
	while (!err && (errno = 0, n = getline(&text, &room, stdin)) >= 0) {
		size_t len = (size_t)n;
		ev.shell_text = NULL;
		if (len && text[len - 1] == '\n')
			len--;
		err = check_line(o, h, &place, &ev, text, len) || fflush(stdout);
	}
	if (!err && !feof(stdin)) {
		fprintf(stderr, "gatesh: check: stdin: %s\n", strerror(errno));
		err = -1;
	}
	free(text);
	said_example_free(&place.said);
	return err ? EXIT_IO : 0;
}

int cmd_check(int argc, char **argv)
{
	struct options o = {.judge.command = "check"};
	gate_handle_t *h = NULL;
	bool done;
	struct tty_talk talk = {.check = true};
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .ask = tty_ask, .data = &talk};
	int status = cmd_check_parse(argc, argv, &o, &done);
	if (done)
		return status;
	status = judge_start(&o.judge, &conv, &h);
	if (status)
		return status;
	status = out_done(o.lines ? check_lines(&o, h) : check_one(&o, h, &talk));
	gate_end(h, status);
	return status;
}
