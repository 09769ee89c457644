/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_log.c - gatesh log: reads, filters and follows the audit log. */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gate.h>

#include "audit/audit_objects.h"
#include "audit/audit_order.h"
#include "base/escape.h"
#include "cmd/cmd.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/state_dir.h"
#include "util/table.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh log [OPTION ...]\n"
	"\n"
	"Print the decisions of your sessions, oldest first, from $XDG_STATE_HOME/gate/audit.jsonl.\n"
	"\n"
	"      --session ID         only of this session\n"
	"      --verdict V          only allow, or only deny\n"
	"      --rule GLOB          only where a rule with a matching id matched: 'git.*'\n"
	"      --event E            only exec, unlink, rename, truncate, write, read, connect, statement,\n"
	"                           request or signal\n"
	"      --since WHEN         the last 30s, 10m, 2h or 7d, or since a time: 2026-11-23, 2026-11-23T13:10\n"
	"                           (local time, or UTC with a trailing Z)\n"
	"  -n, --lines N            only the last N\n"
	"      --numbers            prefix each with its line number in the log, for gatesh new-rule\n"
	"  -f, --follow             wait for more; without -n, start with the last 10\n"
	"  -j, --json               print the log's own objects, one per line\n"
	"\n"
	"gatesh log skips lines that are torn, foreign or of a later version, and reports them on stderr.\n"
	"Exit status: 0, 64 usage, 74 the log can't be read or stdout can't be written.\n";

enum { FOLLOW_LINES = 10, LINES_MAX = 1 << 20 };

struct filter {
	const char *session, *verdict, *rule, *event;
	long long since_ms; /* 0: all */
};

struct options {
	struct filter filter;
	long lines; /* -1: all */
	bool follow, json, numbers;
};

/* The last N matches, for --lines. */
struct ring {
	json_t **v;
	size_t size, next, n;
};

static bool cmd_log_rule_matches(const json_t *o, const char *glob)
{
	size_t i;
	json_t *id;
	json_array_foreach(json_object_get(o, "rules"), i,
			   id) if (json_is_string(id) && !fnmatch(glob, json_string_value(id), 0)) return true;
	return false;
}

static bool cmd_log_is(const json_t *o, const char *key, const char *wanted)
{
	const char *value = audit_objects_text(o, key);
	return !wanted || (value && !strcmp(value, wanted));
}

static bool cmd_log_matches(const json_t *o, const struct filter *f)
{
	long long at;
	if (!cmd_log_is(o, "session", f->session) || !cmd_log_is(o, "verdict", f->verdict) ||
	    !cmd_log_is(o, "event", f->event))
		return false;
	if (f->rule && !cmd_log_rule_matches(o, f->rule))
		return false;
	return !f->since_ms || (!timespan_parse_iso(audit_objects_text(o, "time"), &at) && at >= f->since_ms);
}

/* Append the first member that says what was done: a subject, a path, a host, or argv. */
static void cmd_log_put_what(struct strbuf *b, const json_t *o)
{
	static const char *const members[] = {"subjects", "path", "host", "argv", "exe"};
	for (size_t m = 0; m < sizeof members / sizeof *members && !b->len; m++) {
		json_t *v = json_object_get(o, members[m]), *word;
		size_t i;
		if (json_is_string(v))
			escape_put(b, json_string_value(v), json_string_length(v));
		json_array_foreach(v, i, word)
		{
			if (i && !strcmp(members[m], "subjects"))
				break;
			strbuf_puts(b, i ? " " : "");
			escape_put(b, json_string_value(word), json_string_length(word));
		}
	}
}

static void cmd_log_put_rules(struct strbuf *b, const json_t *o)
{
	size_t i;
	json_t *id;
	json_array_foreach(json_object_get(o, "rules"), i, id)
	{
		strbuf_puts(b, i ? "," : "");
		escape_put(b, json_string_value(id), json_string_length(id));
	}
	if (!b->len)
		strbuf_putc(b, '-');
}

/* The decider: the person, else the module that allowed the event, else the return code that refused it. */
static const char *cmd_log_decided_by(const json_t *o)
{
	const char *by = audit_objects_text(o, "by");
	if (!by)
		by = json_string_value(json_array_get(json_object_get(o, "grantors"), 0));
	if (!by)
		by = audit_objects_text(o, "ret");
	return by ? by : "-";
}

static void cmd_log_put_time(struct table *t, const json_t *o)
{
	char when[32] = "-";
	long long at;
	struct tm tm;
	if (!timespan_parse_iso(audit_objects_text(o, "time"), &at)) {
		time_t seconds = (time_t)(at / 1000);
		if (localtime_r(&seconds, &tm))
			strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &tm);
	}
	table_put(t, NULL, when);
}

/* Print columns of fixed widths, because --follow can't align rows that have not come yet. */
static void cmd_log_print_plain(const json_t *o)
{
	static const size_t widths[] = {6, 19, 5, 10, 24, 0};
	cleanup_strbuf struct strbuf what = {0}, rules = {0};
	const char *verdict = audit_objects_text(o, "verdict"), *text = audit_objects_text(o, "text");
	const json_t *line = json_object_get(o, "line");
	bool deny = !verdict || strcmp(verdict, "allow"), order = audit_is_order(o);
	struct table t = {.columns = line ? 6 : 5, .least = line ? widths : widths + 1};
	if (line)
		table_printf(&t, NULL, "%6lld", (long long)json_integer_value(line));
	cmd_log_put_time(&t, o);
	if (order)
		table_put(&t, SGR_BOLD, audit_objects_text(o, "event"));
	else
		table_put(&t, deny ? SGR_RED : SGR_GREEN, deny ? "deny" : "allow");
	table_put(&t, NULL, cmd_log_decided_by(o));
	cmd_log_put_rules(&rules, o);
	table_put(&t, NULL, rules.s);
	cmd_log_put_what(&what, o);
	if (order) {
		const char *session = audit_objects_text(o, "session"), *reason = audit_objects_text(o, "reason");
		strbuf_printf(&what, "session %s%s%s", session ? session : "-", reason ? ": " : "",
			      reason ? reason : "");
	}
	if (json_is_true(json_object_get(o, "preview")))
		strbuf_puts(&what, "  (a preview)");
	if (text && *text)
		strbuf_printf(&what, "  \"%s\"", text);
	table_put(&t, NULL, what.s);
	table_print(&t, stdout);
}

static void cmd_log_print(json_t *o, const struct options *opt)
{
	if (opt->json)
		json_line(json_incref(o), stdout);
	else
		cmd_log_print_plain(o);
}

static void cmd_log_keep(struct ring *r, json_t *o)
{
	if (!r->size)
		return;
	json_decref(r->v[r->next]);
	r->v[r->next] = json_incref(o);
	r->next = (r->next + 1) % r->size;
	r->n += r->n < r->size;
}

/* Print the ring's objects, oldest first, and free it. */
static void cmd_log_release(struct ring *r, const struct options *opt)
{
	for (size_t i = 0; i < r->n; i++) {
		json_t **o = &r->v[(r->next + r->size - r->n + i) % r->size];
		cmd_log_print(*o, opt);
		json_decref(*o);
	}
	free(r->v);
	*r = (struct ring){0};
}

/* Read up to the end of the log, into the ring if there is one, else print. */
static int cmd_log_drain(struct audit_reader *r, const struct options *opt, struct ring *ring)
{
	char *line;
	size_t len;
	bool torn = false;
	int more;
	while ((more = audit_next(r, &line, &len, opt->follow ? NULL : &torn)) > 0) {
		json_t *o = audit_objects_parse("log", r, line, len);
		if (o && opt->numbers)
			json_object_set_new(o, "line", json_integer((json_int_t)r->line));
		if (o && cmd_log_matches(o, &opt->filter)) {
			if (ring->v)
				cmd_log_keep(ring, o);
			else
				cmd_log_print(o, opt);
		}
		json_decref(o);
		if (ferror(stdout))
			return 0;
	}
	if (torn)
		audit_objects_skipped("log", r, "torn");
	return more;
}

static int cmd_log_run(struct audit_reader *r, const struct options *opt)
{
	struct ring ring = {.size = opt->lines > 0 ? (size_t)opt->lines : 0};
	if (opt->lines >= 0 && !(ring.v = calloc(ring.size + 1, sizeof *ring.v)))
		return -ENOMEM;
	int more = cmd_log_drain(r, opt, &ring);
	cmd_log_release(&ring, opt);
	while (!more && opt->follow && !fflush(stdout) && !ferror(stdout)) {
		more = audit_wait(r);
		if (more <= 0)
			break;
		if (r->cut)
			audit_objects_skipped("log", r, "the last line of the previous file was torn");
		r->cut = false;
		more = cmd_log_drain(r, opt, &ring);
	}
	return more;
}

static int cmd_log_check(struct options *o, const char *since, const char *lines)
{
	static const char *const verdicts[] = {"allow", "deny", NULL};
	const char *events[GATE_EVENT_VERDICT + 2] = {NULL};
	char *end = NULL;
	for (int i = 0; i < GATE_EVENT_VERDICT; i++)
		events[i] = gate_event_name(i);
	events[GATE_EVENT_VERDICT] = "signal"; /* gatesh's own: supervise/supervise_signal.c */
	if (o->filter.event && !usage_word_in(o->filter.event, events))
		return usage_bad_word("--event", o->filter.event, events);
	if (o->filter.verdict && !usage_word_in(o->filter.verdict, verdicts))
		return usage_bad_word("--verdict", o->filter.verdict, verdicts);
	if (since && timespan_parse_since(since, &o->filter.since_ms))
		return usage_error("log", "--since takes a time span (10m) or a time (2026-11-23T13:10), not '%s'",
				   since);
	o->lines = lines ? strtol(lines, &end, 10) : o->follow ? FOLLOW_LINES : -1;
	if (lines && (end == lines || *end || o->lines < 0 || o->lines > LINES_MAX))
		return usage_error("log", "-n takes a number up to %d", LINES_MAX);
	return 0;
}

static int cmd_log_parse(int argc, char **argv, struct options *o, bool *done)
{
	enum { OPT_SESSION = 256, OPT_VERDICT, OPT_RULE, OPT_EVENT, OPT_SINCE, OPT_NUMBERS };
	static const struct option longs[] = {{"session", 1, NULL, OPT_SESSION},
					      {"verdict", 1, NULL, OPT_VERDICT},
					      {"rule", 1, NULL, OPT_RULE},
					      {"event", 1, NULL, OPT_EVENT},
					      {"since", 1, NULL, OPT_SINCE},
					      {"lines", 1, NULL, 'n'},
					      {"numbers", 0, NULL, OPT_NUMBERS},
					      {"follow", 0, NULL, 'f'},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	const char *since = NULL, *lines = NULL;
	*done = true;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":n:fjh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_SESSION: o->filter.session = optarg; break;
		case OPT_VERDICT: o->filter.verdict = optarg; break;
		case OPT_RULE: o->filter.rule = optarg; break;
		case OPT_EVENT: o->filter.event = optarg; break;
		case OPT_SINCE: since = optarg; break;
		case OPT_NUMBERS: o->numbers = true; break;
		case 'n': lines = optarg; break;
		case 'f': o->follow = true; break;
		case 'j': o->json = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (optind < argc)
		return usage_error("log", "takes no arguments");
	int status = cmd_log_check(o, since, lines);
	*done = status;
	return status;
}

int cmd_log(int argc, char **argv)
{
	struct options o = {0};
	struct audit_reader r;
	char path[PATH_MAX];
	bool done;
	int status = cmd_log_parse(argc, argv, &o, &done);
	if (done)
		return status;
	int err = state_dir_file(path, sizeof path, STATE_DIR_AUDIT);
	if (err) {
		fputs("gatesh: log: no XDG_STATE_HOME and no home directory, so no log\n", stderr);
		return EXIT_IO;
	}
	err = audit_open(&r, path);
	if (err == -ENOENT) {
		fputs("gatesh: log: nothing was decided yet: no ", stderr);
		out_text(stderr, path);
		putc('\n', stderr);
		err = 0;
	}
	if (!err)
		err = cmd_log_run(&r, &o);
	if (err < 0) {
		fputs("gatesh: log: ", stderr);
		out_text(stderr, path);
		fprintf(stderr, ": %s\n", strerror(-err));
	}
	audit_close(&r);
	return out_done(err < 0 ? EXIT_IO : 0);
}
