/* SPDX-License-Identifier: BSD-2-Clause */
/* packs.c - packs of several files: their stanza, what they include, require, disable and override, and who may. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"
#include "support/fixture.h"

#define RULE(id, program) \
	"rule: " id "\non: exec\nprogram: " program "\nseverity: danger\nreason: r\nhit: " program "\nmiss: other\n"
#define PACK(name) "pack: " name "\nversion: 1.2\n"

static struct fixture fx;

static int setup(void **state)
{
	fixture_open(&fx);
	return 0;
}

static int teardown(void **state)
{
	fixture_close(&fx);
	return 0;
}

static void write_pack(const char *name, const char *text)
{
	fixture_write(fx.packs, name, text);
}

/* Load the system's packs, then the user's and the project's; the first error. */
static int load(struct ruleset *rs)
{
	static const char *const rules[] = {"packs", "user/rules", "project/rules"};
	char dir[256];
	int first = 0, err;
	*rs = (struct ruleset){0};
	for (int i = 0; i < 3; i++) {
		fixture_path(dir, sizeof dir, fx.dir, rules[i]);
		err = ruleset_load(rs, dir, (enum ruleset_trust)i, &fx.d);
		first = first ? first : err;
	}
	err = ruleset_finish(rs, &fx.d);
	return first ? first : err;
}

static const char *told(void)
{
	return fx.told.s ? fx.told.s : "";
}

/* Loading must tell exactly one problem: DIR/`where`: `what`, below it the line with a caret. */
static void refused(const char *where, const char *what)
{
	struct ruleset rs;
	char line[512];
	fixture_forget(&fx);
	fx.d.errors = 0;
	assert_int_equal(load(&rs), -EINVAL);
	snprintf(line, sizeof line, "%s/%s: %s\n", fx.dir, where, what);
	if (!strstr(told(), line) || fx.d.errors != 1)
		print_error("expected %stold %s", line, told());
	assert_non_null(strstr(told(), line));
	assert_int_equal(fx.d.errors, 1);
	ruleset_free(&rs);
}

static void accepted(struct ruleset *rs)
{
	fixture_forget(&fx);
	int err = load(rs);
	if (err)
		print_error("told %s", told());
	assert_int_equal(err, 0);
	assert_int_equal(fx.d.errors, 0);
}

static void a_directory_with_a_pack_stanza_is_a_pack(void **state)
{
	struct ruleset rs;
	write_pack("plain.rules", RULE("p.a", "x"));
	write_pack("team/pack.rules", PACK("team") "requires: gate 0.1\nrequires: base 1.0.9\n\n" RULE("t.a", "y"));
	write_pack("team/more.rules", RULE("t.b", "z"));
	write_pack("base/pack.rules", PACK("base"));
	write_pack("notes/readme.txt", "no rules");
	accepted(&rs);
	assert_int_equal(rs.n, 3);
	assert_int_equal(rs.npacks, 2);
	const struct rule *a = ruleset_find(&rs, "t.a"), *b = ruleset_find(&rs, "t.b"), *c = ruleset_find(&rs, "p.a");
	assert_string_equal(a->pack->name, "team");
	assert_string_equal(a->pack->version, "1.2");
	assert_true(rule_same_pack(a, b));
	assert_false(rule_same_pack(a, c));
	assert_null(c->pack);
	ruleset_free(&rs);
}

static const struct bad {
	const char *file, *text, *where, *what;
} bads[] = {
	{"t/a.rules", RULE("t.a", "x"), "packs/t",
	 "the directory contains rules but no pack.rules, so it is not a pack"},
	{"t/pack.rules", RULE("t.a", "x"), "packs/t/pack.rules", "a pack's pack.rules must begin with a `pack` stanza"},
	{"t/pack.rules", RULE("t.a", "x") "\n" PACK("t"), "packs/t/pack.rules:9:1",
	 "the `pack` stanza must be the first in its file"},
	{"t/pack.rules", "pack: t\n", "packs/t/pack.rules:1:1", "pack has no version"},
	{"t/pack.rules", "pack: T\nversion: 1\n", "packs/t/pack.rules:1:7",
	 "a pack's name consists of a-z, 0-9 and '-'"},
	{"t/pack.rules", "pack: gate\nversion: 1\n", "packs/t/pack.rules:1:7",
	 "the name gate is reserved for Gate itself"},
	{"t/pack.rules", "pack: t\nversion: 1.x\n", "packs/t/pack.rules:2:12",
	 "a version consists of numbers separated by dots"},
	{"t/pack.rules", "pack: t\nversion: 1\nversoin: 1\n\n", "packs/t/pack.rules:3:1",
	 "unknown field of pack; did you mean version?"},
	{"t/pack.rules", PACK("t") "requires: nowhere\n", "packs/t/pack.rules:3:11", "no pack nowhere is installed"},
	{"t/pack.rules", PACK("team") "requires: teams\n", "packs/t/pack.rules:3:11",
	 "no pack teams; did you mean team?"},
	{"t/pack.rules", PACK("t") "requires: t 1.2.1\n", "packs/t/pack.rules:3:11",
	 "t 1.2.1 or later is required; this is version 1.2"},
	{"t/pack.rules", PACK("t") "requires: gate 1000\n", "packs/t/pack.rules:3:11",
	 "gate 1000 or later is required; this is version " PACKAGE_VERSION},
	{"t/pack.rules", PACK("t") "requires: t 1 u 1\n", "packs/t/pack.rules:3:15",
	 "`requires` takes one pack and its minimum version; put another pack on its own line"},
	{"a.rules", "override: p.a\n", "packs/a.rules:1:1", "override has neither severity nor action"},
	{"a.rules", "override: p.a p.b\nseverity: danger\n", "packs/a.rules:1:14", "an override names one rule"},
	{"a.rules", "override: p.a\nseverity: worse\n", "packs/a.rules:2:11", "unknown severity"},
	{"a.rules", "override: p.a\nseverity: danger\nreason: x\n", "packs/a.rules:3:1", "unknown field of override"},
	{"a.rules", "disable: p.a p.x\n", "packs/a.rules:1:14", "no rule p.x; did you mean p.a?"},
	{"a.rules", "disable: nothing-like-it\n", "packs/a.rules:1:10", "no rule nothing-like-it"},
	{"a.rules", "disable: p.a\n" RULE("a.b", "x"), "packs/a.rules:2:1", "a blank line is missing before this rule"},
	{"a.rules", "include: p.rules\ninclude:\n", "packs/a.rules:2:9", "include has no value"},
	{"a.rules", "include: a.rules\n", "packs/a.rules:1:10", NULL},
};

static void mistakes_have_places(void **state)
{
	char path[256];
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		char loop[512];
		const char *what = bads[i].what;
		if (!what) {
			snprintf(loop, sizeof loop, "include loop: %1$s/a.rules -> %1$s/a.rules", fx.packs);
			what = loop;
		}
		write_pack("p.rules", RULE("p.a", "x"));
		write_pack(bads[i].file, bads[i].text);
		refused(bads[i].where, what);
		fixture_path(path, sizeof path, fx.packs, bads[i].file);
		assert_int_equal(unlink(path), 0);
		char *slash = strrchr(path, '/');
		*slash = '\0';
		rmdir(path); /* the pack's own directory */
	}
}

static void names_and_stanzas_stand_once(void **state)
{
	write_pack("a/pack.rules", PACK("t"));
	write_pack("b/pack.rules", PACK("t"));
	char what[512];
	snprintf(what, sizeof what, "pack t already exists at %s/a/pack.rules:1", fx.packs);
	refused("packs/b/pack.rules:1:7", what);
	write_pack("b/pack.rules", PACK("u"));
	write_pack("b/more.rules", PACK("v"));
	snprintf(what, sizeof what, "this file already belongs to pack u, declared at %s/b/pack.rules:1", fx.packs);
	refused("packs/b/more.rules:1:1", what);
}

static void includes_are_read_once_and_have_no_loops(void **state)
{
	struct ruleset rs;
	char what[512];
	write_pack("a.rules", "include: b.rules\ninclude: ../more/c.rules\n\n" RULE("a.a", "x"));
	write_pack("b.rules", "include: ../more/c.rules\n\n" RULE("b.b", "x"));
	fixture_write(fx.dir, "more/c.rules", RULE("c.c", "x"));
	accepted(&rs);
	assert_int_equal(rs.n, 3);
	assert_int_equal(rs.nfiles, 3);
	ruleset_free(&rs);
	fixture_write(fx.dir, "more/c.rules", "include: ../packs/a.rules\n\n" RULE("c.c", "x"));
	snprintf(what, sizeof what,
		 "include loop: %1$s/a.rules -> %1$s/b.rules -> %1$s/../more/c.rules -> %1$s/../more/../packs/a.rules",
		 fx.packs);
	refused("packs/../more/c.rules:1:10", what);
	write_pack("b.rules", "include: nowhere.rules\n");
	fixture_write(fx.dir, "more/c.rules", RULE("c.c", "x"));
	snprintf(what, sizeof what, "%s/nowhere.rules: No such file or directory", fx.packs);
	refused("packs/b.rules:1:10", what);
	write_pack("b.rules", "include: ../more\n");
	fixture_write(fx.dir, "more/pack.rules", PACK("more"));
	accepted(&rs);
	assert_string_equal(ruleset_find(&rs, "c.c")->file + strlen(fx.packs), "/../more/c.rules");
	ruleset_free(&rs);
}

static void a_project_includes_what_is_its_own(void **state)
{
	struct ruleset rs;
	fixture_write(fx.dir, "elsewhere.rules", RULE("e.e", "x"));
	fixture_write(fx.project, "rules/a.rules", "include: sub/b.inc\n");
	fixture_write(fx.project, "rules/sub/b.inc", RULE("b.b", "x"));
	accepted(&rs);
	assert_int_equal(ruleset_find(&rs, "b.b")->trust, TRUST_PROJECT);
	ruleset_free(&rs);
	fixture_write(fx.project, "rules/a.rules", "include: ../../elsewhere.rules\n");
	char what[512];
	snprintf(what, sizeof what,
		 "%s/rules/../../elsewhere.rules: a project's pack may include only files below its own directory",
		 fx.project);
	refused("project/rules/a.rules:1:10", what);
}

static void who_may_adjust_whose_rules(void **state)
{
	struct ruleset rs;
	write_pack("a.rules", RULE("s.a", "x") "\n" RULE("s.b", "x") "\n" RULE("s.c", "x"));
	write_pack("local.rules", "disable: s.a\n\noverride: s.b\nseverity: notice\naction: log\n");
	fixture_write(fx.user, "rules/u.rules",
		      RULE("u.a", "x") "\n" RULE("u.b", "x") "\n\noverride: s.c\nseverity: critical\n\n"
							     "override: s.b\naction: ask\n\ndisable: u.b\n");
	fixture_write(fx.project, "rules/p.rules", "override: s.c\naction: deny\n\noverride: u.a\nseverity: danger\n");
	accepted(&rs);
	assert_int_equal(rs.ndisabled, 2);
	assert_int_equal(rs.n, 3);
	const struct rule *b = ruleset_find(&rs, "s.b"), *c = ruleset_find(&rs, "s.c");
	assert_int_equal(b->severity, GATE_SEVERITY_NOTICE);
	assert_int_equal(b->own_severity, GATE_SEVERITY_DANGER);
	assert_int_equal(b->action, GATE_ACTION_ASK);
	assert_int_equal(b->nadjusted, 2);
	assert_int_equal(c->severity, GATE_SEVERITY_CRITICAL);
	assert_int_equal(c->action, GATE_ACTION_DENY);
	assert_true(ruleset_find(&rs, "s.a")->adjusted[0]->disables);
	ruleset_free(&rs);

	fixture_write(fx.project, "rules/p.rules", "disable: u.a\n");
	refused("project/rules/p.rules:1:10", "u.a is one of the user's rules: the project's file may not disable it");
	fixture_write(fx.project, "rules/p.rules", "override: s.c\nseverity: danger\n");
	refused("project/rules/p.rules:2:11",
		"s.c is one of the system's rules, of severity critical: the project's file may only raise it");
	fixture_write(fx.project, "rules/p.rules", "");
	fixture_write(fx.user, "rules/u.rules", "override: s.c\nseverity: critical\naction: log\n");
	refused("user/rules/u.rules:3:9",
		"s.c is one of the system's rules: the user's file may not weaken its action");
	fixture_write(fx.user, "rules/u.rules", "disable: s.b\n");
	refused("user/rules/u.rules:1:10", "s.b is one of the system's rules: the user's file may not disable it");
}

static void a_disabled_rule_matches_nothing(void **state)
{
	struct ruleset rs;
	struct subjects subjects = {0};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = "x"};
	write_pack("a.rules", RULE("s.a", "x") "\ndisable: s.a\n\noverride: s.a\nseverity: notice\n");
	accepted(&rs);
	assert_non_null(strstr(told(), "a.rules:11:11: warning: s.a is disabled at "));
	assert_int_equal(rs.n, 0);
	assert_int_equal(ruleset_subjects(&rs, &ev, &subjects), 0);
	assert_int_equal(ruleset_match(&rs, GATE_EVENT_EXEC, &subjects, NULL, NULL), 0);
	subjects_free(&subjects);
	assert_int_equal(ruleset_selftest(&rs, &fx.d), 0);
	ruleset_free(&rs);
}

/* What a refused file had is not reported as missing once more. */
static void one_mistake_is_one_report(void **state)
{
	write_pack("a.rules", RULE("s.a", "x") "severty: danger\n");
	write_pack("b.rules", "disable: s.a\n");
	refused("packs/a.rules:8:1", "unknown field; did you mean severity?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_directory_with_a_pack_stanza_is_a_pack, setup, teardown),
		cmocka_unit_test_setup_teardown(mistakes_have_places, setup, teardown),
		cmocka_unit_test_setup_teardown(names_and_stanzas_stand_once, setup, teardown),
		cmocka_unit_test_setup_teardown(includes_are_read_once_and_have_no_loops, setup, teardown),
		cmocka_unit_test_setup_teardown(a_project_includes_what_is_its_own, setup, teardown),
		cmocka_unit_test_setup_teardown(who_may_adjust_whose_rules, setup, teardown),
		cmocka_unit_test_setup_teardown(a_disabled_rule_matches_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(one_mistake_is_one_report, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
