/* SPDX-License-Identifier: BSD-2-Clause */
/* said.c - rules on statement and request: what they match, and the mistakes in them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "rules/ruleset.h"

static void collect(enum diag_level level, const char *text, void *data)
{
	strbuf_printf(data, "%s\n", text);
}

static int parse(struct ruleset *rs, const char *text, struct strbuf *out)
{
	struct diag d = {.emit = collect, .data = out};
	struct source src = {.name = "p", .text = text, .len = strlen(text)};
	int err = ruleset_parse(rs, &src, TRUST_SYSTEM, &d);
	err = err ? err : ruleset_finish(rs, &d);
	return err ? err : ruleset_selftest(rs, &d);
}

#define SAID "rule: a.b\non: statement\nseverity: danger\nreason: r\n"
#define ASKED "rule: a.b\non: request\nseverity: danger\nreason: r\n"
#define SAID_ENDS "hit: postgresql: DROP TABLE a\nmiss: postgresql: SELECT 1\n"

static void mistakes(void **state)
{
	static const struct {
		const char *text, *report;
	} cases[] = {
		{"rule: a.b\non: statement request\n",
		 "p:2:15: only unlink, rename, truncate, write and read can share a rule"},
		{SAID "effect: dorp\n", "p:5:9: unknown effect; did you mean drop?\n  effect: dorp\n          ^"},
		{SAID "effect: drop\nkind: tabel\n", "p:6:7: unknown kind of object; did you mean table?"},
		{SAID "engine: postgres\n", "p:5:9: unknown engine; did you mean postgresql?"},
		{SAID "effect: delete\ncondition: all\n", "p:6:12: unknown condition"},
		{SAID "effect: drop\ncondition: none\n", "p:1:1: rule a.b: only delete and update have a condition"},
		{SAID "effect: delete\nrows: 1000\n", "p:6:7: write how many rows are too many: `> 1000`"},
		{SAID "effect: delete\nrows: > 10 or more\n", "p:6:12: only `or unknown` can follow the number"},
		{SAID "effect: delete\nobject: !\n", "p:6:10: a name or a glob is missing behind '!'"},
		{SAID "effect: delete\nmatch: x\n", "p:6:1: match is valid only in rules on exec and request"},
		{SAID "effect: drop\naction: allow\n",
		 "p:1:1: rule a.b: action: allow is only for files, connections and"},
		{SAID SAID_ENDS, "p:1:1: rule a.b says nothing about what it matches"},
		{SAID "effect: drop\nhit: DROP TABLE a\nmiss: postgresql: SELECT 1\n",
		 "p:6:6: this hit of a.b is not a statement: \"postgresql [host=NAME]"},
		{SAID "effect: drop\nhit: postgresql hots=x: DROP TABLE a\nmiss: postgresql: SELECT 1\n",
		 "p:6:6: this hit of a.b is not a statement"},
		{SAID "effect: truncate\n" SAID_ENDS, "p:6:6: this hit of a.b lacks an effect"},
		{SAID "effect: drop\nhit: redis: GET a\nmiss: sqlite: DROP TABLE a\n",
		 "p:7:7: this miss of a.b is matched by a.b"},
		{ASKED "method: delete\n", "p:5:9: a method is in A-Z"},
		{ASKED "effect: drop\n", "p:5:1: effect is valid only in rules on statement"},
		{ASKED "method: DELETE\nhit: DELETE\nmiss: GET a/\n", "p:6:6: this hit of a.b is not a request"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct ruleset rs = {0};
		assert_int_equal(parse(&rs, cases[i].text, &out), -EINVAL);
		if (!out.s || !strstr(out.s, cases[i].report))
			fail_msg("%s\nlacks\n%s\n", out.s, cases[i].report);
		ruleset_free(&rs);
	}
}

static const char pack[] =
	"rule: t.drop\non: statement\neffect: drop truncate\nkind: table database\nseverity: critical\nreason: x\n"
	"hit: postgresql: SELECT 1; DROP TABLE users\n"
	"hit: mysql program=php host=db.example.com: drop database shop\n"
	"miss: postgresql: DROP INDEX i\n"
	"miss: postgresql: ALTER TABLE t DROP COLUMN c\n\n"
	"rule: t.rows\non: statement\neffect: delete\ncondition: any\nrows: > 1000\nobject: users !users_tmp\n"
	"severity: danger\nreason: x\n"
	"hit: postgresql rows=1001: DELETE FROM shop.users WHERE age > 3\n"
	"miss: postgresql rows=1000: DELETE FROM users WHERE age > 3\n"
	"miss: postgresql: DELETE FROM users WHERE age > 3\n"
	"miss: postgresql rows=10000: DELETE FROM users_tmp WHERE age > 3\n\n"
	"rule: t.unknown-rows\non: statement\neffect: update\nrows: > 5 or unknown\nengine: mysql\n"
	"severity: danger\nreason: x\n"
	"hit: mysql: UPDATE a SET b = 1 WHERE c = 2\n"
	"miss: mysql rows=5: UPDATE a SET b = 1 WHERE c = 2\n\n"
	"rule: t.place\non: statement\nhost: *.prod.example.com\nport: 5432\neffect: update\ndatabase: shop*\n"
	"severity: danger\nreason: x\n"
	"hit: postgresql host=a.prod.example.com database=shop2: update t set a = 1 where b = 2\n"
	"miss: postgresql host=a.prod.example.com port=5433 database=shop: update t set a = 1 where b = 2\n"
	"miss: postgresql host=a.prod.example.com: update t set a = 1 where b = 2\n"
	"miss: postgresql database=shop: update t set a = 1 where b = 2\n\n"
	"rule: t.request\non: request\nprogram: curl\nmethod: DELETE\npath: /v1/users\nseverity: danger\nreason: x\n"
	"hit: curl: DELETE localhost:8080/v1/users?all=1\n"
	"miss: DELETE localhost/v1/users\n"
	"miss: curl: DELETE api.example.com/v1/users/3\n"
	"miss: curl: GET api.example.com/v1/users\n\n"
	"rule: t.graphql\non: request\noperation: delete* *purge*\nseverity: danger\nreason: x\n"
	"hit: POST a.example.com/graphql {\"query\":\"mutation { create(a: 1) x: DeleteUser(id: 1) { id } }\"}\n"
	"miss: POST a.example.com/graphql {\"query\":\"mutation { create(name: \\\"delete\\\") { id } }\"}\n\n"
	"rule: t.push\non: request\noperation: git-force-push git-delete-ref\nobject: refs/heads/main refs/tags/*\n"
	"severity: danger\nreason: x\n"
	"hit: POST a.example.com/x.git/git-receive-pack git-force-push refs/heads/main 01..23\n"
	"hit: POST a.example.com/x.git/git-receive-pack git-delete-ref refs/tags/v1.0 01\n"
	"miss: POST a.example.com/x.git/git-receive-pack git-force-push refs/heads/mine 01..23\n"
	"miss: POST a.example.com/x.git/git-receive-pack git-push refs/heads/main 01..23\n"
	"miss: POST a.example.com/x git-force-push refs/heads/main 01..23\n\n"
	"rule: t.cloud\non: request\noperation: s3:delete*\nseverity: danger\nreason: x\n"
	"hit: DELETE s3.eu-west-1.amazonaws.com/b\n"
	"miss: PUT s3.eu-west-1.amazonaws.com/b\n\n"
	"rule: t.body\non: request\nmethod: POST\nbody: \"all\":true \"every\":true\nmatch: ^POST a\\.\nunless: /dry\\b\n"
	"severity: danger\nreason: x\n"
	"hit: POST a.example.com/x {\"ALL\":true}\n"
	"miss: POST a.example.com/dry {\"all\":true}\n"
	"miss: POST b.example.com/x {\"all\":true}\n"
	"miss: POST a.example.com/x {\"all\": false}\n";

static int note(const struct rule *r, const struct subject *s, int how, void *data)
{
	strbuf_printf(data, "%s ", r->id);
	return 0;
}

/* The rules that match the event, in order. */
static void matched(const struct ruleset *rs, const struct gate_event *ev, const char *expected)
{
	cleanup_strbuf struct strbuf b = {0};
	struct subjects subjects = {0};
	assert_int_equal(subjects_of_event(rs, ev, &subjects), 0);
	assert_int_equal(ruleset_match_said(rs, ev, &subjects, note, &b), 0);
	assert_string_equal(b.s ? b.s : "", expected);
	subjects_free(&subjects);
}

static void matching(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	struct ruleset rs = {0};
	int err = parse(&rs, pack, &out);
	if (err)
		fail_msg("%s", out.s ? out.s : "?");
	struct gate_event ev = {.struct_size = sizeof ev, .type = GATE_EVENT_STATEMENT, .engine = "postgresql"};
	ev.text = "DROP TABLE a; TRUNCATE b";
	ev.text_len = strlen(ev.text);
	matched(&rs, &ev, "t.drop ");
	ev.text_len = strlen("DROP TAB"); /* the text has no end of its own */
	matched(&rs, &ev, "");
	ev.text_len = strlen(ev.text);
	ev.text_flags = GATE_TEXT_OWN;
	matched(&rs, &ev, "");
	ev.type = GATE_EVENT_REQUEST;
	ev.method = "POST";
	ev.target = "/x";
	ev.text = "{\"a\":1";
	ev.text_len = 6;
	ev.text_flags = 0;
	matched(&rs, &ev, "");
	ev.text_flags = GATE_TEXT_PART; /* what a rule looks for may be in the rest, but not an operation of S3 */
	matched(&rs, &ev, "t.graphql t.push ");
	ev.text = "git-push refs/heads/main 01..23\ngit-delete-ref refs/heads/main 01"; /* one line meets both fields */
	ev.text_len = strlen(ev.text);
	ev.text_flags = GATE_TEXT_OPERATIONS;
	matched(&rs, &ev, "t.push ");
	ev.text = "git-push refs/heads/main 01..23\ngit-delete-ref refs/heads/mine 01";
	ev.text_len = strlen(ev.text);
	matched(&rs, &ev, "");
	ev.text =
		"s3:DeleteBucket git-force-push refs/heads/main"; /* the operations are all there, the body behind is not */
	ev.text_len = strlen(ev.text);
	ev.text_flags = GATE_TEXT_OPERATIONS | GATE_TEXT_PART;
	matched(&rs, &ev, "t.cloud ");
	ruleset_free(&rs);
}

static void unknown(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	struct ruleset rs = {0};
	assert_int_equal(parse(&rs,
			       SAID "effect: unknown\nhit: postgresql: SELECT dblink_exec('a', 'b')\n"
				    "miss: postgresql: SELECT 1\n",
			       &out),
			 0);
	struct gate_event ev = {.struct_size = sizeof ev, .type = GATE_EVENT_STATEMENT, .engine = "mysql"};
	matched(&rs, &ev, "a.b ");
	ev.text = "INSERT INTO a VALUES (1), (2";
	ev.text_len = strlen(ev.text);
	matched(&rs, &ev, "");
	ev.text_flags = GATE_TEXT_PART;
	matched(&rs, &ev, "a.b ");
	struct subjects subjects = {0};
	ev.engine = "oracle";
	assert_int_equal(subjects_of_event(&rs, &ev, &subjects), -EINVAL);
	subjects_free(&subjects);
	ruleset_free(&rs);
}

/* A rule on statement also judges what a client reads, unless it needs to know the server. */
static void input(void **state)
{
	static const struct {
		const char *terms, *command;
		bool matches;
	} cases[] = {
		{"effect: drop\n", "psql <<< 'DROP TABLE a'", true},
		{"effect: drop\n", "mariadb -e 'drop table a'", true},
		{"effect: drop\n", "true <<< 'DROP TABLE a'", false},
		{"effect: drop\nengine: mysql postgresql\n", "sqlite3 x.db 'DROP TABLE a'", false},
		{"effect: drop\nprogram: mysql\n", "psql <<< 'DROP TABLE a'", false},
		{"effect: drop\nhost: *\n", "psql <<< 'DROP TABLE a'", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strbuf struct strbuf text = {0}, out = {0}, b = {0};
		struct ruleset rs = {0};
		struct subjects subjects = {0};
		struct diag d = {.emit = collect, .data = &out};
		struct gate_event ev = {.struct_size = sizeof ev, .shell_text = cases[i].command};
		strbuf_printf(&text, SAID "%shit: mysql: x\nmiss: mysql: x\n", cases[i].terms);
		struct source src = {.name = "p", .text = text.s, .len = text.len};
		assert_int_equal(ruleset_parse(&rs, &src, TRUST_SYSTEM, &d), 0);
		assert_int_equal(ruleset_finish(&rs, &d), 0);
		assert_int_equal(ruleset_subjects(&rs, &ev, &subjects), 0);
		assert_int_equal(ruleset_match(&rs, GATE_EVENT_EXEC, &subjects, note, &b), 0);
		if (!b.len == cases[i].matches)
			fail_msg("%s: %s", cases[i].terms, cases[i].command);
		subjects_free(&subjects);
		ruleset_free(&rs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(mistakes), cmocka_unit_test(matching),
					   cmocka_unit_test(unknown), cmocka_unit_test(input)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
