/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_new_rule.c - gatesh new-rule: prints a rule's stanza for a command of the audit log or a given one. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ask/judge_command.h"
#include "audit/audit_objects.h"
#include "cmd/cmd.h"
#include "cmd/replay_record.h"
#include "draft/rule_skeleton.h"
#include "draft/said_skeleton.h"
#include "engine/engine.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh new-rule [OPTION ...] LINE | SESSION.ID\n"
	"       gatesh new-rule [OPTION ...] -- CMD [ARG ...]\n"
	"       gatesh new-rule --event statement --engine ENGINE [OPTION ...] STATEMENT\n"
	"       gatesh new-rule --event request [OPTION ...] METHOD HOST/PATH [BODY]\n"
	"\n"
	"Print the stanza of a rule that matches a command: the one at LINE of the audit log (gatesh log can print\n"
	"line numbers), the one that question SESSION.ID is about, or CMD.  You have to fill in the reason and\n"
	"review severity and pattern.  The miss is the command without the word that makes it dangerous.\n"
	"\n"
	"  -i, --id ID          the rule's name (default: local.PROGRAM-WORD)\n"
	"      --log FILE       use this audit log instead of your own\n" JUDGE_OPTIONS_HELP
	"\n"
	"Exit status: 0, 1 no such line or question, or no stanza that passes, 64 usage, 74 the log can't be read,\n"
	"78 bad configuration.\n";

/* A search in the log, and its result. */
struct wanted {
	unsigned long line; /* 0: by question */
	const char *session;
	size_t session_len;
	long id;
	json_t *found;
};

static bool cmd_new_rule_parse_wanted(const char *text, struct wanted *w)
{
	char *end;
	const char *dot = strrchr(text, '.'), *number = dot ? dot + 1 : text;
	errno = 0;
	long n = isdigit((unsigned char)*number) ? strtol(number, &end, 10) : 0;
	if (n <= 0 || errno || *end)
		return false;
	if (dot)
		*w = (struct wanted){.session = text, .session_len = (size_t)(dot - text), .id = n};
	else
		*w = (struct wanted){.line = (unsigned long)n};
	return !dot || w->session_len;
}

/* The callback of audit_objects_each().  A session's id may be cut short, as elsewhere. */
static int cmd_new_rule_look(const json_t *o, unsigned long line, void *data)
{
	struct wanted *w = data;
	const char *session = audit_objects_text(o, "session");
	bool is = w->line ? line == w->line :
			    session && !strncmp(session, w->session, w->session_len) &&
				    json_integer_value(json_object_get(o, "id")) == w->id;
	if (is)
		w->found = json_deep_copy(o);
	return is;
}

/* Load the stanza as a pack of its own: 0 if it parses and its examples pass. */
static int cmd_new_rule_try_stanza(const char *text)
{
	struct ruleset rs = {0};
	struct diag d = {0};
	struct source src = {.name = "stanza", .text = text, .len = strlen(text)};
	int err = ruleset_parse(&rs, &src, TRUST_USER, &d);
	if (!err)
		err = ruleset_finish(&rs, &d);
	if (!err)
		err = ruleset_selftest(&rs, &d);
	ruleset_free(&rs);
	return err;
}

static int cmd_new_rule_told(const struct rule *r, const struct subject *s, int how, void *data)
{
	fprintf(stderr, "gatesh: new-rule: %s already matches this command\n", r->id);
	return 0;
}

/* Report existing rules that match the command, and choose an id that none of them has. */
static int cmd_new_rule_look_around(const struct ruleset *rs, struct skeleton *s, const char *id)
{
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = s->hit.s};
	int err = ruleset_subjects(rs, &ev, &subjects);
	if (!err)
		err = ruleset_match(rs, GATE_EVENT_EXEC, &subjects, cmd_new_rule_told, NULL);
	subjects_free(&subjects);
	char *base = s->id;
	s->id = strdup(id ? id : base);
	for (int i = 2; !id && s->id && ruleset_find(rs, s->id); i++) {
		free(s->id);
		if (asprintf(&s->id, "%s-%d", base, i) < 0)
			s->id = NULL;
	}
	free(base);
	return err ? err : s->id ? 0 : -ENOMEM;
}

/* Print a stanza, and what is left to `review`.  `err`: of lint.  Returns 0, or an exit status after saying that it does not
 * pass. */
static int cmd_new_rule_put(const char *text, const char *review, int err)
{
	if (err == -EINVAL) {
		fputs("gatesh: new-rule: this stanza does not pass gatesh lint yet\n", stderr);
	} else if (err) {
		fprintf(stderr, "gatesh: new-rule: %s\n", strerror(-err));
		return EXIT_SOFTWARE;
	}
	printf("# Fill in `reason`, review `severity` and %s, add more hits and misses; then: gatesh lint FILE\n",
	       review);
	fputs(text, stdout);
	return err ? EXIT_DENY : 0;
}

/* The stanza for a statement or a request. */
static int cmd_new_rule_said(const struct gate_event *ev, const char *id)
{
	cleanup_strbuf struct strbuf text = {0};
	int err = said_skeleton(ev, id, &text);
	if (err == -ENOENT) {
		fputs("gatesh: new-rule: this statement has no effect that a rule can be about\n", stderr);
		return EXIT_DENY;
	}
	return cmd_new_rule_put(text.s ? text.s : "", "what it matches", err ? err : cmd_new_rule_try_stanza(text.s));
}

static int cmd_new_rule_said_words(const struct judge_options *o, const char *id)
{
	struct judge_place place = {.said = {.copy = NULL}};
	struct gate_event ev;
	int status = judge_said_or_say(o, NULL, &place, &ev) ? EXIT_USAGE : cmd_new_rule_said(&ev, id);
	said_example_free(&place.said);
	return status;
}

static int cmd_new_rule_print_stanza(struct skeleton *s)
{
	cleanup_strbuf struct strbuf text = {0};
	skeleton_print(s, &text);
	int err = text.err ? text.err : cmd_new_rule_try_stanza(text.s);
	if (err == -EINVAL && !skeleton_simplify(s)) {
		text.len = 0;
		skeleton_print(s, &text);
		err = text.err ? text.err : cmd_new_rule_try_stanza(text.s);
	}
	return cmd_new_rule_put(text.s ? text.s : "", "`match`", err);
}

static int cmd_new_rule_make(const char *const *argv, size_t argc, const char *exe, const char *id)
{
	struct judge_options o = {.command = "new-rule"};
	struct skeleton s = {0};
	gate_handle_t *h = NULL;
	int status = judge_start(&o, NULL, &h);
	if (status)
		return status;
	int err = skeleton_make(&s, argv, argc, exe);
	if (!err)
		err = cmd_new_rule_look_around(&gate_handle_policy(h)->rules, &s, id);
	if (err)
		fprintf(stderr, "gatesh: new-rule: %s\n", err == -ENOENT ? "it has no command" : strerror(-err));
	status = err == -ENOENT ? EXIT_DENY : err ? EXIT_SOFTWARE : cmd_new_rule_print_stanza(&s);
	skeleton_free(&s);
	gate_end(h, GATE_SUCCESS);
	return status;
}

/* Make the stanza for a line of the log. */
static int cmd_new_rule_from_log(const char *what, const char *log, const char *id)
{
	struct wanted w;
	const struct gate_event *said;
	if (!cmd_new_rule_parse_wanted(what, &w))
		return usage_error("new-rule", "takes a line of the log, SESSION.ID, or a command after --");
	if (audit_objects_each("new-rule", log, cmd_new_rule_look, &w) < 0)
		return EXIT_IO;
	if (w.found && replay_event(w.found, &said)) {
		int made = cmd_new_rule_said(said, id);
		replay_event_free(said);
		json_decref(w.found);
		return made;
	}
	const json_t *argv = json_object_get(w.found, "argv");
	size_t n = json_array_size(argv);
	const char **words = calloc(n + 1, sizeof *words);
	int status = words ? 0 : EXIT_SOFTWARE;
	for (size_t i = 0; words && i < n; i++) {
		words[i] = json_string_value(json_array_get(argv, i));
		status = words[i] ? status : EXIT_DENY;
	}
	if (!w.found || !n || status == EXIT_DENY) {
		fputs("gatesh: new-rule: ", stderr);
		out_text(stderr, what);
		fputs(w.found ? ": that line of the log has no command\n" : ": not in the log\n", stderr);
		status = EXIT_DENY;
	}
	if (!status)
		status = cmd_new_rule_make(words, n, audit_objects_text(w.found, "exe"), id);
	free(words);
	json_decref(w.found);
	return status;
}

int cmd_new_rule(int argc, char **argv)
{
	enum { OPT_LOG = 256 };
	static const struct option longs[] = {
		{"id", 1, NULL, 'i'}, {"log", 1, NULL, OPT_LOG}, {"help", 0, NULL, 'h'}, JUDGE_OPTIONS, {0}};
	struct judge_options said = {.command = "new-rule"};
	const char *id = NULL, *log = NULL;
	int status;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:i:h", longs, NULL)) != -1;)
		switch (c) {
		case 'i': id = optarg; break;
		case OPT_LOG: log = optarg; break;
		case 'h': return usage_help(help);
		default:
			status = judge_take_option(&said, c, optarg);
			if (status)
				return status < 0 ? usage_bad_option(c, argv, longs) : status;
		}
	said.words = argv + optind;
	said.nwords = argc - optind;
	if (said.event != GATE_EVENT_EXEC)
		return out_done(cmd_new_rule_said_words(&said, id));
	bool given = optind > 1 && !strcmp(argv[optind - 1], "--");
	if (optind == argc)
		return usage_error("new-rule", "needs a line, a question or a command");
	if (!given && argc - optind > 1)
		return usage_error("new-rule", "takes one line or question, or a command after --");
	status = given ? cmd_new_rule_make((const char *const *)argv + optind, (size_t)(argc - optind), NULL, id) :
			 cmd_new_rule_from_log(argv[optind], log, id);
	return out_done(status);
}
