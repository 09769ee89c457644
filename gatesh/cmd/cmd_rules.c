/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_rules.c - gatesh rules: lists and searches rules, and counts how often each matched in the audit log. */
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ask/judge_command.h"
#include "audit/audit_objects.h"
#include "cmd/cmd.h"
#include "engine/engine.h"
#include "listing/rule_list.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh rules [OPTION ...] [WORD|GLOB ...]\n"
	"\n"
	"List the rules that a session started here would use: all, or those that have every WORD in their id,\n"
	"reason, programs or keywords, and whose id matches every GLOB ('git.*').\n"
	"\n"
	"  -c, --coverage       show how often each rule matched in the audit log, how often refused, and when last\n"
	"  -u, --unused         list only rules that never matched\n"
	"      --since WHEN     count only later matches: 30s, 10m, 2h or 7d ago, 2026-11-23, 2026-11-23T13:10\n"
	"      --log FILE       use this log instead of your own\n"
	"  -s, --service NAME   the service (default: gate.conf's, else agent)\n"
	"  -r, --rules PATH     a rule pack or a directory of them, instead of the installed ones; repeatable\n"
	"  -j, --json           print one JSON object\n"
	"\n"
	"Exit status: 0, 1 no such rule, 64 usage, 74 the log can't be read, 78 bad configuration.\n";

struct options {
	struct judge_options judge;
	const char *log;
	long long since_ms; /* 0: all */
	bool coverage, unused, json;
};

/* A rule and its counts from the log. */
struct row {
	const struct rule *rule;
	unsigned long seen, denied;
	char last[32]; /* time as in the log; empty: never */
};

struct rows {
	struct row *v; /* by id */
	size_t n;
	json_t *gone; /* a set: ids in the log that no loaded rule has */
	long long since_ms;
};

/* --- which rules -------------------------------------------------------------------------------------------------- */

static bool cmd_rules_any_has(char *const *words, const char *part)
{
	for (; words && *words; words++)
		if (strcasestr(*words, part))
			return true;
	return false;
}

static bool cmd_rules_has_word(const struct rule *r, const char *word)
{
	if (strpbrk(word, "*?["))
		return !fnmatch(word, r->id, 0);
	bool has = strcasestr(r->id, word) || strcasestr(r->reason, word) || cmd_rules_any_has(r->programs, word);
	for (size_t i = 0; !has && i < r->nkeywords; i++)
		has = cmd_rules_any_has(r->keywords[i].words, word);
	return has;
}

static bool cmd_rules_wanted(const struct rule *r, char **words)
{
	while (*words && cmd_rules_has_word(r, *words))
		words++;
	return !*words;
}

/* Copy the rules of `from` that have all words to `to`.  Returns their number. */
static size_t cmd_rules_select_rules(struct rule *const *from, size_t n, char **words, struct rule **to)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (cmd_rules_wanted(from[i], words))
			to[k++] = from[i];
	return k;
}

/* --- coverage ----------------------------------------------------------------------------------------------------- */

static int cmd_rules_by_id(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->rule->id, ((const struct row *)b)->rule->id);
}

/* The callback of audit_objects_each(). */
static int cmd_rules_count(const json_t *o, unsigned long line, void *data)
{
	struct rows *rows = data;
	const char *time = audit_objects_text(o, "time"), *verdict = audit_objects_text(o, "verdict");
	long long at;
	size_t i;
	json_t *id;
	if (rows->since_ms && (timespan_parse_iso(time, &at) || at < rows->since_ms))
		return 0;
	json_array_foreach(json_object_get(o, "rules"), i, id)
	{
		struct rule key = {.id = (char *)json_string_value(id)};
		struct row *row =
			key.id ? bsearch(&(struct row){.rule = &key}, rows->v, rows->n, sizeof *row, cmd_rules_by_id) :
				 NULL;
		if (!row) {
			if (key.id)
				json_object_set_new(rows->gone, key.id, json_true());
			continue;
		}
		row->seen++;
		row->denied += !verdict || strcmp(verdict, "allow");
		snprintf(row->last, sizeof row->last, "%s", time ? time : "");
	}
	return 0;
}

static int cmd_rules_print_rows(const struct rows *rows, char **words, bool unused)
{
	struct table t = {.columns = 6};
	static const char *const heads[] = {"RULE", "SEEN", "DENIED", "LAST", "SEVERITY", "REASON"};
	size_t never = 0, shown = 0;
	for (size_t i = 0; i < 6; i++)
		table_put(&t, SGR_DIM, heads[i]);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];
		bool show = cmd_rules_wanted(row->rule, words) && !(unused && row->seen);
		never += !row->seen && cmd_rules_wanted(row->rule, words);
		shown += show;
		if (!show)
			continue;
		table_put(&t, SGR_BOLD, row->rule->id);
		table_printf(&t, NULL, "%lu", row->seen);
		table_printf(&t, NULL, "%lu", row->denied);
		table_put(&t, NULL, *row->last ? row->last : "never");
		table_put(&t, rule_list_colour(row->rule->severity), gate_severity_name(row->rule->severity));
		table_put(&t, NULL, row->rule->reason);
	}
	int err = table_print(&t, stdout);
	printf("%zu rule%s, %zu never matched; %zu in the log but not loaded\n", shown, shown == 1 ? "" : "s", never,
	       json_object_size(rows->gone));
	return err;
}

static int cmd_rules_print_rows_json(const struct rows *rows, char **words, bool unused)
{
	json_t *list = json_array(), *gone = json_array(), *value;
	const char *id;
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];
		if (!cmd_rules_wanted(row->rule, words) || (unused && row->seen))
			continue;
		json_t *o = rule_list_json(row->rule);
		json_object_set_new(o, "seen", json_integer((json_int_t)row->seen));
		json_object_set_new(o, "denied", json_integer((json_int_t)row->denied));
		json_put(o, "last", *row->last ? row->last : NULL);
		json_array_append_new(list, o);
	}
	json_object_foreach(rows->gone, id, value) json_array_append_new(gone, json_bytes(id));
	return json_line(json_pack("{s:o, s:o}", "rules", list, "gone", gone), stdout);
}

static int cmd_rules_coverage(const struct options *o, const struct ruleset *rs)
{
	struct rows rows = {.n = rs->n, .gone = json_object(), .since_ms = o->since_ms};
	rows.v = calloc(rs->n + 1, sizeof *rows.v);
	int status = rows.v && rows.gone ? 0 : EXIT_SOFTWARE;
	for (size_t i = 0; !status && i < rs->n; i++)
		rows.v[i].rule = rs->rules[i];
	if (!status && rs->n)
		qsort(rows.v, rows.n, sizeof *rows.v, cmd_rules_by_id);
	if (!status && audit_objects_each("rules", o->log, cmd_rules_count, &rows))
		status = EXIT_IO;
	if (!status && (o->json ? cmd_rules_print_rows_json : cmd_rules_print_rows)(&rows, o->judge.words, o->unused))
		status = EXIT_SOFTWARE;
	free(rows.v);
	json_decref(rows.gone);
	return status;
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static int cmd_rules_list(const struct options *o, const struct ruleset *rs)
{
	struct rule **found = calloc(rs->n + rs->ndisabled + 1, sizeof *found);
	json_t *rules = o->json ? json_array() : NULL;
	int err = found && (rules || !o->json) ? 0 : -1;
	size_t n = 0;
	if (!err) {
		n = cmd_rules_select_rules(rs->rules, rs->n, o->judge.words, found);
		n += cmd_rules_select_rules(rs->disabled, rs->ndisabled, o->judge.words, found + n);
	}
	for (size_t i = 0; !err && o->json && i < n; i++)
		err = json_array_append_new(rules, rule_list_json(found[i]));
	if (!err && o->json)
		err = json_line(json_pack("{s:O}", "rules", rules), stdout);
	else if (!err)
		err = rule_list_print(found, n);
	free(found);
	json_decref(rules);
	return err ? EXIT_SOFTWARE : n || !*o->judge.words ? 0 : EXIT_DENY;
}

static int cmd_rules_parse(int argc, char **argv, struct options *o, bool *done)
{
	enum { OPT_SINCE = 256, OPT_LOG };
	static const struct option longs[] = {
		{"coverage", 0, NULL, 'c'}, {"unused", 0, NULL, 'u'},  {"since", 1, NULL, OPT_SINCE},
		{"log", 1, NULL, OPT_LOG},  {"service", 1, NULL, 's'}, {"rules", 1, NULL, 'r'},
		{"json", 0, NULL, 'j'},     {"help", 0, NULL, 'h'},    {0}};
	*done = true;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":cus:r:jh", longs, NULL)) != -1;)
		switch (c) {
		case 'c': o->coverage = true; break;
		case 'u': o->unused = o->coverage = true; break;
		case OPT_SINCE:
			if (timespan_parse_since(optarg, &o->since_ms))
				return usage_error(
					"rules",
					"--since takes a time span (10m) or a time (2026-11-23T13:10), not '%s'",
					optarg);
			break;
		case OPT_LOG: o->log = optarg; break;
		case 's': o->judge.service = optarg; break;
		case 'r':
			if (!judge_add_pack(&o->judge, optarg))
				return usage_error("rules", "more than %d --rules", POLICY_PACKS_MAX);
			break;
		case 'j': o->json = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if ((o->log || o->since_ms) && !o->coverage)
		return usage_error("rules", "--log and --since need --coverage or --unused");
	o->judge.words = argv + optind;
	o->judge.nwords = argc - optind;
	*done = false;
	return 0;
}

int cmd_rules(int argc, char **argv)
{
	struct options o = {.judge.command = "rules"};
	gate_handle_t *h = NULL;
	bool done;
	int status = cmd_rules_parse(argc, argv, &o, &done);
	if (done)
		return status;
	status = judge_start(&o.judge, NULL, &h);
	if (status)
		return status;
	status = out_done((o.coverage ? cmd_rules_coverage : cmd_rules_list)(&o, &gate_handle_policy(h)->rules));
	gate_end(h, GATE_SUCCESS);
	return status;
}
