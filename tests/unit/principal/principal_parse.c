/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_parse.c - gate.principal(5): fields, and the places of errors; the list and the rule that come of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "principal/principal.h"
#include "principal/principal_network.h"

static char said[4096];
static struct principal p;

static void keep(enum diag_level level, const char *text, void *data)
{
	snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", text);
}

static unsigned parse_n(const char *text, size_t n)
{
	struct diag d = {.emit = keep};
	struct source src = {.name = "p", .text = text, .len = n};
	said[0] = '\0';
	principal_free(&p);
	int ret = principal_parse(&src, &d, &p);
	assert_int_equal(ret != 0, d.errors > 0);
	return d.errors;
}

static unsigned parse(const char *text)
{
	return parse_n(text, strlen(text));
}

static int done(void **state)
{
	principal_free(&p);
	return 0;
}

static void fields_are_read(void **state)
{
	assert_int_equal(parse("# who\nname: build-1\ngit-author: Build  Bot <bot@example.org>\nservice: ci\n"
			       "network-allow: a.example b.example:443\nnetwork-allow: 10.0.0.0/8\n"
			       "deny: *.prod.example\nkeep-env: NPM_TOKEN\nconfirm-destructive: true"),
			 0);
	assert_string_equal(p.name, "build-1");
	assert_string_equal(p.git_name, "Build  Bot");
	assert_string_equal(p.git_mail, "bot@example.org");
	assert_string_equal(p.service, "ci");
	assert_string_equal(p.allow[2], "10.0.0.0/8");
	assert_null(p.allow[3]);
	assert_string_equal(p.deny[0], "*.prod.example");
	assert_string_equal(p.keep[0], "NPM_TOKEN");
	assert_true(p.confirm);
}

static void mistakes_have_their_place(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"service: ci\n", "p: has no `name`"},
		{"name: a/b\n", "p:1:7: a principal's name consists of"},
		{"name: .a\n", "p:1:7: a principal's name consists of"},
		{"name: a\nname: a\n", "p:2:1: duplicate field 'name'"},
		{"name: a\nnetwork-alow: x\n", "p:2:1: unknown field 'network-alow'; did you mean 'network-allow'?"},
		{"name: a\nnetwork-allow: x:\n", "p:2:16: network-allow takes HOST"},
		{"name: a\nnetwork-allow: x y:http:80\n", "p:2:18: network-allow takes HOST"},
		{"name: a\nnetwork-allow: 10.0.0.0/99\n", "p:2:16: network-allow takes HOST"},
		{"name: a\ndeny: *\n", "p:2:7: this denies every host"},
		{"name: a\ndeny: x https://y\n", "p:2:14: deny takes names of hosts"},
		{"name: a\ngit-author: Bot\n", "p:2:16: git-author must be NAME <MAIL>"},
		{"name: a\ngit-author: <bot@x>\n", "p:2:13: git-author must be NAME <MAIL>"},
		{"name: a\nkeep-env: *_TOKEN\n", "p:2:11: keep-env takes names of environment variables"},
		{"name: a\nconfirm-destructive: yes\n", "p:2:22: confirm-destructive must be true or false"},
		{"name: a\nservice: ../x\n", "p:2:10: not a service name"},
		{"name: a\ndeny:\n", "p:2:6: no value for 'deny'"},
		{"name: a\nsecret: m\n", "p:2:9: expected NAME from SOURCE for URL"},
		{"name: a\nssh-key: k\n", "p:2:11: expected NAME from file:/PATH"},
		{"name: a\nssh-key: k from env:A\n", "p:2:17: the source of an ssh key is file:/PATH"},
		{"name: a\nssh-key: k from file:/a for\n", "p:2:25: no host behind for"},
		{"name: a\nssh-key: k from file:/a for *.x\n", "p:2:29: a host is a name of known_hosts"},
		{"name: a\nsecret: m from env:A for https://x env=B\n", "p:2:36: without env= and base="},
		{"name: a\nsecret: m from vault:A for https://x env=B base=C\n", "p:2:16: a source is env:"},
		{"name: a\nsecret: m from file:a for https://x env=B base=C\n", "p:2:16: file: takes an absolute path"},
		{"name: a\nsecret: m from command:a 'b for https://x env=B base=C\n",
		 "p:2:16: a quote without its end"},
		{"name: a\nsecret: m from keyring:a for https://x env=B base=C\n",
		 "p:2:16: keyring: takes ATTRIBUTE=VALUE"},
		{"name: a\nsecret: m from vault://a/b for https://x env=B base=C\n", "p:2:16: vault:// needs a #FIELD"},
		{"name: a\nsecret: m from vault://a/../b#c for https://x env=B base=C\n", "p:2:16: vault:// takes"},
		{"name: a\nsecret: m from vault://a/b#c for https://x env=B base=C\n", "comes from vault://, but no"},
		{"name: a\nsecret: m from github-app:id=1 installation=x key=/k for https://x env=B base=C\n",
		 "p:2:16: github-app: takes id=NUMBER"},
		{"name: a\nsecret: m from github-app:id=1 installation=2 for https://x env=B base=C\n",
		 "p:2:16: github-app: takes id=NUMBER"},
		{"name: a\nsecrets-from: consul https://x\n", "p:2:15: expected vault"},
		{"name: a\nsecrets-from: vault https://x\n", "p:2:30: needs either approle= or token="},
		{"name: a\nsecrets-from: vault https://x token=env:A approle=/b\n", "needs either approle= or token="},
		{"name: a\nsecrets-from: vault https://x token=vault://a/b#c\n", "p:2:31: a token comes from"},
		{"name: a\nsecrets-from: vault http://x token=env:A\n", "p:2:21: http:// would send"},
		{"name: a\nsecret: m from env:A for http://x.example env=B base=C\n", "p:2:26: http:// would send"},
		{"name: a\nsecret: m from env:A for https://x:y env=B base=C\n", "p:2:26: a port is a number"},
		{"name: a\nsecret: m from env:A for https://u@x env=B base=C\n", "p:2:26: a host's name has"},
		{"name: a\nsecret: m from env:A for https://x/a?b env=B base=C\n", "p:2:26: the URL has a query"},
		{"name: a\nsecret: m from env:A for https://x env=B base=C header=Host\n", "p:2:49: header= takes"},
		{"name: a\nsecret: m/ from env:A for https://x env=B base=C\n", "p:2:9: a secret's name has"},
		{"name: a\nsecret: m from env:A for https://x env=B base=C\nsecret: n from env:A for https://x env=B base=D\n",
		 "p:3:9: another secret has this name"},
		{"name: a\nsecret: m from env:A for https://*.x.example env=B base=C\n",
		 "a host's name has a * with tool=aws"},
		{"name: a\nsecret: m from env:A for https://x tool=aws env=B\n",
		 "tool= takes the place of env= and base="},
		{"name: a\nsecret: m from env:A for https://x tool=aws\nsecret: n from env:A for https://x tool=aws\n",
		 "p:3:9: another secret has this name"},
		{"name: a\nsecret: m from env:A for https://x tool=kubectl ca=x\n",
		 "p:2:49: expected env=, base=, tool=, scope=, ca=/FILE"},
		{"name: a\nsecret: m from env:A for https://x tool=svn\n", "p:2:36: tool= is aws, git, kubectl or npm"},
		{"name: a\nsecret: m from env:A for https://x tool=git scope=all\n", "p:2:45: scope= is read or write"},
		{"name: a\nsecret: m from env:A for https://x tool=git env=B base=C\n",
		 "p:2:51: tool= takes the place of"},
		{"name: a\nsecret: m from env:A for https://x tool=git scope=write\n",
		 "p:2:45: scope=write stands alone"},
		{"name: a\nsecret: m from env:A for https://x scope=write ca=/c\n", "p:2:48: scope=write stands alone"},
		{"name: a\nsecret: m from env:A for https://x scope=write\n", "p:2:9: the line with scope=read"},
		{"name: a\nsecret: m from env:A for https://x tool=git\nsecret: m from env:B for https://x scope=write\n",
		 "p:3:9: another secret has this name"},
		{"name: a\nsecret: m from env:A for https://x tool=git scope=read\nsecret: m from env:B for https://y scope=write\n",
		 "p:3:9: another secret has this name"},
		{"name: a\nsecret: m from env:A for https://x tool=npm\nsecret: n from env:B for https://y tool=npm\n",
		 "p:3:9: another secret has this name, one of these variables, or this tool"},
		{"name: a\nnothing\n", "p:2:8: expected `field: value`"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(parse(bad[i].text), 1);
		if (!strstr(said, bad[i].says))
			fail_msg("%s says %s", bad[i].text, said);
	}
	assert_int_equal(parse_n("name: a\0b\n", 10), 1);
	assert_non_null(strstr(said, "p:1:8: a NUL byte"));
}

/* Two credentials of one name: the stronger one is for the same tool, and its line names nothing but its source. */
static void scopes_go_with_every_tool(void **state)
{
	static const struct {
		const char *options;
		enum secret_tool tool;
	} rows[] = {
		{"env=A base=B", SECRET_TOOL_NONE},    {"tool=aws", SECRET_TOOL_AWS}, {"tool=git", SECRET_TOOL_GIT},
		{"tool=kubectl", SECRET_TOOL_KUBECTL}, {"tool=npm", SECRET_TOOL_NPM},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[512];
		snprintf(
			text, sizeof text,
			"name: a\nsecret: m from command:pass show a for https://x %s scope=read ca=/c\n"
			"secret: m from vault://kv/a#b for https://x scope=write\nsecrets-from: vault https://v token=env:V\n",
			rows[i].options);
		assert_int_equal(parse(text), 0);
		assert_int_equal(p.nsecrets, 2);
		assert_int_equal(p.secrets[0].tool, rows[i].tool);
		assert_int_equal(p.secrets[1].tool, rows[i].tool);
		assert_ptr_equal(secret_stronger(p.secrets, 2, &p.secrets[0]), &p.secrets[1]);
	}
}

static void words_become_lines_of_a_list(void **state)
{
	static const struct {
		const char *word, *line;
	} rows[] = {
		{"a.example", "a.example\n"},
		{"a.example:443", "a.example 443\n"},
		{"*.a.example:80,443", "*.a.example 80 443\n"},
		{"[2001:db8::1]:443", "2001:db8::1 443\n"},
		{"2001:db8::/32", "2001:db8::/32\n"},
		{"10.0.0.0/8:5432", "10.0.0.0/8 5432\n"},
		{"/run/x.sock", "/run/x.sock\n"},
		{"loopback:8000-8099", "loopback 8000-8099\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf b = {0};
		if (!principal_network_line(rows[i].word, strlen(rows[i].word), &b))
			fail_msg("%s is refused", rows[i].word);
		assert_string_equal(b.s, rows[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(fields_are_read, done),
		cmocka_unit_test_teardown(mistakes_have_their_place, done),
		cmocka_unit_test_teardown(scopes_go_with_every_tool, done),
		cmocka_unit_test(words_become_lines_of_a_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
