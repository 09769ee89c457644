/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt.c - a question laid out for terminals of any size, and nothing of a command's that could act on one. */
#include <arpa/inet.h>
#include <locale.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "front/prompt.h"

static const char *argv[] = {"git", "push", "--force", "origin", "main"};
static struct gate_event event;
static struct gate_finding finding;
static struct gate_question question;
static struct dialog dialog;
static struct prompt prompt;
static struct layout lines;
static int row, col;

static int fresh(void **state)
{
	event = (struct gate_event){.struct_size = sizeof(struct gate_event),
				    .argv = argv,
				    .argc = 5,
				    .cwd = "/home/ann/work",
				    .ancestry = "agent(7) > bash(8) > git(9)"};
	finding = (struct gate_finding){.rule = "git.force-push",
					.severity = GATE_SEVERITY_DANGER,
					.reason = "rewrites history",
					.instead = "git push --force-with-lease",
					.file = "/r/git.rules",
					.line = 12};
	question = (struct gate_question){.event = &event,
					  .findings = &finding,
					  .nfindings = 1,
					  .timeout_ms = 300000,
					  .covers = "git.force-push with exactly these arguments"};
	dialog = (struct dialog){0};
	prompt = (struct prompt){.q = &question,
				 .dialog = &dialog,
				 .nth = 1,
				 .of = 1,
				 .left_ms = 90000,
				 .cols = 80,
				 .rows = 24,
				 .colour = true,
				 .utf8 = true};
	setlocale(LC_CTYPE, "C.UTF-8");
	return 0;
}

static int clear(void **state)
{
	layout_free(&lines);
	return 0;
}

/* Without the SGR that is ours; fails on any other control byte. */
static char *plain(const char *line)
{
	static char out[65536];
	size_t n = 0;
	for (const char *s = line; *s; s++) {
		if (*s == 0x1b) {
			assert_int_equal(s[1], '[');
			s += 2 + strspn(s + 2, "0123456789;");
			assert_int_equal(*s, 'm');
			continue;
		}
		assert_true((unsigned char)*s >= 0x20 && *s != 0x7f);
		out[n++] = *s;
	}
	out[n] = '\0';
	return out;
}

/* Lay it out and look that it is fit to be drawn. */
static void lay_out(int cols, int rows)
{
	layout_free(&lines);
	prompt.cols = cols;
	prompt.rows = rows;
	assert_int_equal(prompt_layout(&prompt, &lines, &row, &col), 0);
	assert_true(lines.n > 0);
	for (int i = 0; i < lines.n; i++)
		if (text_width(plain(lines.v[i])) > cols)
			fail_msg("%d columns for %d: %s", text_width(plain(lines.v[i])), cols, plain(lines.v[i]));
}

static bool says(const char *text)
{
	for (int i = 0; i < lines.n; i++)
		if (strstr(plain(lines.v[i]), text))
			return true;
	return false;
}

static bool has_byte(char byte)
{
	for (int i = 0; i < lines.n; i++)
		if (strchr(lines.v[i], byte))
			return true;
	return false;
}

static void all_of_it_at_80x24(void **state)
{
	static const char *const parts[] = {"gate: danger: git.force-push",
					    "git push --force origin main",
					    "rewrites history",
					    "/home/ann/work",
					    "agent > bash > git",
					    "git push --force-with-lease",
					    "y once",
					    "s this session",
					    "n no",
					    "e no, and say why",
					    "? more",
					    "1:30",
					    "these arguments"};
	lay_out(80, 24);
	assert_true(lines.n <= 24);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		assert_true(says(parts[i]));
	assert_int_equal(row, -1);
}

/* A rule's reason does not say that undo could not bring the file back; gate_keep's own does. */
static void a_file_that_cannot_be_kept(void **state)
{
	event.type = GATE_EVENT_WRITE;
	event.path = "/srv/data/base/5/16384";
	event.once = "what postgres writes in place, in this session, under /srv/data";
	event.unkept = "2.1 GiB, too large to keep (max 256M)";
	lay_out(80, 24);
	assert_true(says("open for writing in place /srv/data/base/5/16384"));
	assert_true(says("no undo  2.1 GiB, too large to keep (max 256M)"));
	assert_true(says("yes to   what postgres writes in place"));
	finding.reason = "undo could not bring it back: 2.1 GiB, too large to keep (max 256M)";
	lay_out(80, 24);
	assert_false(says("no undo"));
	event.unkept = NULL;
	lay_out(80, 24);
	assert_false(says("no undo"));
}

/* A keep's output is hostile text, too. */
static void what_is_kept(void **state)
{
	event.keeps = "keeps: the manifests of \033[2Jshop\nloses: the data of 1 volumes\nno label";
	lay_out(80, 24);
	assert_true(says("keeps    the manifests of") && says("loses    the data of 1 volumes"));
	assert_false(says("no label"));
	event.keeps = "";
	lay_out(80, 24);
	assert_false(says("keeps"));
}

static void rows_of_a_statement(void **state)
{
	(void)state;
	event.sample = "id=1 name=ann\nid=2 name=\033[2Jbob\n";
	lay_out(80, 24);
	assert_true(says("rows     id=1 name=ann") && says("id=2 name=\\e[2Jbob"));
	event.sample = NULL;
	lay_out(80, 24);
	assert_false(says("id=1"));
}

static void small_terminals(void **state)
{
	lay_out(40, 10);
	assert_true(lines.n <= 10);
	assert_true(says("git push --force") && says("y once") && says("n no"));
	lay_out(20, 6);
	assert_true(lines.n <= 6);
	assert_true(says("git push --force") && says("rewrites history") && says("y n e ? more"));
	assert_true(dialog.scope_hidden); /* of a yes for this session */
	lay_out(80, 4);
	assert_true(says("git push --force origin main") && says("y once  n no  e why  ? more"));
	lay_out(20, 2);
	assert_true(says("git push") && says("y n e ? more"));
	for (int cols = 1; cols < 20; cols++)
		for (int rows = 1; rows < 4; rows++) {
			layout_free(&lines);
			prompt.cols = cols;
			prompt.rows = rows;
			assert_int_equal(prompt_layout(&prompt, &lines, &row, &col), 0);
			assert_true(lines.n <= rows);
		}
}

/* In every size and form the beginning of the command is in view, or only a no is taken. */
static void keys_that_allow_come_with_the_command(void)
{
	for (int cols = 16; cols <= 90; cols += cols < 44 ? 1 : 9)
		for (int rows = 1; rows <= 26; rows++) {
			lay_out(cols, rows);
			assert_true(lines.n <= rows);
			assert_true(dialog.cramped == says("n no, or enlarge"));
			assert_true(dialog.cramped || says("git"));
			assert_true(!dialog.cramped || rows < 5);
			if (!dialog.cramped && !dialog.page && dialog.mode == DIALOG_CHOOSE &&
			    dialog_offers(&question, 's'))
				assert_true(dialog.scope_hidden || says("session"));
		}
}

static void the_command_is_in_view(void **state)
{
	keys_that_allow_come_with_the_command();
	dialog.page = 1;
	keys_that_allow_come_with_the_command();
	dialog.page = 100; /* the last */
	keys_that_allow_come_with_the_command();
	dialog.page = 0;
	dialog.mode = DIALOG_SENTENCE;
	keys_that_allow_come_with_the_command();
	dialog.mode = DIALOG_CHOOSE;
	question.flags = GATE_QUESTION_TYPED;
	question.word = "a-word-of-some-length";
	keys_that_allow_come_with_the_command();
	dialog.wrong = true;
	keys_that_allow_come_with_the_command();
}

static void pages_of_a_small_terminal(void **state)
{
	bool instead = false, scope = false;
	dialog.page = 1;
	for (int page = 1; page == 1 || page <= dialog.pages; page++) {
		dialog.page = page;
		lay_out(20, 6);
		assert_true(lines.n <= 6 && says("git push"));
		instead = instead || says("with-lease");
		scope = scope || says("these arguments") || says("arguments");
		assert_true(dialog.scope_hidden == (page < dialog.pages));
	}
	assert_true(instead && scope && says("y s n e ? more"));
}

static void without_colour(void **state)
{
	lay_out(80, 24);
	bool coloured = false;
	for (int i = 0; i < lines.n; i++)
		coloured = coloured || strstr(lines.v[i], "\x1b[1;31m");
	assert_true(coloured);
	prompt.colour = false;
	lay_out(80, 24);
	for (int i = 0; i < lines.n; i++)
		for (const char *s = lines.v[i]; (s = strstr(s, "\x1b[")); s++)
			assert_true(!strncmp(s, "\x1b[1m", 4) || !strncmp(s, "\x1b[0m", 4) ||
				    !strncmp(s, "\x1b[7m", 4));
	assert_true(says("y once"));
	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	assert_false(prompt_colour());
	setenv("NO_COLOR", "", 1); /* no-color.org: not when empty */
	assert_true(prompt_colour());
	setenv("TERM", "dumb", 1);
	assert_false(prompt_colour());
}

static void hostile_text_everywhere(void **state)
{
	static const char hostile[] =
		"a\x1b[2J\x1b]0;x\x07\r\n\t\x7f\x9b"
		"1m\xff\xe2\x80\xae"
		"evil";
	const char *words[] = {"git", hostile, "\x1b[1A", ""};
	event.argv = words;
	event.argc = 4;
	event.cwd = finding.reason = finding.instead = question.covers = hostile;
	event.ancestry = event.exe = finding.subject = hostile;
	for (int i = 0; i < 3; i++) {
		dialog.page = i; /* the long form too */
		lay_out(80, 24); /* plain() looks at every byte */
		lay_out(30, 8);
		assert_false(has_byte('\x07') || has_byte('\xff') || has_byte('\r') || has_byte('\n'));
		for (int k = 0; k < lines.n; k++)
			assert_null(strstr(lines.v[k], "\xe2\x80\xae"));
	}
	dialog.page = 0;
	lay_out(80, 24);
	assert_true(says("\\e[2J") && says("\\xFF") && says("\\u{202E}"));
}

static void hostile_keys(void **state)
{
	dialog.mode = DIALOG_SENTENCE;
	dialog.len = (size_t)snprintf(dialog.text, sizeof dialog.text, "no\x1b[2J\xe2\x80\xae");
	lay_out(80, 24);
	assert_true(says("no, because: no\\e[2J"));
}

static void wide_text(void **state)
{
	const char *words[] = {
		"rm",
		"日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語"};
	event.argv = words;
	event.argc = 2;
	for (int cols = 20; cols < 60; cols++)
		lay_out(cols, 24);
	assert_true(says("日本語"));
}

static void a_long_command_is_counted_and_paged(void **state)
{
	const char *words[500];
	for (int i = 0; i < 500; i++)
		words[i] = i == 499 ? "the-last-word" : "word";
	event.argv = words;
	event.argc = 500;
	lay_out(80, 24);
	assert_true(lines.n <= 24 && says("bytes more") && says("y once") && !says("the-last-word"));
	bool last = false;
	dialog.page = 1;
	for (int page = 1; page == 1 || page <= dialog.pages; page++) {
		dialog.page = page;
		lay_out(80, 24);
		assert_true(lines.n <= 24 && says("n no"));
		last = last || says("the-last-word");
	}
	assert_true(last && dialog.pages > 1);
}

static void where_text_is_typed(void **state)
{
	dialog.mode = DIALOG_SENTENCE;
	dialog.len = (size_t)snprintf(dialog.text, sizeof dialog.text, "not today");
	lay_out(80, 24);
	assert_true(says("no, because: not today"));
	assert_in_range(row, 1, lines.n - 1);
	assert_string_equal(plain(lines.v[row]) + col - strlen("not today"), "not today");
	memset(dialog.text, 'x', 400);
	strcpy(dialog.text + 400, "end");
	dialog.len = 403;
	lay_out(40, 10);
	assert_true(says("xend")); /* the end of it */
	assert_true(col < 40);
	dialog = (struct dialog){0};
	question.flags = GATE_QUESTION_TYPED;
	question.word = "main";
	lay_out(80, 24);
	assert_true(says("to allow it once, type main:") && !says("y once") && !says("this session") && says("n no"));
	assert_true(row >= 0);
}

static void queues_and_companions(void **state)
{
	prompt.nth = 2;
	prompt.of = 3;
	prompt.askers = 4;
	prompt.preview = PREVIEW_DONE;
	prompt.preview_text = "lost: two\nlost: three";
	lay_out(80, 24);
	assert_true(says("2 of 3") && says("4 processes") && says("lost: two") && says("lost: three"));
}

/* The text, its receiver, and the program that says it; a long text is cut. */
static void what_is_said(void **state)
{
	static const char *const hosts[] = {"db.example.com", NULL};
	static char long_text[5000];
	const struct sockaddr_in server = {
		.sin_family = AF_INET, .sin_port = htons(5432), .sin_addr.s_addr = htonl(0xc0000201)};
	event.type = GATE_EVENT_STATEMENT;
	event.engine = "postgresql";
	event.database = "shop";
	event.text = "DELETE FROM users\033[2J WHERE true;";
	event.text_len = strlen(event.text) - 1;
	event.hosts = hosts;
	event.address = (const struct sockaddr *)&server;
	event.address_len = sizeof server;
	event.socket_type = SOCK_STREAM;
	lay_out(100, 30);
	assert_true(says("postgresql shop at db.example.com:5432: DELETE FROM users\\e[2J WHERE true"));
	assert_false(says("true;"));
	assert_true(says("git push --force origin main")); /* the program that says it */
	memset(long_text, 'x', sizeof long_text);
	event.text = long_text;
	event.text_len = sizeof long_text;
	cleanup_strbuf struct strbuf command = {0};
	prompt_command(&event, &command);
	assert_non_null(strstr(command.s, "xxx… (5000 bytes)"));
	event.type = GATE_EVENT_REQUEST;
	event.method = "DELETE";
	event.target = "/v1/users\n?all=1";
	event.text_len = 0;
	lay_out(100, 30);
	assert_true(says("DELETE db.example.com:5432/v1/users\\n?all=1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_of_it_at_80x24, fresh, clear),
		cmocka_unit_test_setup_teardown(a_file_that_cannot_be_kept, fresh, clear),
		cmocka_unit_test_setup_teardown(what_is_kept, fresh, clear),
		cmocka_unit_test_setup_teardown(rows_of_a_statement, fresh, clear),
		cmocka_unit_test_setup_teardown(small_terminals, fresh, clear),
		cmocka_unit_test_setup_teardown(the_command_is_in_view, fresh, clear),
		cmocka_unit_test_setup_teardown(pages_of_a_small_terminal, fresh, clear),
		cmocka_unit_test_setup_teardown(without_colour, fresh, clear),
		cmocka_unit_test_setup_teardown(hostile_text_everywhere, fresh, clear),
		cmocka_unit_test_setup_teardown(hostile_keys, fresh, clear),
		cmocka_unit_test_setup_teardown(wide_text, fresh, clear),
		cmocka_unit_test_setup_teardown(a_long_command_is_counted_and_paged, fresh, clear),
		cmocka_unit_test_setup_teardown(where_text_is_typed, fresh, clear),
		cmocka_unit_test_setup_teardown(queues_and_companions, fresh, clear),
		cmocka_unit_test_setup_teardown(what_is_said, fresh, clear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
