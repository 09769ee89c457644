/* SPDX-License-Identifier: BSD-2-Clause */
/* rules.c - gate.rules(5): what is accepted, where each mistake is reported, and what a rule matches. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
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
#include "rules/ruleset.h"

#define CONNECT "rule: a.b\non: connect\nseverity: danger\nreason: r\n"
#define HEAD "rule: a.b\non: exec\nseverity: danger\nreason: r\n"
#define TAIL "hit: x\nmiss: y\n"

static void collect(enum diag_level level, const char *text, void *data)
{
	struct strbuf *out = data;
	if (out->len)
		strbuf_putc(out, '\n');
	strbuf_puts(out, text);
}

/* Parse `text` as the file p; what was reported goes to `out`. */
static int parse(struct ruleset *rs, const char *text, size_t len, enum ruleset_trust trust, struct strbuf *out)
{
	struct diag d = {.emit = collect, .data = out};
	struct source src = {.name = "p", .text = text, .len = len};
	return ruleset_parse(rs, &src, trust, &d);
}

static void load(struct ruleset *rs, const char *text)
{
	cleanup_strbuf struct strbuf out = {0};
	struct diag d = {0};
	int r = parse(rs, text, strlen(text), TRUST_SYSTEM, &out);
	if (r)
		print_error("%s\n", out.s);
	assert_int_equal(r, 0);
	assert_null(out.s);
	assert_int_equal(ruleset_finish(rs, &d), 0);
}

static const struct bad {
	const char *text, *report;
} bads[] = {
	/* lines */
	{"  rule: a.b\n",
	 "p:1:1: a field starts in column 1; a value cannot continue on the next line\n    rule: "
	 "a.b\n  ^"},
	{"rule a.b\n", "p:1:1: neither `field: value` nor a comment\n  rule a.b\n  ^"},
	{"\xef\xbb\xbf#\n", "p:1:1: the file starts with a byte order mark\n  \\u{FEFF}#\n  ^"},
	{HEAD "program: x\r\n" TAIL, "p:5:11: the line ends in CR LF; write LF alone\n  program: x\\r\n            ^"},
	{"on: exec\nfoo: x\n",
	 "p:1:1: a rule starts with its name: `rule: family.name`\n  on: exec\n  ^\n"
	 "p:2:1: unknown field\n  foo: x\n  ^"},
	/* names of fields */
	{HEAD "program: x\nkeywrod: y\n" TAIL, "p:6:1: unknown field; did you mean keyword?\n  keywrod: y\n  ^"},
	{HEAD "program: x\nthisisnothing: y\n" TAIL, "p:6:1: unknown field\n  thisisnothing: y\n  ^"},
	{HEAD "program: x\n: y\n" TAIL, "p:6:1: unknown field\n  : y\n  ^"},
	{HEAD "program: x\npath: /x\n" TAIL,
	 "p:6:1: path is valid only in rules on unlink, rename, truncate, write, read and request\n  "
	 "path: /x\n  ^"},
	{HEAD "program: x\nscope: outside-workspace\n" TAIL,
	 "p:6:1: scope is valid only in rules on unlink, rename, truncate, write and read\n  "
	 "scope: outside-workspace\n  ^"},
	{HEAD "program: x\nhost: y\n" TAIL,
	 "p:6:1: host is valid only in rules on connect, statement and request\n  host: y\n  ^"},
	{HEAD "program: x\nnet: ::1\n" TAIL,
	 "p:6:1: net is valid only in rules on connect, statement and request\n  net: ::1\n  ^"},
	{HEAD "program: x\nport: 1\n" TAIL,
	 "p:6:1: port is valid only in rules on connect, statement and request\n  port: 1\n  ^"},
	/* groups that a file defines */
	{"define: a-b\nregex: x\n",
	 "p:1:10: the name of a definition consists of a-z and '_'\n  define: a-b\n           ^"},
	{"define: a\nregex: x\n\ndefine: a\nregex: y\n",
	 "p:4:9: this name is already defined\n  define: a\n          ^"},
	{"define: words\nregex: x\n", "p:1:9: this name is already defined\n  define: words\n          ^"},
	{"define: a\n", "p:1:1: define has no regex\n  define: a\n  ^"},
	{"define: a\nregex: (\n", "p:2:9: missing closing parenthesis\n  regex: (\n          ^"},
	{HEAD "match: ^(?&a)\n" TAIL, "p:5:12: reference to non-existent subpattern\n  match: ^(?&a)\n             ^"},
	/* ids */
	{"rule: ab\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:1:9: a rule's name is family.name, in a-z, 0-9 and '-'\n  rule: ab\n          ^"},
	{"rule: a..b\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:1:9: a rule's name is family.name, in a-z, 0-9 and '-'\n  rule: a..b\n          ^"},
	{"rule: a.B\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:1:9: a rule's name is family.name, in a-z, 0-9 and '-'\n  rule: a.B\n          ^"},
	{"rule: -a.b\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:1:7: a rule's name is family.name, in a-z, 0-9 and '-'\n  rule: -a.b\n        ^"},
	{"rule: a.b.\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:1:11: a rule's name is family.name, in a-z, 0-9 and '-'\n  rule: a.b.\n            ^"},
	{"rule:\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:1:6: rule has no value\n  rule:\n  "
	 "     ^"},
	{HEAD "program: x\n" TAIL "\n" HEAD "program: x\n" TAIL,
	 "p:9:7: rule a.b already exists at p:1\n  rule: a.b\n        ^"},
	{HEAD "program: x\n" TAIL "rule: a.c\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL,
	 "p:8:1: a blank line is missing before this rule\n  rule: a.c\n  ^"},
	/* events */
	{"rule: a.b\non: exce\n", "p:2:5: unknown event; did you mean exec?\n  on: exce\n      ^"},
	{CONNECT "host: a 10.0.0.1:80\n" TAIL,
	 "p:5:17: a host is a name or a glob: put addresses in net, ports in port\n  "
	 "host: a 10.0.0.1:80\n                  ^"},
	{CONNECT "host: *.b\303\274cher*.de\n" TAIL,
	 "p:5:9: a label with wildcards must be ASCII: write it as xn--...\n  host: *.b\303\274cher*.de\n          ^"},
	{CONNECT "net: 10.0.0.0/33\n" TAIL,
	 "p:5:15: an IPv4 prefix length is 0 to 32\n  "
	 "net: 10.0.0.0/33\n                ^"},
	{CONNECT "net: !10.0.0.1/8\n" TAIL,
	 "p:5:7: the address has bits set beyond its prefix\n  net: !10.0.0.1/8\n        ^"},
	{CONNECT "net: fe80::/129\n" TAIL,
	 "p:5:13: an IPv6 prefix length is 0 to 128\n  "
	 "net: fe80::/129\n              ^"},
	{CONNECT "net: here\n" TAIL,
	 "p:5:6: not an address, ADDRESS/BITS, private, loopback or link-local\n  net: here\n       ^"},
	{CONNECT "port: 1-65536\n" TAIL, "p:5:9: the highest port is 65535\n  port: 1-65536\n          ^"},
	{CONNECT "port: 9-2\n" TAIL, "p:5:9: the range ends before it begins\n  port: 9-2\n          ^"},
	{CONNECT "port: nosuch\n" TAIL, "p:5:7: services(5) does not have this name\n  port: nosuch\n        ^"},
	{CONNECT "socket: ~/x\n" TAIL,
	 "p:5:9: a socket is a path, \"@name\" if it is abstract, or a name in any directory\n  socket: ~/x\n          ^"},
	{CONNECT "socket: /x\nport: 1\n" TAIL, "p:1:1: rule a.b: a socket has no host, net or port\n  rule: a.b\n  ^"},
	{CONNECT "path: /x\n" TAIL,
	 "p:5:1: path is valid only in rules on unlink, rename, truncate, write, read and request\n  path: /x\n  ^"},
	{"rule: a.b\non: verdict\n", "p:2:5: unknown event\n  on: verdict\n      ^"},
	/* values */
	{HEAD "program: x\nseverity: warning\n" TAIL,
	 "p:6:1: severity appears twice in this rule; the first is on line 3\n  severity: warning\n  ^"},
	{HEAD "program: x\ninstead: \t\n" TAIL, "p:6:11: instead has no value\n  instead: \\t\n             ^"},
	{HEAD "program: x\ncontent: sqk\n" TAIL,
	 "p:6:10: unknown content; did you mean sql?\n  content: sqk\n           ^"},
	{HEAD "keyword: x\ncontent: sql\n" TAIL, "p:1:1: rule a.b has content but no program\n  rule: a.b\n  ^"},
	{HEAD "program: x\ncontent-unknown: match\n" TAIL,
	 "p:1:1: rule a.b has content-unknown but no content\n  rule: a.b\n  ^"},
	{HEAD "program: x\naction: aks\n" TAIL, "p:6:9: unknown action; did you mean ask?\n  action: aks\n          ^"},
	{"rule: a.b\non: exec\nseverity: worse\nreason: r\nprogram: x\n" TAIL,
	 "p:3:11: unknown severity\n  severity: worse\n            ^"},
	{HEAD "program: y /bin/x\n" TAIL,
	 "p:5:12: a program is named by its base name, without '/'\n  program: y "
	 "/bin/x\n             ^"},
	{HEAD "program: a*b\n" TAIL,
	 "p:5:11: '*' can only be the last character of a program\n  program: a*b\n   "
	 "         ^"},
	{HEAD "program: *\n" TAIL, "p:5:10: to match any program, omit the field\n  program: *\n           ^"},
	{HEAD "keyword: y a'b\n" TAIL,
	 "p:5:13: a keyword cannot contain quotes, backslashes, control or invisible characters\n  keyword: y a'b\n       "
	 "       ^"},
	{HEAD "keyword: a\\b\n" TAIL,
	 "p:5:11: a keyword cannot contain quotes, backslashes, control or invisible characters\n  keyword: a\\b\n        "
	 "    ^"},
	{HEAD "keyword: a\x1b\n" TAIL,
	 "p:5:11: a keyword cannot contain quotes, backslashes, control or invisible characters\n  keyword: a\\e\n        "
	 "    ^"},
	/* patterns: PCRE2's words, at PCRE2's place */
	{HEAD "match: ^a(b\n" TAIL, "p:5:12: missing closing parenthesis\n  match: ^a(b\n             ^"},
	{HEAD "match: (?&words)(\n" TAIL,
	 "p:5:18: missing closing parenthesis\n  match: (?&words)(\n                   ^"},
	{HEAD "match:   [z-a]\n" TAIL,
	 "p:5:13: range out of order in character class\n  match:   [z-a]\n         "
	 "     ^"},
	{HEAD "match: a\nunless: b{2,1}\n" TAIL,
	 "p:6:14: numbers out of order in {} quantifier\n  unless: b{2,1}\n               ^"},
	{HEAD "match: \xc3\xa9\xff\n" TAIL,
	 "p:5:10: UTF-8 error: illegal byte (0xfe or 0xff)\n  match: "
	 "\xc3\xa9\\xFF\n          ^"},
	/* what is missing */
	{HEAD TAIL, "p:1:1: rule a.b has no program, keyword or match: it would match everything\n  rule: a.b\n  ^"},
	{"rule: a.b\nprogram: x\n",
	 "p:1:1: rule a.b has no on\n  rule: a.b\n  ^\np:1:1: rule a.b has no "
	 "severity\n  rule: a.b\n"
	 "  ^\np:1:1: rule a.b has no reason\n  rule: a.b\n  ^\np:1:1: rule a.b has no hit\n  rule: a.b\n  ^\n"
	 "p:1:1: rule a.b has no miss\n  rule: a.b\n  ^"},
};

static void mistakes_have_places(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct ruleset rs = {0};
		int r = parse(&rs, bads[i].text, strlen(bads[i].text), TRUST_SYSTEM, &out);
		if (r != -EINVAL || rs.n || strcmp(out.s, bads[i].report)) {
			print_error("%s\n", bads[i].text);
			print_error("returned %d with\n%s\nexpected\n%s\n", r, out.s ? out.s : "nothing",
				    bads[i].report);
			wrong++;
		}
		ruleset_free(&rs);
	}
	assert_int_equal(wrong, 0);
}

static void nul_bytes_and_endless_lines_are_told(void **state)
{
	static const char nul[] = HEAD "program: x\0y\n" TAIL;
	cleanup_strbuf struct strbuf out = {0}, text = {0}, told = {0};
	struct ruleset rs = {0};
	assert_int_equal(parse(&rs, nul, sizeof nul - 1, TRUST_SYSTEM, &out), -EINVAL);
	assert_non_null(strstr(out.s, "p:5:11: NUL byte in the line\n  program: x\\x00y\n            ^"));
	strbuf_puts(&text, HEAD "match: ");
	for (int i = 0; i < 1 << 20; i++)
		strbuf_putc(&text, 'x');
	strbuf_puts(&text, "\n" TAIL);
	assert_int_equal(parse(&rs, text.s, text.len, TRUST_SYSTEM, &told), -EINVAL);
	assert_non_null(strstr(told.s, "p:5: the line has 1048583 bytes; the limit is 1048576\n"));
	ruleset_free(&rs);
}

static void bytes_that_are_no_characters_are_shown(void **state)
{
	cleanup_strbuf struct strbuf out = {0}, text = {0};
	struct ruleset rs = {0};
	strbuf_puts(&text, HEAD "keyword: ");
	for (int i = 0; i < 300; i++)
		strbuf_putc(&text, '\x80');
	strbuf_puts(&text, "'\n" TAIL);
	assert_int_equal(parse(&rs, text.s, text.len, TRUST_SYSTEM, &out), -EINVAL);
	assert_non_null(strstr(out.s, "p:5:310: a keyword cannot contain"));
	ruleset_free(&rs);
}

static void a_blank_at_the_end_is_kept_and_warned_of(void **state)
{
	static const char text[] = HEAD "match: a \n" TAIL;
	cleanup_strbuf struct strbuf out = {0};
	struct ruleset rs = {0};
	assert_int_equal(parse(&rs, text, sizeof text - 1, TRUST_SYSTEM, &out), 0);
	assert_string_equal(out.s, "p:5:9: warning: the trailing blank is part of the value\n  match: a \n          ^");
	assert_string_equal(rs.rules[0]->match[0].text, "a ");
	ruleset_free(&rs);
}

static void a_project_names_no_programs_to_run(void **state)
{
	static const char text[] = HEAD "program: x\npreview: sh evil\nwhen: sh evil\n" TAIL;
	cleanup_strbuf struct strbuf out = {0}, user = {0};
	struct ruleset rs = {0};
	assert_int_equal(parse(&rs, text, sizeof text - 1, TRUST_USER, &user), 0);
	ruleset_free(&rs);
	assert_int_equal(parse(&rs, text, sizeof text - 1, TRUST_PROJECT, &out), 0);
	assert_string_equal(out.s,
			    "p:6:1: warning: a workspace's pack may not name programs to run: its rules are loaded "
			    "without this and its other previews, probes and keeps\n  preview: sh evil\n  ^");
	assert_int_equal(rs.n, 1);
	assert_null(rs.rules[0]->preview);
	assert_null(rs.rules[0]->when);
	ruleset_free(&rs);
}

static void every_field_is_kept(void **state)
{
	struct ruleset rs = {0};
	load(&rs,
	     "# comment\nrule: fam.one-2.x\non: exec\nprogram: git gi*\nprogram:\thub\nkeyword: PuSH "
	     "send\nkeyword: -f\n"
	     "match: ^git # no comment\nmatch: ^hub\nunless: --dry\nseverity: critical\naction: "
	     "deny\nreason: a: b\n"
	     "instead: do\npreview: git log\nwhen: git status\nhit: git push -f\nmiss: git pull\nmiss: ls");
	assert_int_equal(rs.n, 1);
	const struct rule *r = ruleset_find(&rs, "fam.one-2.x");
	assert_ptr_equal(r, rs.rules[0]);
	assert_null(ruleset_find(&rs, "fam.one"));
	assert_string_equal(r->file, "p");
	assert_int_equal(r->line, 2);
	assert_int_equal(r->events, 1u << GATE_EVENT_EXEC);
	assert_string_equal(r->programs[0], "git");
	assert_string_equal(r->programs[1], "gi*");
	assert_string_equal(r->programs[2], "hub");
	assert_null(r->programs[3]);
	assert_int_equal(r->nkeywords, 2);
	assert_string_equal(r->keywords[0].words[0], "push");
	assert_string_equal(r->keywords[0].words[1], "send");
	assert_string_equal(r->keywords[1].words[0], "-f");
	assert_int_equal(r->nmatch, 2);
	assert_string_equal(r->match[0].text, "^git # no comment");
	assert_int_equal(r->match[1].line, 9);
	assert_int_equal(r->match[1].col, 8);
	assert_int_equal(r->nunless, 1);
	assert_int_equal(r->severity, GATE_SEVERITY_CRITICAL);
	assert_int_equal(r->action, GATE_ACTION_DENY);
	assert_string_equal(r->reason, "a: b");
	assert_string_equal(r->instead, "do");
	assert_string_equal(r->preview, "git log");
	assert_string_equal(r->when, "git status");
	assert_int_equal(r->nhits, 1);
	assert_int_equal(r->nmisses, 2);
	assert_string_equal(r->misses[1].text, "ls");
	ruleset_free(&rs);
}

/* Parse a rule with these lines, and compare the message. */
static void keeps(const char *lines, const char *message)
{
	cleanup_strbuf struct strbuf text = {0}, out = {0};
	struct ruleset rs = {0};
	strbuf_printf(&text, HEAD "program: x\n%s\n" TAIL, lines);
	assert_int_equal(parse(&rs, text.s, text.len, TRUST_USER, &out), *message ? -EINVAL : 0);
	assert_non_null(strstr(out.s ? out.s : "", message));
	ruleset_free(&rs);
}

static void a_keep_has_an_undo(void **state)
{
	keeps("keep: k\nundo: u\nasks: unless-kept", "");
	keeps("keep: k\nundo: u\nasks: always\naction: log", "");
	keeps("keep: k", "has keep but no undo");
	keeps("undo: u", "has undo but no keep");
	keeps("asks: unless-kept", "asks unless-kept but has no keep");
	keeps("keep: k\nundo: u\naction: deny", "so its action is ask or log");
	keeps("asks: sometimes", "unknown value");
}

static void a_bad_pack_leaves_the_others(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	struct ruleset rs = {0};
	load(&rs, HEAD "program: x\n" TAIL);
	static const char again[] = "\n" HEAD "program: x\n" TAIL
				    "\nrule: a.c\non: exec\nseverity: danger\nreason: r\n"
				    "program: x\n" TAIL;
	assert_int_equal(parse(&rs, again, sizeof again - 1, TRUST_SYSTEM, &out), -EINVAL);
	assert_string_equal(out.s, "p:2:7: rule a.b already exists at p:1\n  rule: a.b\n        ^");
	assert_int_equal(rs.n, 1);
	assert_null(ruleset_find(&rs, "a.c"));
	ruleset_free(&rs);
}

static int note(const struct rule *r, const struct subject *s, int how, void *data)
{
	strbuf_printf(data, " %s%s", r->id, how == RULE_LIMIT ? "!" : "");
	return 0;
}

/* The rules that match a shell line, in order. */
static void matches(const struct ruleset *rs, const char *line, const char *expected)
{
	cleanup_strbuf struct strbuf out = {0};
	struct subjects s = {0};
	struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = line};
	assert_int_equal(subjects_of_exec(&e, &s), 0);
	assert_int_equal(ruleset_match(rs, GATE_EVENT_EXEC, &s, note, &out), 0);
	assert_string_equal(out.s ? out.s : "", expected);
	/* the index finds what asking each rule would find */
	cleanup_strbuf struct strbuf each = {0};
	for (size_t i = 0; i < rs->n; i++)
		for (size_t k = 0; k < s.n; k++) {
			int how = rule_match(rs->rules[i], &s.v[k]);
			if (how == RULE_MISS)
				continue;
			note(rs->rules[i], &s.v[k], how, &each);
			break;
		}
	assert_string_equal(each.s ? each.s : "", expected);
	subjects_free(&s);
}

#define RULE(id, body) "\nrule: " id "\non: exec\nseverity: danger\nreason: r\n" body TAIL

static void conditions_are_joined(void **state)
{
	struct ruleset rs = {0};
	load(&rs,
	     RULE("t.any", "keyword: destroy\n") RULE("t.exact", "program: git hub\nkeyword: Push Send\nkeyword: -F\n")
		     RULE("t.glob", "program: mkfs*\n")
			     RULE("t.match", "program: git\nmatch: \\spush\\s\nmatch: \\sclean\\b\nunless: --dry\n")
				     RULE("t.caseless", "program: psql\nmatch: (?i)drop\\s+table\n"));
	matches(&rs, "git push -f", " t.exact t.match");
	matches(&rs, "hub send -f", " t.exact");
	matches(&rs, "git clean", " t.match");
	matches(&rs, "git clean --dry", "");
	matches(&rs, "gits push -f", "");
	matches(&rs, "mkfs.ext4 x; mkfs", " t.glob");
	matches(&rs, "git push -f; terraform DESTROY", " t.any t.exact t.match");
	matches(&rs, "psql -c 'drop\n  TABLE x'", " t.caseless");
	matches(&rs, "echo git push -f", "");
	matches(&rs, "", "");
	ruleset_free(&rs);
}

/* Their patterns are compiled when a command needs them.  One that can't be then is a finding. */
static void installed_packs_are_compiled_late(void **state)
{
	struct ruleset rs = {.installed = true};
	load(&rs, RULE("t.good", "program: git\nmatch: ^git push(?&options)$\n")
			  RULE("t.bad", "program: git\nkeyword: clean\nmatch: (\n"));
	matches(&rs, "git push -f", " t.good");
	matches(&rs, "git push; git push -f", " t.good");
	matches(&rs, "git clean", " t.bad!");
	ruleset_free(&rs);
}

static void shared_groups_are_there(void **state)
{
	struct ruleset rs = {0};
	load(&rs, RULE("t.options", "program: aws\nmatch: ^aws(?&options) s3 rb(?: |$)\n") RULE(
			  "t.words", "program: acli\nmatch: ^acli(?&words) delete(?: |$)|^acli(?&options) wipe$\n"));
	matches(&rs, "aws s3 rb s3://x", " t.options");
	matches(&rs, "aws --profile prod --debug --query 'a b' s3 rb", " t.options");
	matches(&rs, "aws s3 ls s3 rb", "");
	matches(&rs, "acli space \"it's\" delete x", " t.words");
	matches(&rs, "acli -v wipe", " t.words");
	matches(&rs, "acli space 'to delete '", "");
	ruleset_free(&rs);
}

static void a_limit_is_a_finding(void **state)
{
	cleanup_strbuf struct strbuf line = {0};
	struct ruleset rs = {0};
	load(&rs, RULE("t.slow", "program: x\nmatch: ^x (a+)+$\n") RULE("t.spared",
									"program: x\nmatch: "
									"^x\nunless: (a+)+$\n"));
	strbuf_puts(&line, "x ");
	for (int i = 0; i < 5000; i++)
		strbuf_putc(&line, 'a');
	matches(&rs, line.s, " t.slow");
	strbuf_putc(&line, 'b');
	matches(&rs, line.s, " t.slow! t.spared");
	ruleset_free(&rs);
}

static void long_subjects_alone_meet_no_limit(void **state)
{
	cleanup_strbuf struct strbuf line = {0};
	struct ruleset rs = {0};
	load(&rs, RULE("t.lookahead",
		       "program: git\nmatch: ^git\\b(?:\\s-\\S+(?:\\s\\S+)?)*?\\spush\\b"
		       "(?=.*\\s(?:-f|--force)(?:\\s|$))\n")
			  RULE("t.words", "program: git\nmatch: ^git(?: \\S+)* --never$\n"));
	strbuf_puts(&line, "git push");
	for (int i = 0; i < 30000; i++)
		strbuf_printf(&line, " file%d", i);
	matches(&rs, line.s, "");
	strbuf_puts(&line, " -f");
	matches(&rs, line.s, " t.lookahead");
	strbuf_puts(&line, " --never");
	matches(&rs, line.s, " t.lookahead t.words");
	ruleset_free(&rs);
}

static int stop(const struct rule *r, const struct subject *s, int how, void *data)
{
	return -ECANCELED;
}

static void the_callers_result_ends_it(void **state)
{
	struct ruleset rs = {0};
	struct subjects s = {0};
	const char *const argv[] = {"x"};
	load(&rs, RULE("t.a", "program: x\n") RULE("t.b", "program: x\n"));
	assert_int_equal(subjects_add(&s, argv, 1, false), 0);
	assert_int_equal(ruleset_match(&rs, GATE_EVENT_EXEC, &s, stop, NULL), -ECANCELED);
	assert_int_equal(ruleset_match(&rs, GATE_EVENT_UNLINK, &s, stop, NULL), 0);
	subjects_free(&s);
	ruleset_free(&rs);
}

/* A file's groups may call those above them; another file does not have them. */
static void groups_are_defined(void **state)
{
	struct ruleset rs = {0};
	load(&rs, "define: stage\nregex: (?:prod|live)\n\ndefine: to\nregex: --to[= ](?&stage)(?: |$)\n" RULE(
			  "t.a", "program: d\nmatch: ^d(?&options) up\\b.* (?&to)\n")
			  RULE("t.b", "program: d\nmatch: (?&stage)\n"));
	matches(&rs, "d -v up --to live", " t.a t.b");
	matches(&rs, "d up --to=live-2", " t.b");
	matches(&rs, "d down", "");
	ruleset_free(&rs);
}

/* What a match captured goes into preview and when, each word quoted; what can't be told is no command. */
static void captured_words_are_filled_in(void **state)
{
	static const struct {
		const char *argv[6], *expected;
	} rows[] = {
		{{"g", "-C", "a b", "reset", NULL}, "g -C 'a b' x@{push} {}  '' '{no}'"},
		{{"g", "reset", "it's", "$(x)", NULL}, "g  x@{push} {} 'it'\\''s' '$(x)' '' '{no}'"},
		{{"g", "reset", "a-b/c", ";", NULL}, "g  x@{push} {} a-b/c ';' '' '{no}'"},
		{{"g", "other", NULL}, "g  x@{push} {}  '' '{no}'"},
		{{"g", "reset", "a\\b", NULL}, NULL},
		{{"g", "reset", "a\nb", NULL}, NULL},
		{{"g", "reset", "a\xff", NULL}, NULL},
	};
	struct ruleset rs = {0};
	load(&rs,
	     RULE("t.a", "program: g\nmatch: ^g(?<at>(?: -C (?:'[^']*'|\\S+))*) reset(?<rest>.*)$\nmatch: ^g other\n"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct subjects s = {0};
		size_t n = 0;
		char *filled;
		while (rows[i].argv[n])
			n++;
		assert_int_equal(subjects_add(&s, rows[i].argv, n, false), 0);
		int err = rule_fill(rs.rules[0], "g {at} x@{push} {} {rest} '' '{no}'", &s.v[0], &filled);
		assert_int_equal(err, rows[i].expected ? 0 : -EINVAL);
		if (rows[i].expected)
			assert_string_equal(filled, rows[i].expected);
		free(filled);
		subjects_free(&s);
	}
	ruleset_free(&rs);
}

static void examples_are_run(void **state)
{
	static const struct {
		const char *rules, *report;
	} cases[] = {
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nkeyword: push\nmatch: "
		 "-f\nunless: dry\n"
		 "hit: cd x && git push -f\nmiss: echo git push -f\n",
		 ""},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nhit: hub x\nmiss: ls\n",
		 "p:6:6: this hit of a.b runs none of the programs of a.b\n  hit: hub x\n       ^"},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nkeyword: push\nhit:  git "
		 "pull\nmiss: ls\n",
		 "p:7:7: this hit of a.b has no keyword of a.b\n  hit:  git pull\n        ^"},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nmatch: ^git push\nhit: git pull\nmiss: ls\n",
		 "p:6:6: this hit of a.b is matched by no pattern of a.b\n  hit: git pull\n       ^"},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nunless: x\nhit: git x\nmiss: ls\n",
		 "p:7:6: this hit of a.b is excepted by an unless of a.b\n  hit: git x\n       ^"},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nhit: git\nmiss: sudo git\n",
		 "p:7:7: this miss of a.b is matched by a.b\n  miss: sudo git\n        ^"},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nhit: git\nmiss: ls\n\n"
		 "rule: a.c\non: exec\nseverity: danger\nreason: r\nprogram: ls\nhit: ls\nmiss: pwd\n",
		 "p:7:7: this miss of a.b is matched by a.c\n  miss: ls\n        ^"},
		{"rule: a.b\non: exec\nseverity: danger\nreason: r\nprogram: git\nhit: # git\nmiss: ls\n",
		 "p:6:6: this hit of a.b has no command\n  hit: # git\n       ^"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct diag d = {.emit = collect, .data = &out};
		struct ruleset rs = {0};
		load(&rs, cases[i].rules);
		assert_int_equal(ruleset_selftest(&rs, &d), *cases[i].report ? -EINVAL : 0);
		assert_string_equal(out.s ? out.s : "", cases[i].report);
		ruleset_free(&rs);
	}
}

static void a_port_may_have_a_name(void **state)
{
	const struct servent *https = getservbyname("https", "tcp");
	if (!https || ntohs((uint16_t)https->s_port) != 443) {
		print_message("no https in /etc/services here\n");
		skip();
	}
	struct ruleset rs = {0};
	load(&rs, CONNECT "port: https 22\nhit: 192.0.2.1:443\nmiss: 192.0.2.1:444\n");
	assert_int_equal(ruleset_selftest(&rs, &(struct diag){0}), 0);
	ruleset_free(&rs);
}

/* What stands between ``` lines of the manual page, each a file of its own. */
static void load_manual(struct ruleset *rs)
{
	cleanup_strbuf struct strbuf block = {0}, told = {0};
	char path[4096], line[512];
	const char *src = getenv("GATE_SRC");
	bool literal = false;
	snprintf(path, sizeof path, "%s/man/gate.rules.5.scd", src ? src : "../..");
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		if (!strncmp(line, "```", 3)) {
			literal = !literal;
			if (!literal && parse(rs, block.s, block.len, TRUST_SYSTEM, &told))
				fail_msg("%s", told.s);
			block.len = 0;
		} else if (literal) {
			for (char *c = line; *c; c++) {
				c += c[0] == '\\' && c[1] == '\\'; /* scdoc's escape */
				strbuf_putc(&block, *c);
			}
		}
	}
	assert_int_equal(fclose(f), 0);
	assert_false(literal);
}

static void the_manuals_examples_hold(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	struct diag d = {.emit = collect, .data = &out};
	struct ruleset rs = {0};
	load_manual(&rs);
	if (ruleset_finish(&rs, &d))
		print_error("%s\n", out.s);
	assert_true(rs.n >= 2);
	assert_int_equal(rs.npacks, 1);
	assert_int_equal(rs.ndisabled, 1);
	if (ruleset_selftest(&rs, &d))
		print_error("%s\n", out.s);
	assert_int_equal(d.errors + d.warnings, 0);
	ruleset_free(&rs);
}

/* What ruleset_match() found on the subjects: a bit a rule. */
struct hits {
	const struct ruleset *rs;
	bool *found;
};

static int note_hit(const struct rule *r, const struct subject *s, int how, void *data)
{
	struct hits *h = data;
	size_t i = 0;
	while (h->rs->rules[i] != r)
		i++;
	assert_false(h->found[i]); /* each once */
	h->found[i] = true;
	return 0;
}

static size_t compare(const struct ruleset *rs, const char *text, bool *found)
{
	struct subjects subjects = {0};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = text};
	struct hits h = {rs, memset(found, 0, rs->n)};
	size_t hits = 0;
	assert_int_equal(ruleset_subjects(rs, &ev, &subjects), 0);
	assert_int_equal(ruleset_match(rs, GATE_EVENT_EXEC, &subjects, note_hit, &h), 0);
	for (size_t i = 0; i < rs->n; i++) {
		bool match = false;
		for (size_t k = 0; k < subjects.n && rule_is_on_exec(rs->rules[i]); k++)
			match |= rule_match(rs->rules[i], &subjects.v[k]) != RULE_MISS;
		if (match != found[i])
			print_error("%s: %s: %d, by itself %d\n", text, rs->rules[i]->id, found[i], match);
		assert_int_equal(match, found[i]);
		hits += match;
	}
	subjects_free(&subjects);
	return hits;
}

/* The index leaves no rule out that would match by itself, over all examples of the shipped packs. */
static void the_index_leaves_nothing_out(void **state)
{
	char path[4096];
	const char *src = getenv("GATE_SRC");
	struct ruleset rs = {0};
	struct diag d = {0};
	size_t hits = 0;
	snprintf(path, sizeof path, "%s/rules", src ? src : "../..");
	assert_int_equal(ruleset_load(&rs, path, TRUST_SYSTEM, &d), 0);
	assert_int_equal(ruleset_finish(&rs, &d), 0);
	bool *found = calloc(rs.n, sizeof *found);
	assert_non_null(found);
	for (size_t i = 0; i < rs.n; i++) {
		const struct rule *r = rs.rules[i];
		for (size_t k = 0; r->events & 1u << GATE_EVENT_EXEC && k < r->nhits + r->nmisses; k++)
			hits += compare(&rs, k < r->nhits ? r->hits[k].text : r->misses[k - r->nhits].text, found);
	}
	assert_true(hits > rs.n);
	free(found);
	ruleset_free(&rs);
}

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void packs_are_read_in_name_order(void **state)
{
	char dir[] = "/tmp/gate-rules.XXXXXX", path[64], first[64], fifo[64], other[64];
	cleanup_strbuf struct strbuf out = {0};
	struct diag d = {.emit = collect, .data = &out};
	struct ruleset rs = {0};
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/b.rules", dir);
	snprintf(first, sizeof first, "%s/a.rules", dir);
	snprintf(other, sizeof other, "%s/readme", dir);
	snprintf(fifo, sizeof fifo, "%s/c.rules", dir);
	put_file(path, HEAD "program: x\n" TAIL);
	put_file(first, "rule: a.first\non: exec\nseverity: danger\nreason: r\nprogram: x\n" TAIL);
	put_file(other, "not a pack");
	assert_int_equal(ruleset_load(&rs, dir, TRUST_USER, &d), 0);
	assert_int_equal(rs.n, 2);
	assert_string_equal(rs.rules[0]->id, "a.first");
	assert_string_equal(rs.rules[1]->file, path);
	assert_int_equal(rs.nfiles, 2);
	assert_int_equal(ruleset_load(&rs, "/nonexistent", TRUST_USER, &d), 0);
	assert_int_equal(ruleset_load(&rs, "/nonexistent/x.rules", TRUST_USER, &d), -ENOENT);
	assert_string_equal(out.s, "/nonexistent/x.rules: No such file or directory");
	strbuf_free(&out);
	ruleset_free(&rs);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(ruleset_load(&rs, dir, TRUST_USER, &d), -EINVAL);
	assert_non_null(strstr(out.s, "c.rules: not a regular file"));
	assert_int_equal(rs.n, 2);
	ruleset_free(&rs);
	unlink(fifo);
	unlink(other);
	unlink(first);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_have_places),
		cmocka_unit_test(nul_bytes_and_endless_lines_are_told),
		cmocka_unit_test(bytes_that_are_no_characters_are_shown),
		cmocka_unit_test(a_blank_at_the_end_is_kept_and_warned_of),
		cmocka_unit_test(a_project_names_no_programs_to_run),
		cmocka_unit_test(every_field_is_kept),
		cmocka_unit_test(a_keep_has_an_undo),
		cmocka_unit_test(a_bad_pack_leaves_the_others),
		cmocka_unit_test(conditions_are_joined),
		cmocka_unit_test(installed_packs_are_compiled_late),
		cmocka_unit_test(shared_groups_are_there),
		cmocka_unit_test(a_limit_is_a_finding),
		cmocka_unit_test(long_subjects_alone_meet_no_limit),
		cmocka_unit_test(the_callers_result_ends_it),
		cmocka_unit_test(groups_are_defined),
		cmocka_unit_test(captured_words_are_filled_in),
		cmocka_unit_test(examples_are_run),
		cmocka_unit_test(a_port_may_have_a_name),
		cmocka_unit_test(the_index_leaves_nothing_out),
		cmocka_unit_test(the_manuals_examples_hold),
		cmocka_unit_test(packs_are_read_in_name_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
