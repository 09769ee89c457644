/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_replay.c - gatesh replay: judges the audit log again by other rules and shows the differences. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ask/judge_command.h"
#include "audit/audit_objects.h"
#include "audit/audit_order.h"
#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "cmd/replay_record.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh replay [OPTION ...] [LOG]\n"
	"\n"
	"Judge the commands, files, connections, statements and requests of the audit log (your own, or LOG) again,\n"
	"by the current rules or by others, and show each verdict that changes: newly asked or denied, no longer\n"
	"asked, or one for the other.\n"
	"Runs nothing and asks nobody.\n"
	"\n"
	"  -r, --rules PATH     a rule pack or a directory of them, instead of the installed ones; repeatable\n"
	"  -s, --service NAME   the service to judge by (default: gate.conf's, else agent)\n"
	"  -a, --all            also show what stays the same\n"
	"  -j, --json           print one JSON object per difference, then one with the counts\n"
	"\n"
	"The log has only what reached the session: nothing about programs that no rule covered, and what a program\n"
	"read only as far as a rule needed it.  replay does not run the probes of `when:`.\n"
	"\n"
	"Exit status: 0 no difference, 1 some, 64 usage, 74 the log can't be read, 78 bad configuration.\n";

enum change { CHANGE_SAME, CHANGE_NEWLY, CHANGE_NO_LONGER, CHANGE_OTHERWISE, CHANGE_COUNT };
static const char *const changes[] = {"same", "newly asked", "no longer asked", "otherwise"};

/* Lines of the log with the same command, rules and change. */
struct difference {
	enum change change;
	enum replay_verdict then, now;
	char *what, *rules_then, *rules_now;
	unsigned long times, line; /* how often, and the first line */
};

struct replay {
	gate_handle_t *h;
	bool all;
	json_t *index; /* index in v by text */
	struct difference *v;
	size_t n, room;
	unsigned long count[CHANGE_COUNT], skipped;
};

static enum change cmd_replay_change_of(enum replay_verdict then, enum replay_verdict now)
{
	if (then == now)
		return CHANGE_SAME;
	return then == REPLAY_ALLOW ? CHANGE_NEWLY : now == REPLAY_ALLOW ? CHANGE_NO_LONGER : CHANGE_OTHERWISE;
}

static void cmd_replay_join(struct strbuf *b, const json_t *list, const char *by)
{
	size_t i;
	json_t *word;
	json_array_foreach(list, i, word)
		strbuf_printf(b, "%s%s", i ? by : "", json_is_string(word) ? json_string_value(word) : "?");
}

static void cmd_replay_join_findings(struct strbuf *b, const gate_handle_t *h)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	for (size_t i = 0; i < n; i++)
		strbuf_printf(b, "%s%s", i ? " " : "", f[i].rule);
}

/* Append an entry to r->v; NULL when memory is out. */
static struct difference *cmd_replay_append(struct replay *r, const char *key)
{
	if (r->n == r->room) {
		size_t room = r->room ? 2 * r->room : 64;
		struct difference *v = reallocarray(r->v, room, sizeof *v);
		if (!v)
			return NULL;
		r->v = v;
		r->room = room;
	}
	if (json_object_set_new(r->index, key, json_integer((json_int_t)r->n)))
		return NULL;
	r->v[r->n] = (struct difference){0};
	return &r->v[r->n++];
}

static int cmd_replay_add(struct replay *r, const json_t *line, unsigned long number, enum replay_verdict then,
			  enum replay_verdict now)
{
	cleanup_strbuf struct strbuf key = {0}, what = {0}, was = {0}, is = {0};
	const json_t *subjects = json_object_get(line, "subjects");
	const char *first = json_string_value(json_array_get(subjects, 0));
	if (first)
		strbuf_puts(&what, first);
	else
		cmd_replay_join(&what, json_object_get(line, "argv"), " ");
	cmd_replay_join(&was, json_object_get(line, "rules"), " ");
	cmd_replay_join_findings(&is, r->h);
	strbuf_printf(&key, "%d%d\n%s\n%s\n%s", then, now, what.s ? what.s : "", was.s ? was.s : "", is.s ? is.s : "");
	if (key.err || what.err || was.err || is.err)
		return -ENOMEM;
	const json_t *known = json_object_get(r->index, key.s);
	struct difference *d = known ? &r->v[json_integer_value(known)] : cmd_replay_append(r, key.s);
	if (!d)
		return -ENOMEM;
	if (!d->times++)
		*d = (struct difference){.change = cmd_replay_change_of(then, now),
					 .then = then,
					 .now = now,
					 .what = strbuf_take(&what),
					 .rules_then = strbuf_take(&was),
					 .rules_now = strbuf_take(&is),
					 .times = 1,
					 .line = number};
	return d->what && d->rules_then && d->rules_now ? 0 : -ENOMEM;
}

/* The callback of audit_objects_each(). */
static int cmd_replay_judge(const json_t *line, unsigned long number, void *data)
{
	struct replay *r = data;
	enum replay_verdict then, now;
	if (audit_is_order(line)) /* it decided nothing */
		return 0;
	const char *why = replay_then(line, &then);
	if (!why)
		why = replay_now(r->h, line, &now);
	if (why) {
		r->skipped++;
		return 0;
	}
	enum change change = cmd_replay_change_of(then, now);
	r->count[change]++;
	return change != CHANGE_SAME || r->all ? cmd_replay_add(r, line, number, then, now) : 0;
}

/* --- output ------------------------------------------------------------------------------------------------------- */

static int cmd_replay_print(const struct replay *r)
{
	static const char *const colours[] = {SGR_DIM, SGR_RED, SGR_GREEN, SGR_YELLOW};
	struct table t = {.columns = 4};
	unsigned long all = r->count[CHANGE_SAME] + r->count[CHANGE_NEWLY] + r->count[CHANGE_NO_LONGER] +
			    r->count[CHANGE_OTHERWISE];
	for (size_t i = 0; i < r->n; i++) {
		const struct difference *d = &r->v[i];
		table_printf(&t, colours[d->change], "%s -> %s", replay_name(d->then), replay_name(d->now));
		table_printf(&t, SGR_DIM, "%lux", d->times);
		table_put(&t, NULL, d->now == REPLAY_ALLOW ? d->rules_then : d->rules_now);
		table_put(&t, NULL, d->what);
	}
	int err = table_print(&t, stdout);
	printf("%lu decisions judged again: %lu newly asked, %lu no longer asked, %lu changed otherwise, "
	       "%lu the same; %lu not judged\n",
	       all, r->count[CHANGE_NEWLY], r->count[CHANGE_NO_LONGER], r->count[CHANGE_OTHERWISE],
	       r->count[CHANGE_SAME], r->skipped);
	return err;
}

static json_t *cmd_replay_words(const char *text)
{
	json_t *list = json_array();
	for (const char *at = text; *at;) {
		size_t n = strcspn(at, " ");
		json_array_append_new(list, json_stringn(at, n));
		at += n + !!at[n];
	}
	return list;
}

static int cmd_replay_print_json(const struct replay *r)
{
	int err = 0;
	for (size_t i = 0; !err && i < r->n; i++) {
		const struct difference *d = &r->v[i];
		err = json_line(json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:I}", "change", changes[d->change],
					  "then", replay_name(d->then), "now", replay_name(d->now), "command",
					  json_bytes(d->what), "rules_then", cmd_replay_words(d->rules_then),
					  "rules_now", cmd_replay_words(d->rules_now), "times", (json_int_t)d->times,
					  "line", (json_int_t)d->line),
				stdout);
	}
	if (err)
		return err;
	return json_line(json_pack("{s:I, s:I, s:I, s:I, s:I}", "newly_asked", (json_int_t)r->count[CHANGE_NEWLY],
				   "no_longer_asked", (json_int_t)r->count[CHANGE_NO_LONGER], "otherwise",
				   (json_int_t)r->count[CHANGE_OTHERWISE], "same", (json_int_t)r->count[CHANGE_SAME],
				   "not_judged", (json_int_t)r->skipped),
			 stdout);
}

static int cmd_replay_by_change(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	static const int order[] = {
		[CHANGE_NEWLY] = 0, [CHANGE_OTHERWISE] = 1, [CHANGE_NO_LONGER] = 2, [CHANGE_SAME] = 3};
	int first = order[x->change] - order[y->change];
	return first ? first : x->line < y->line ? -1 : x->line > y->line;
}

static int cmd_replay_run(struct replay *r, const char *log, bool json)
{
	r->index = json_object();
	int err = r->index ? audit_objects_each("replay", log, cmd_replay_judge, r) : -ENOMEM,
	    status = err ? EXIT_IO : 0;
	if (!status && r->n)
		qsort(r->v, r->n, sizeof *r->v, cmd_replay_by_change);
	if (!status && (json ? cmd_replay_print_json : cmd_replay_print)(r))
		status = EXIT_SOFTWARE;
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].what);
		free(r->v[i].rules_then);
		free(r->v[i].rules_now);
	}
	free(r->v);
	json_decref(r->index);
	return status                                                                             ? status :
	       r->count[CHANGE_NEWLY] || r->count[CHANGE_NO_LONGER] || r->count[CHANGE_OTHERWISE] ? EXIT_DENY :
												    0;
}

int cmd_replay(int argc, char **argv)
{
	static const struct option longs[] = {{"rules", 1, NULL, 'r'}, {"service", 1, NULL, 's'}, {"all", 0, NULL, 'a'},
					      {"json", 0, NULL, 'j'},  {"help", 0, NULL, 'h'},    {0}};
	struct judge_options o = {.command = "replay"};
	struct replay r = {0};
	bool json = false;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":r:s:ajh", longs, NULL)) != -1;)
		switch (c) {
		case 'r':
			if (!judge_add_pack(&o, optarg))
				return usage_error("replay", "more than %d --rules", POLICY_PACKS_MAX);
			break;
		case 's': o.service = optarg; break;
		case 'a': r.all = true; break;
		case 'j': json = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (argc - optind > 1)
		return usage_error("replay", "takes one log");
	int status = judge_start(&o, NULL, &r.h);
	if (!status)
		status = judge_has_rules(&o, r.h);
	if (!status)
		status = out_done(cmd_replay_run(&r, argv[optind], json));
	gate_end(r.h, GATE_SUCCESS);
	return status;
}
