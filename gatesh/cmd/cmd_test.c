/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_test.c - gatesh test: runs the hits and misses of rule packs and prints a table, TAP or JSON. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "lint/pack_arguments.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh test [OPTION ...] PACK ...\n"
	"\n"
	"Run every hit and miss of rule packs: files, directories, or the names of installed ones.  A hit must match\n"
	"its rule, and no rule of the pack may match a miss.  Prints a table on a terminal, else TAP.\n"
	"\n"
	"  -t, --tap    print TAP even on a terminal\n"
	"      --table  always print the table\n"
	"  -j, --json   print one JSON object\n"
	"\n"
	"Exit status: 0 all passed, 1 some failed, 64 usage, 78 a pack is bad, does not exist or has no rules.\n";

enum format { FORMAT_TABLE, FORMAT_TAP, FORMAT_JSON };

/* An example that was run. */
struct outcome {
	struct example_result result;
	struct strbuf why; /* empty: passed */
};

struct outcomes {
	struct outcome *v;
	size_t n, room, failed;
};

/* A ruleset_example_fn.  All problems of one example come in a row. */
static int cmd_test_note(const struct example_result *result, void *data)
{
	struct outcomes *o = data;
	struct outcome *last = o->n ? &o->v[o->n - 1] : NULL;
	if (!last || last->result.example != result->example) {
		if (o->n == o->room) {
			size_t room = o->room ? 2 * o->room : 256;
			struct outcome *grown = reallocarray(o->v, room, sizeof *grown);
			if (!grown)
				return -ENOMEM;
			o->v = grown;
			o->room = room;
		}
		last = &o->v[o->n++];
		*last = (struct outcome){.result = *result};
		o->failed += !!result->what;
	}
	if (result->what)
		strbuf_printf(&last->why, "%s%s%s%s", last->why.len ? "; " : "", result->what, result->other ? " " : "",
			      result->other ? result->other->id : "");
	return last->why.err;
}

static const char *cmd_test_kind(const struct outcome *o)
{
	return o->result.hit ? "hit" : "miss";
}

/* --- the formats -------------------------------------------------------------------------------------------------- */

static int cmd_test_print_table(const struct outcomes *o, const struct ruleset *rs)
{
	struct table t = {.columns = 5};
	for (size_t i = 0; i < o->n; i++) {
		const struct outcome *x = &o->v[i];
		table_put(&t, x->why.len ? SGR_RED : SGR_GREEN, x->why.len ? "FAILED" : "ok");
		table_put(&t, SGR_BOLD, x->result.rule->id);
		table_put(&t, SGR_DIM, cmd_test_kind(x));
		table_put(&t, NULL, x->result.example->text);
		table_put(&t, SGR_RED, x->why.s);
	}
	int err = table_print(&t, stdout);
	printf("%zu example%s of %zu rule%s, %zu failed\n", o->n, o->n == 1 ? "" : "s", rs->n, rs->n == 1 ? "" : "s",
	       o->failed);
	return err;
}

/* Print a TAP description, with each # escaped: it would begin a directive. */
static void cmd_test_tap_text(const char *text)
{
	for (const char *from = text; *from;) {
		size_t n = strcspn(from, "#");
		char *part = strndup(from, n);
		out_text(stdout, part ? part : "(out of memory)");
		free(part);
		fputs(from[n] ? "\\#" : "", stdout);
		from += n + !!from[n];
	}
}

static int cmd_test_print_tap(const struct outcomes *o)
{
	printf("1..%zu\n", o->n);
	for (size_t i = 0; i < o->n; i++) {
		const struct outcome *x = &o->v[i];
		printf("%sok %zu - %s: %s: ", x->why.len ? "not " : "", i + 1, x->result.rule->id, cmd_test_kind(x));
		cmd_test_tap_text(x->result.example->text);
		putchar('\n');
		if (!x->why.len)
			continue;
		printf("# %s, ", x->why.s);
		out_text(stdout, x->result.rule->file);
		printf(":%u\n", x->result.example->line);
	}
	return 0;
}

static int cmd_test_print_json(const struct outcomes *o, const struct ruleset *rs)
{
	json_t *list = json_array();
	for (size_t i = 0; i < o->n; i++) {
		const struct outcome *x = &o->v[i];
		json_t *e = json_pack("{s:s, s:s, s:o, s:b, s:o, s:i}", "rule", x->result.rule->id, "kind",
				      cmd_test_kind(x), "text", json_bytes(x->result.example->text), "ok", !x->why.len,
				      "file", json_bytes(x->result.rule->file), "line", (int)x->result.example->line);
		json_put(e, "why", x->why.len ? x->why.s : NULL);
		json_array_append_new(list, e);
	}
	return json_line(json_pack("{s:o, s:i, s:i, s:i}", "examples", list, "rules", (int)rs->n, "passed",
				   (int)(o->n - o->failed), "failed", (int)o->failed),
			 stdout);
}

/* --- the packs ---------------------------------------------------------------------------------------------------- */

/* Load the packs.  Returns 0, or an exit status after a message on stderr. */
static int cmd_test_load(char **args, int n, struct ruleset *rs, struct ruleset *installed)
{
	struct policy_places *places = malloc(sizeof *places);
	struct diag d = {.emit = usage_diag};
	char cwd[PATH_MAX], path[PATH_MAX];
	int err = places ? policy_places(places, getcwd(cwd, sizeof cwd)) : -ENOMEM, status = 0;
	for (int i = 0; !err && i < n; i++) {
		if (!pack_arguments_path(&places->dirs, args[i], path)) {
			fputs("gatesh: test: no pack '", stderr);
			out_text(stderr, args[i]);
			fputs("': not a file, a directory or an installed pack\n", stderr);
			status = EXIT_CONFIG;
		} else if (ruleset_load(rs, path, pack_arguments_trust(&places->dirs, path), &d)) {
			status = EXIT_CONFIG;
		}
	}
	if (!err)
		err = pack_arguments_beside(rs, installed, &places->dirs);
	if (!err && ruleset_finish(rs, &d))
		status = EXIT_CONFIG;
	if (err) {
		fprintf(stderr, "gatesh: test: %s\n", strerror(-err));
		status = EXIT_SOFTWARE;
	} else if (!status && !rs->n) {
		fputs("gatesh: test: there are no rules in it\n", stderr);
		status = EXIT_CONFIG;
	}
	free(places);
	return status;
}

static int cmd_test_run(const struct ruleset *rs, enum format format)
{
	struct outcomes o = {0};
	int err = ruleset_examples(rs, cmd_test_note, &o);
	if (err)
		fprintf(stderr, "gatesh: test: %s\n", strerror(-err));
	else
		err = format == FORMAT_JSON ? cmd_test_print_json(&o, rs) :
		      format == FORMAT_TAP  ? cmd_test_print_tap(&o) :
					      cmd_test_print_table(&o, rs);
	for (size_t i = 0; i < o.n; i++)
		strbuf_free(&o.v[i].why);
	free(o.v);
	return err ? EXIT_SOFTWARE : o.failed ? EXIT_DENY : 0;
}

int cmd_test(int argc, char **argv)
{
	enum { TABLE_ALWAYS = 256 };
	static const struct option longs[] = {{"tap", 0, NULL, 't'},
					      {"table", 0, NULL, TABLE_ALWAYS},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	enum format format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_TAP;
	struct ruleset rs = {0}, installed = {0};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":tjh", longs, NULL)) != -1;)
		switch (c) {
		case 't': format = FORMAT_TAP; break;
		case TABLE_ALWAYS: format = FORMAT_TABLE; break;
		case 'j': format = FORMAT_JSON; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (optind == argc)
		return usage_error("test", "needs a pack");
	int status = cmd_test_load(argv + optind, argc - optind, &rs, &installed);
	if (!status)
		status = out_done(cmd_test_run(&rs, format));
	ruleset_free(&rs);
	ruleset_free(&installed);
	return status;
}
