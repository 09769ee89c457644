/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_explain.c - gatesh explain: shows step by step how Gate judges a command: subjects, rules, the stack. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ask/judge_command.h"
#include "base/escape.h"
#include "base/name.h"
#include "cmd/cmd.h"
#include "engine/engine.h"
#include "listing/explain_said.h"
#include "listing/explain_trace.h"
#include "listing/match_reason.h"
#include "listing/rule_list.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh explain [OPTION ...] -- CMD [ARG ...]\n"
	"       gatesh explain [OPTION ...] -c TEXT\n"
	"       gatesh explain --event statement --engine ENGINE [OPTION ...] STATEMENT\n"
	"       gatesh explain --event request [OPTION ...] METHOD HOST/PATH [BODY]\n"
	"\n"
	"Show how Gate judges a command: its subjects, why each rule about their programs matches or not, the\n"
	"lines of the service that ran, and the verdict.  Runs nothing and asks nobody.\n"
	"\n"
	"  -c, --text TEXT      explain a shell text: every command in it\n"
	"  -s, --service NAME   the service to judge by (default: gate.conf's, else agent)\n"
	"  -r, --rules PATH     a rule pack or a directory of them, instead of the installed ones; repeatable\n"
	"  -v, --verbose        also show rules for any program that do not match\n"
	"  -j, --json           print one JSON object\n" JUDGE_OPTIONS_HELP
	"\n"
	"Exit status: that of gatesh check -n.\n";

struct options {
	struct judge_options judge;
	bool json, verbose;
};

static int cmd_explain_parse(int argc, char **argv, struct options *o, bool *done)
{
	static const struct option longs[] = {
		{"text", 1, NULL, 'c'}, {"service", 1, NULL, 's'}, {"rules", 1, NULL, 'r'}, {"verbose", 0, NULL, 'v'},
		{"json", 0, NULL, 'j'}, {"help", 0, NULL, 'h'},    JUDGE_OPTIONS,           {0}};
	*done = true;
	int status;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:c:s:r:vjh", longs, NULL)) != -1;)
		switch (c) {
		case 'v': o->verbose = true; break;
		case 'j': o->json = true; break;
		case 'h': return usage_help(help);
		default:
			status = judge_take_option(&o->judge, c, optarg);
			if (status)
				return status < 0 ? usage_bad_option(c, argv, longs) : status;
		}
	o->judge.words = argv + optind;
	o->judge.nwords = argc - optind;
	if (!o->judge.text == !o->judge.nwords)
		return usage_error("explain", o->judge.text ? "only one of CMD and -c" : "nothing to explain");
	*done = false;
	return 0;
}

/* Is this rule worth a line?  Only if it names the program, or is for any program and comes close. */
static bool cmd_explain_candidate(const struct rule *r, const struct reason *why, bool verbose)
{
	if (!rule_is_on_exec(r) || why->why == WHY_PROGRAM)
		return false;
	return verbose || r->programs || why->why > WHY_KEYWORD;
}

/* --- for people --------------------------------------------------------------------------------------------------- */

/* Print the text with the matched bytes underlined. */
static void cmd_explain_print_span(const char *text, size_t from, size_t to)
{
	cleanup_strbuf struct strbuf before = {0}, matched = {0};
	bool colour = out_colour(stdout);
	escape_put(&before, text, from);
	escape_put(&matched, text + from, to - from);
	printf("           %s%s%s%s", before.s ? before.s : "", colour ? "\033[" SGR_RED "m" : "",
	       matched.s ? matched.s : "", colour ? "\033[0m" : "");
	out_text(stdout, text + to);
	printf("\n           %*s", (int)(before.s ? out_width(before.s) : 0), "");
	for (size_t w = matched.s ? out_width(matched.s) : 0; w; w--)
		putchar('^');
	putchar('\n');
}

/* A pattern decided: show which one, and the text it matched. */
static void cmd_explain_print_pattern(const struct rule *r, const struct reason *why)
{
	static const char *const colours[] = {NULL, SGR_YELLOW, SGR_RED, SGR_RED};
	bool match = reason_is_match(why), colour = out_colour(stdout) && match && colours[r->severity];
	printf("  %s%s%s%s%s  ", colour ? "\033[" : "", colour ? colours[r->severity] : "", colour ? "m" : "", r->id,
	       colour ? "\033[0m" : "");
	fputs(match ? gate_severity_name(r->severity) : "excepted", stdout);
	for (size_t i = 0; i < r->nadjusted; i++) {
		cleanup_strbuf struct strbuf how = {0};
		rule_list_put_adjusted(&how, r, i);
		fputs("  (", stdout);
		out_text(stdout, how.s);
		putchar(')');
	}
	putchar('\n');
	if (!why->pattern) {
		puts(r->events & RULE_SAID_EVENTS ? "  match    what the statement does" :
						    "  match    every command of its programs with its keywords");
		return;
	}
	printf("  %-7s  ", match ? "match" : "unless");
	out_text(stdout, why->pattern->text);
	fputs("  (", stdout);
	out_text(stdout, name_base(r->file));
	printf(":%u%s)\n", why->pattern->line,
	       why->why == WHY_LIMIT ? ", exceeded a match limit: counts as a match" : "");
	if (why->why != WHY_LIMIT)
		cmd_explain_print_span(why->text, why->from, why->to);
}

/* Add a row for a rule that did not match, with the missing part. */
static void cmd_explain_put_miss(struct table *t, const struct rule *r, const struct reason *why)
{
	cleanup_strbuf struct strbuf words = {0};
	for (char **word = why->keyword ? why->keyword->words : NULL; word && *word; word++)
		strbuf_printf(&words, " %s", *word);
	table_put(t, NULL, "");
	table_put(t, NULL, r->id);
	table_put(t, SGR_DIM, "no match");
	if (why->keyword)
		table_printf(t, SGR_DIM, "keyword: none of%s", words.s ? words.s : "");
	else if (r->events & RULE_SAID_EVENTS)
		table_put(t, SGR_DIM, "the statement does something else");
	else
		table_printf(t, SGR_DIM, "match: none of its %zu pattern%s (%s:%u)", r->nmatch,
			     r->nmatch == 1 ? "" : "s", name_base(r->file), r->match->line);
}

/* Add the disabled rules that would match. */
static void cmd_explain_put_disabled(struct table *t, const struct ruleset *rs, const struct subject *s,
				     const struct canonical *c)
{
	for (size_t k = 0; k < rs->ndisabled; k++) {
		const struct rule *r = rs->disabled[k];
		struct reason why = reason_of(r, s, c);
		cleanup_strbuf struct strbuf how = {0};
		if (!rule_is_on_exec(r) || !reason_is_match(&why))
			continue;
		rule_list_put_adjusted(&how, r, r->nadjusted - 1);
		table_put(t, NULL, "");
		table_put(t, NULL, r->id);
		table_put(t, SGR_DIM, "would match");
		table_put(t, SGR_DIM, how.s);
	}
}

/* The subject's canonical form.  0 or -ENOMEM. */
static int cmd_explain_canonical(const struct ruleset *rs, const struct subject *s, struct canonical *c)
{
	const struct grammar *g = s->content ? NULL : grammars_find(rs->commands, s->program);
	return s->content ? 0 : canonical_make(g ? g : grammar_plain(), reason_text(s), c);
}

/* Print the subject as typed and, if that differs, what it means. */
static void cmd_explain_print_texts(const struct subject *s, const struct canonical *c)
{
	fputs("subject  ", stdout);
	out_text(stdout, s->text);
	putchar('\n');
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->readings[i].texts[0], s->text) != 0) {
			fputs(i ? "or       " : "means    ", stdout);
			out_text(stdout, c->readings[i].texts[0]);
			putchar('\n');
		}
}

static int cmd_explain_print_subject(const struct ruleset *rs, const struct subject *s, bool verbose)
{
	struct table misses = {.columns = 4};
	struct canonical c = {0};
	bool any = false;
	int err = cmd_explain_canonical(rs, s, &c);
	cmd_explain_print_texts(s, grammars_find(rs->commands, s->program) ? &c : &(struct canonical){0});
	for (size_t k = 0; k < rs->n; k++) {
		struct reason why = reason_of(rs->rules[k], s, &c);
		if (!cmd_explain_candidate(rs->rules[k], &why, verbose))
			continue;
		if (why.why >= WHY_UNLESS)
			cmd_explain_print_pattern(rs->rules[k], &why);
		else
			cmd_explain_put_miss(&misses, rs->rules[k], &why);
		any = true;
	}
	if (!any) {
		fputs("  no rule is about ", stdout);
		out_text(stdout, s->program);
		putchar('\n');
	}
	cmd_explain_put_disabled(&misses, rs, s, &c);
	canonical_free(&c);
	int printed = table_print(&misses, stdout);
	return err ? err : printed;
}

static int cmd_explain_print(const struct options *o, const gate_handle_t *h, const struct subjects *subjects, int ret)
{
	int err = 0;
	if (!subjects->n)
		puts("no subject: it has no command");
	for (size_t i = 0; !err && i < subjects->n; i++) {
		err = cmd_explain_print_subject(&gate_handle_policy(h)->rules, &subjects->v[i], o->verbose);
		putchar('\n');
	}
	return err ? err : explain_trace_print(h, ret);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static json_t *cmd_explain_rule_json(const struct rule *r, const struct reason *why)
{
	json_t *o = json_pack("{s:s, s:b, s:s, s:o, s:i}", "rule", r->id, "matched", reason_is_match(why), "by",
			      reason_name(why->why), "file", json_bytes(r->file), "line",
			      (int)(why->pattern ? why->pattern->line : r->line));
	if (o && why->pattern)
		json_put(o, "pattern", why->pattern->text);
	if (o && why->pattern && why->why != WHY_LIMIT)
		json_object_set_new(o, "span", json_pack("[i, i]", (int)why->from, (int)why->to));
	if (o && why->text)
		json_object_set_new(o, "text", json_bytes(why->text));
	if (o && r->nadjusted)
		json_object_set_new(o, "disabled", json_boolean(r->adjusted[r->nadjusted - 1]->disables));
	if (o && why->keyword)
		json_object_set_new(o, "keyword", json_list((const char *const *)why->keyword->words));
	return o;
}

/* Return what the rules make of one subject, with the disabled ones that would match. */
static json_t *cmd_explain_rules_json(const struct ruleset *rs, const struct subject *s, const struct canonical *c,
				      bool verbose)
{
	json_t *rules = json_array();
	for (size_t k = 0; k < rs->n; k++) {
		struct reason why = reason_of(rs->rules[k], s, c);
		if (cmd_explain_candidate(rs->rules[k], &why, verbose))
			json_array_append_new(rules, cmd_explain_rule_json(rs->rules[k], &why));
	}
	for (size_t k = 0; k < rs->ndisabled; k++) {
		struct reason why = reason_of(rs->disabled[k], s, c);
		if (reason_is_match(&why) && rule_is_on_exec(rs->disabled[k]))
			json_array_append_new(rules, cmd_explain_rule_json(rs->disabled[k], &why));
	}
	return rules;
}

static json_t *cmd_explain_subjects_json(const struct ruleset *rs, const struct subjects *subjects, bool verbose)
{
	json_t *list = json_array();
	for (size_t i = 0; i < subjects->n; i++) {
		const struct subject *s = &subjects->v[i];
		struct canonical c = {0};
		cmd_explain_canonical(rs, s, &c);
		json_t *o = json_pack("{s:o, s:o, s:o}", "subject", json_bytes(s->text), "program",
				      json_bytes(s->program), "rules", cmd_explain_rules_json(rs, s, &c, verbose));
		if (o && c.n && grammars_find(rs->commands, s->program))
			json_object_set_new(o, "canonical", json_bytes(c.readings[0].texts[0]));
		json_array_append_new(list, o);
		canonical_free(&c);
	}
	return list;
}

static int cmd_explain_print_json(const struct options *o, const gate_handle_t *h, const struct subjects *subjects,
				  int ret)
{
	json_t *all = judge_json(h, ret);
	if (all &&
	    (json_object_set_new(all, "steps",
				 cmd_explain_subjects_json(&gate_handle_policy(h)->rules, subjects, o->verbose)) ||
	     json_object_set_new(all, "trace", explain_trace_json(h)))) {
		json_decref(all);
		all = NULL;
	}
	return json_line(all, stdout);
}

/* A statement or a request has no patterns to show: its effects decide. */
static int cmd_explain_said(const struct options *o, gate_handle_t *h)
{
	struct judge_place place = {.said = {.copy = NULL}};
	const struct ruleset *rs = &gate_handle_policy(h)->rules;
	struct gate_event ev;
	if (judge_said_or_say(&o->judge, o->judge.text, &place, &ev))
		return EXIT_USAGE;
	int ret = gate_check(h, &ev, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN), err;
	if (o->json) {
		json_t *all = judge_json(h, ret);
		err = !all || json_object_set_new(all, "steps", explain_said_json(rs, &ev, o->verbose)) ||
		      json_object_set_new(all, "trace", explain_trace_json(h));
		err = json_line(all, stdout) || err;
	} else {
		err = explain_said_print(rs, &ev, o->verbose);
		if (!err)
			err = explain_trace_print(h, ret);
	}
	said_example_free(&place.said);
	return err ? EXIT_SOFTWARE : judge_status(ret);
}

int cmd_explain(int argc, char **argv)
{
	struct options o = {.judge.command = "explain"};
	struct judge_place place;
	struct subjects subjects = {0};
	gate_handle_t *h = NULL;
	bool done;
	int status = cmd_explain_parse(argc, argv, &o, &done);
	if (done)
		return status;
	status = judge_start(&o.judge, NULL, &h);
	if (status)
		return status;
	if (o.judge.event != GATE_EVENT_EXEC) {
		status = out_done(cmd_explain_said(&o, h));
		gate_end(h, GATE_SUCCESS);
		return status;
	}
	struct gate_event ev = judge_event(&o.judge, h, &place);
	int err = ruleset_subjects(&gate_handle_policy(h)->rules, &ev, &subjects);
	int ret = gate_check(h, &ev, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN);
	if (err == -E2BIG)
		fputs("gatesh: explain: too many commands in it: Gate refuses it as a whole\n", stderr);
	if (err != -ENOMEM)
		err = (o.json ? cmd_explain_print_json : cmd_explain_print)(&o, h, &subjects, ret);
	status = out_done(err ? EXIT_SOFTWARE : judge_status(ret));
	subjects_free(&subjects);
	gate_end(h, ret);
	return status;
}
