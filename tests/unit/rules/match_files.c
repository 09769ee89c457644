/* SPDX-License-Identifier: BSD-2-Clause */
/* rules_files.c - path globs and the rules about files: what they match, and the mistakes in them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "formats/image.h"
#include "rules/ruleset.h"

static void globs(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} cases[] = {
		{"/a/b", "/a/b", true},
		{"/a/b", "/a/bc", false},
		{"/a/b", "/a/b/c", false},
		{"/a/b/", "/a/b", true},
		{"/a/b/", "/a/b/c/d", true},
		{"/a/b/", "/a/bc", false},
		{"/a/*", "/a/b", true},
		{"/a/*", "/a/b/c", false},
		{"/a/*/c", "/a/b/c", true},
		{"/a/**", "/a/b/c", true},
		{"/a/**/d", "/a/b/c/d", true},
		{"/a/**/d", "/a/d", true},
		{"/a/**/d", "/a/xd", false},
		{"/a/**/b*c/d", "/a/bx/bxc/q/byc/d", true},
		{"/a/?", "/a/b", true},
		{"/a/?", "/a//", false},
		{"/a/[a-c]x", "/a/bx", true},
		{"/a/[!a-c]x", "/a/bx", false},
		{"/a/[]x]", "/a/]", true},
		{"/a/[x", "/a/[x", true},
		{"node_modules/", "/w/p/node_modules/x/y", true},
		{"node_modules/", "/w/p/node_modules", true},
		{"node_modules/", "/w/p/my_node_modules/x", false},
		{"*.sqlite", "/w/p/x.sqlite", true},
		{"*.sqlite", "/w/p.sqlite/x", false},
		{".env*", "/w/.env.local", true},
		{"~/.ssh/", "/home/u/.ssh/id", true},
		{"~/.ssh/", "/home/u2/.ssh/id", false},
		{"~", "/home/u", true},
		{"~/", "/home/u/x", true},
		{"~/*", "/home/u/x/y", false},
		{"**", "/x/y", true},
		{"/", "/", true},
		{"/", "/x", true},
		{"/**x**y**z", "/axbycz", true},
		{"/**x**y**z", "/axbyc", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (gate_glob(cases[i].pattern, cases[i].path, "/home/u") != cases[i].matches)
			print_error("%s %s\n", cases[i].pattern, cases[i].path);
		assert_int_equal(gate_glob(cases[i].pattern, cases[i].path, "/home/u"), cases[i].matches);
	}
	assert_false(gate_glob("~/", "/x", NULL));
	assert_false(gate_glob("~/", "/x", ""));
	assert_true(gate_glob("~/x", "/x", "/"));
	assert_true(gate_glob("~/x", "/h/x", "/h/"));
}

static void collect(enum diag_level level, const char *text, void *data)
{
	strbuf_printf(data, "%s\n", text);
}

static int parse(struct ruleset *rs, const char *text, enum ruleset_trust trust, struct strbuf *out)
{
	struct diag d = {.emit = collect, .data = out};
	struct source src = {.name = "p", .text = text, .len = strlen(text)};
	int err = ruleset_parse(rs, &src, trust, &d);
	return err ? err : ruleset_finish(rs, &d);
}

#define HEAD "rule: a.b\non: unlink rename\nseverity: danger\nreason: r\n"

static void mistakes(void **state)
{
	static const struct {
		const char *text, *report;
		enum ruleset_trust trust;
	} cases[] = {
		{"rule: a.b\non: unlink exec\n",
		 "p:2:12: only unlink, rename, truncate, write and read can share a rule"},
		{"rule: a.b\non: unlnk\n", "p:2:5: unknown event; did you mean unlink?"},
		{HEAD "path: ~root/x\n", "p:5:8: '~' stands for the home directory"},
		{HEAD "scope: inside\n", "p:5:8: unknown scope"},
		{HEAD "path: /x\nmatch: x\n", "p:6:1: match is valid only in rules on exec and request"},
		{HEAD "path: /x\naction: defer\n", "p:1:1: rule a.b: action: defer is only for commands"},
		{"rule: a.b\non: exec\nprogram: x\naction: allow\n",
		 "p:1:1: rule a.b: action: allow is only for files"},
		{HEAD "path: /x\naction: allow\n", "p:6:9: only the system's packs may allow", TRUST_USER},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct ruleset rs = {0};
		assert_int_equal(parse(&rs, cases[i].text, cases[i].trust, &out), -EINVAL);
		if (!strstr(out.s, cases[i].report))
			print_error("%s\nlacks\n%s\n", out.s, cases[i].report);
		assert_non_null(strstr(out.s, cases[i].report));
		ruleset_free(&rs);
	}
}

#define TAIL "hit: ~/.ssh/id\nhit: rm: /etc/x\nmiss: notes.txt\n"

static void matching(void **state)
{
	static const char text[] = HEAD "path: ~/.ssh/ /etc/ *.db\nexcept: *.tmp.db\nscope: outside-workspace\n" TAIL;
	cleanup_strbuf struct strbuf out = {0};
	struct diag d = {.emit = collect, .data = &out};
	struct ruleset rs = {0};
	struct file_subject f = {.event = GATE_EVENT_UNLINK, .path = "/etc/x", .home = "/h", .outside = true};
	assert_int_equal(parse(&rs, text, TRUST_SYSTEM, &out), 0);
	assert_int_equal(ruleset_selftest(&rs, &d), 0);
	assert_true(rule_matches_file(rs.rules[0], &f));
	f.event = GATE_EVENT_TRUNCATE;
	assert_false(rule_matches_file(rs.rules[0], &f));
	f.event = GATE_EVENT_RENAME;
	f.path = "/q/x.tmp.db";
	assert_false(rule_matches_file(rs.rules[0], &f));
	f.path = "/q/x.db";
	assert_true(rule_matches_file(rs.rules[0], &f));
	f.outside = false;
	assert_false(rule_matches_file(rs.rules[0], &f));
	ruleset_free(&rs);
}

/* A directory that a variable moves is meant by both paths; one that holds the home, or is a pattern, by the usual one alone. */
static void moved_homes(void **state)
{
	static const char text[] =
		HEAD "path: ~/.config/gh/ /etc/\nexcept: ~/.config/gh/x\nhit: /etc/y\nmiss: notes.txt\n";
	char top[] = "/tmp/gate-homes.XXXXXX", home[64], dir[64], star[64];
	assert_non_null(mkdtemp(top));
	snprintf(home, sizeof home, "%s/home", top);
	snprintf(dir, sizeof dir, "%s/moved", top);
	snprintf(star, sizeof star, "%s/*", top);
	assert_false(mkdir(home, 0700) || mkdir(dir, 0700) || mkdir(star, 0700));
	const struct {
		const char *told, *path;
		bool matches;
	} cases[] = {{dir, "%s/moved/gh/hosts.yml", true}, {dir, "%s/home/.config/gh/hosts.yml", true},
		     {dir, "%s/moved/gh/x", false},        {dir, "%s/moved/hub", false},
		     {top, "%s/gh/hosts.yml", false},      {star, "%s/a/gh/hosts.yml", false},
		     {"moved", "%s/moved/gh/y", false}};
	setenv("HOME", home, true);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strbuf struct strbuf out = {0}, path = {0};
		struct ruleset rs = {0};
		strbuf_printf(&path, cases[i].path, top);
		setenv("XDG_CONFIG_HOME", cases[i].told, true);
		assert_int_equal(parse(&rs, text, TRUST_SYSTEM, &out), 0);
		struct file_subject f = {.event = GATE_EVENT_UNLINK, .path = path.s, .home = home, .outside = true};
		if (rule_matches_file(rs.rules[0], &f) != cases[i].matches)
			fail_msg("%s with %s", path.s, cases[i].told);
		ruleset_free(&rs);
	}
	unsetenv("XDG_CONFIG_HOME");
	rmdir(home), rmdir(dir), rmdir(star), rmdir(top);
}

/* A rule about overwriting that denies, allows or keeps holds for a write in place as well; one that asks only if the file
 * can't be kept. */
static void writes(void **state)
{
	static const struct {
		const char *on, *action;
		bool matches, unkept;
	} cases[] = {
		{"write", "ask", true, true},     {"truncate", "ask", false, true},
		{"truncate", "log", false, true}, {"truncate", "deny", true, true},
		{"truncate", "keep", true, true}, {"truncate", "allow", true, true},
		{"unlink", "deny", false, false}, {"unlink rename truncate write", "ask", true, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[256];
		cleanup_strbuf struct strbuf out = {0};
		struct ruleset rs = {0};
		struct file_subject f = {.event = GATE_EVENT_WRITE, .path = "/w/x"};
		snprintf(text, sizeof text,
			 "rule: a.b\non: %s\nseverity: danger\nreason: r\npath: x\naction: %s\nhit: x\nmiss: y\n",
			 cases[i].on, cases[i].action);
		assert_int_equal(parse(&rs, text, TRUST_SYSTEM, &out), 0);
		if (rule_matches_file(rs.rules[0], &f) != cases[i].matches)
			fail_msg("%s %s", cases[i].on, cases[i].action);
		f.unkept = true;
		if (rule_matches_file(rs.rules[0], &f) != cases[i].unkept)
			fail_msg("%s %s, unkept", cases[i].on, cases[i].action);
		ruleset_free(&rs);
	}
}

static void examples_are_run(void **state)
{
	static const char hit[] = HEAD "program: git\npath: .git/\nhit: rm: .git/index\nmiss: x\n";
	static const char miss[] = HEAD "path: .git/\nhit: .git/index\nmiss: git: sub/.git/HEAD\n";
	const char *texts[] = {hit, miss};
	const char *reports[] = {"p:7:6: this hit of a.b has no path, program or scope of a.b",
				 "p:7:7: this miss of a.b is matched by a.b"};
	for (int i = 0; i < 2; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct diag d = {.emit = collect, .data = &out};
		struct ruleset rs = {0};
		assert_int_equal(parse(&rs, texts[i], TRUST_SYSTEM, &out), 0);
		assert_int_equal(ruleset_selftest(&rs, &d), -EINVAL);
		assert_non_null(strstr(out.s, reports[i]));
		ruleset_free(&rs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(globs),    cmocka_unit_test(mistakes),
					   cmocka_unit_test(matching), cmocka_unit_test(moved_homes),
					   cmocka_unit_test(writes),   cmocka_unit_test(examples_are_run)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
