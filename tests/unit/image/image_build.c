/* SPDX-License-Identifier: BSD-2-Clause */
/* image.c - the policy image: it concerns whatever a rule can match, little else, and a bad one is told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "formats/image.h"
#include "image/image_build.h"
#include "subject/shell/shell.h"

enum { WORDS = 64 };

/* An image in memory of its own size, so that the sanitizer sees what is read behind it. */
struct image {
	char *map;
	size_t size;
};

static struct image build(const struct ruleset *rs, unsigned flags)
{
	struct image im = {0};
	int fd = memfd_create("image", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(image_build(rs, "/usr/libexec/gate/gate-standin", flags, NULL, NULL, fd), 0);
	im.size = (size_t)lseek(fd, 0, SEEK_END);
	im.map = malloc(im.size);
	assert_non_null(im.map);
	assert_int_equal(pread(fd, im.map, im.size, 0), (ssize_t)im.size);
	close(fd);
	assert_int_equal(gate_image_check(im.map, im.size), 0);
	return im;
}

static void show(enum diag_level level, const char *text, void *data)
{
	print_error("%s\n", text);
}

static void load(struct ruleset *rs, const char *text)
{
	struct diag d = {.emit = show};
	struct source src = {.name = "p", .text = text, .len = strlen(text)};
	assert_int_equal(ruleset_parse(rs, &src, TRUST_SYSTEM, &d), 0);
	assert_int_equal(ruleset_finish(rs, &d), 0);
}

#define RULE(id, lines) "rule: " id "\non: exec\nseverity: danger\nreason: r\n" lines "match: .\nhit: x\nmiss: y\n\n"

static const char small[] = RULE("a.push", "program: git\nkeyword: push\nkeyword: --force -f\n")
	RULE("a.mkfs", "program: mkfs.*\n") RULE("a.aws", "program: aws terraform\nkeyword: destroy rb\n")
		RULE("a.quote", "program: psql\nkeyword: a{b\n");

/* argv of a text, split at blanks; quotes are not known here. */
static const char *const *split(char *text)
{
	static const char *argv[WORDS];
	size_t n = 0;
	for (char *w = strtok(text, " "); w && n < WORDS - 1; w = strtok(NULL, " "))
		argv[n++] = w;
	argv[n] = NULL;
	return argv;
}

static bool asks(const struct image *im, const char *exe, const char *const *argv)
{
	bool may = gate_image_may_concern((const struct gate_image_head *)im->map, exe, argv);
	bool does = gate_image_concerns(im->map, exe, argv);
	assert_true(may || !does); /* the first stage's no is final */
	return does;
}

static const struct row {
	const char *exe, *text;
	bool concerned;
} rows[] = {
	/* names and keywords */
	{"/usr/bin/git", "git push -f origin", true},
	{"/usr/bin/git", "git PUSH --FORCE", true},
	{"/usr/bin/git", "git push", false},
	{"/usr/bin/git", "git status -f", false},
	{"/usr/bin/got", "got push -f", false},
	{"/usr/bin/x", "git push -f", true},
	{"/usr/bin/git", "x push -f", true},
	{NULL, "-git push -f", true},
	{"/opt/-git", "x push -f", true},
	{"/usr/bin/git/", "x push -f", false},
	{"/sbin/mkfs.ext4", "mkfs.ext4 /dev/x", true},
	{"/sbin/mkfs", "mkfs /dev/x", false},
	{"/sbin/mkfs.", "mkfs. /dev/x", true},
	{"/usr/bin/gcc", "gcc -c foo.c", false},
	/* a keyword that only the shown text can have is left to the engine */
	{"/usr/bin/psql", "psql", true},
	/* interpreters */
	{"/usr/bin/python3", "python3 /usr/bin/aws s3 rb", true},
	{"/usr/bin/python3.11", "python3.11 -m aws s3 rb", true},
	{"/usr/bin/python3", "python3 -maws s3 rb", true},
	{"/usr/bin/python3", "python3 -Imaws s3 rb", true},
	{"/usr/bin/node", "node /p/aws.mjs rb", true},
	{"/usr/bin/php", "php -faws.php rb", true},
	{"/usr/bin/python3", "python3 script.py s3 rb", false},
	{"/usr/bin/aws", "/usr/bin/python3 /usr/bin/aws s3 rb", true},
	/* away */
	{"/usr/bin/ssh", "ssh host cd x; git push -f", true},
	{"/usr/bin/ssh", "ssh host g\\it pu's'h \"-f\"", true},
	{"/usr/bin/ssh", "ssh host $'\\x67it' push", true},
	{"/usr/bin/ssh", "ssh host ls", false},
	{"/usr/bin/sudo", "sudo -u x env A=1 git push -f", true},
	{"/usr/bin/docker", "docker exec db /usr/local/bin/terraform destroy", true},
	{"/usr/bin/python3", "python3 /usr/bin/docker-compose exec db sh -c 'git push -f'", true},
	{"/bin/busybox", "busybox mkfs.ext2 /dev/x", true},
	/* local wrappers: what they start is judged when it starts */
	{"/usr/bin/env", "env git push -f", false},
	{"/usr/bin/xargs", "xargs git push -f", false},
};

static void names_and_keywords(void **state)
{
	struct ruleset rs = {0};
	load(&rs, small);
	struct image im = build(&rs, 0);
	int wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = strdup(rows[i].text);
		if (asks(&im, rows[i].exe, split(text)) != rows[i].concerned) {
			print_error("%s: %s\n", rows[i].exe ? rows[i].exe : "-", rows[i].text);
			wrong++;
		}
		free(text);
	}
	assert_int_equal(wrong, 0);
	free(im.map);
	ruleset_free(&rs);
}

static void shell_texts_are_no_concern(void **state)
{
	struct ruleset rs = {0};
	load(&rs, small);
	struct image im = build(&rs, 0);
	const char *const sh[] = {"sh", "-c", "exec /usr/bin/git push -f origin", NULL};
	const char *const code[] = {"python3", "-c", "import aws; aws.rb()", NULL};
	const char *const path[] = {"bash", "/home/a b/aws", "rb", NULL};
	assert_false(asks(&im, "/bin/sh", sh));
	assert_false(asks(&im, "/usr/bin/python3", code));
	assert_true(asks(&im, "/bin/bash", path));
	free(im.map);
	ruleset_free(&rs);
}

static void escapes_hide_no_keyword(void **state)
{
	struct ruleset rs = {0};
	/* shown, "a\npush" has the keyword npush, and "\xFFab" has Fab */
	load(&rs, RULE("a.b", "program: git\nkeyword: npush fab 202e\n"));
	struct image im = build(&rs, 0);
	const char *const newline[] = {"git", "a\npush", NULL}, *const byte[] = {"git",
										 "\xff"
										 "ab",
										 NULL};
	const char *const bidi[] = {"git", "\xe2\x80\xae", NULL};
	assert_true(asks(&im, "/usr/bin/git", newline));
	assert_true(asks(&im, "/usr/bin/git", byte));
	assert_true(asks(&im, "/usr/bin/git", bidi));
	free(im.map);
	ruleset_free(&rs);
}

static void odd_arguments(void **state)
{
	struct ruleset rs = {0};
	load(&rs, small);
	struct image im = build(&rs, 0);
	const char *const none[] = {NULL}, *const empty[] = {"", "", NULL}, *const dash[] = {"-", "/", "//", NULL};
	assert_false(asks(&im, NULL, NULL));
	assert_false(asks(&im, "/usr/bin/x", none));
	assert_false(asks(&im, "", empty));
	assert_false(asks(&im, "-", dash));
	assert_true(asks(&im, "/sbin/mkfs.x", none));
	assert_true(asks(&im, "/sbin/mkfs.\xff\xfe", none));
	free(im.map);
	ruleset_free(&rs);
}

static void rules_for_any_program(void **state)
{
	struct ruleset rs = {0};
	load(&rs, RULE("a.b", "keyword: drop\n") RULE("a.c", "program: x\n"));
	struct image im = build(&rs, GATE_IMAGE_ON_FAULT_ALLOW);
	const char *const hit[] = {"foo", "DROP", NULL}, *const miss[] = {"foo", "bar", NULL};
	assert_true(asks(&im, "/bin/foo", hit));
	assert_false(asks(&im, "/bin/foo", miss));
	assert_int_equal(((struct gate_image_head *)im.map)->flags, GATE_IMAGE_ON_FAULT_ALLOW);
	free(im.map);
	ruleset_free(&rs);
}

static void no_rules_concern_nobody(void **state)
{
	struct ruleset rs = {0};
	struct image im = build(&rs, 0);
	const char *const argv[] = {"ssh", "h", "rm -rf /", NULL};
	assert_false(asks(&im, "/usr/bin/ssh", argv));
	free(im.map);
}

/* However many rules there are for a program: only what differs in keywords counts. */
static void rules_with_the_same_keywords_are_one(void **state)
{
	struct ruleset rs = {0};
	load(&rs, RULE("a.b", "program: x\nkeyword: drop\n") RULE("a.c", "program: x y\nkeyword: drop\nmatch: z\n")
			  RULE("a.d", "program: x\nkeyword: drop\nkeyword: all\n") RULE("a.e", "keyword: wipe\n")
				  RULE("a.f", "keyword: wipe\n"));
	struct image im = build(&rs, 0);
	const struct gate_image_head *head = (const void *)im.map;
	assert_int_equal(head->rules.n, 3);
	assert_int_equal(head->lists.n, 3); /* x: two, y: one */
	assert_int_equal(head->any.n, 1);
	const char *const hit[] = {"y", "drop", NULL}, *const miss[] = {"y", "all", NULL};
	assert_true(asks(&im, "/bin/y", hit));
	assert_false(asks(&im, "/bin/y", miss));
	free(im.map);
	ruleset_free(&rs);
}

static void huge_arguments_are_bounded(void **state)
{
	struct ruleset rs = {0};
	struct timespec a, b;
	load(&rs, small);
	struct image im = build(&rs, 0);
	size_t n = 300 << 10;
	char *quotes = malloc(n + 1), *names = malloc(n + 1);
	memset(quotes, '\'', n);
	for (size_t i = 0; i < n; i++)
		names[i] = "git pu us sh "[i % 13]; /* every pair of `push`, and no `push` */
	quotes[n] = names[n] = '\0';
	const char *const argv[] = {"ssh", quotes, names, "git", quotes, NULL};
	clock_gettime(CLOCK_MONOTONIC, &a);
	assert_true(asks(&im, "/usr/bin/ssh", argv)); /* too long to be sure: the engine reads it */
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_true(b.tv_sec - a.tv_sec < 5); /* milliseconds; minutes if it were quadratic */
	free(quotes);
	free(names);
	free(im.map);
	ruleset_free(&rs);
}

/* --- against the engine: whatever it finds in a live exec concerns the image
 * ------------------------------------------ */

struct engine {
	struct ruleset rs;
	struct image im;
	size_t found, asked, all;
	int wrong;
};

static int stop(const struct rule *r, const struct subject *s, int how, void *data)
{
	return 1;
}

static void compare(struct engine *e, const char *exe, const char *const *argv, size_t n)
{
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .pid = getpid(), .exe = exe, .argv = argv, .argc = n};
	struct subjects subjects = {0};
	bool matched =
		subjects_of_exec(&ev, &subjects) || ruleset_match(&e->rs, GATE_EVENT_EXEC, &subjects, stop, NULL);
	bool concerned = asks(&e->im, exe, argv);
	subjects_free(&subjects);
	e->all++;
	e->found += matched;
	e->asked += concerned;
	if (!matched || concerned)
		return;
	e->wrong++;
	print_error("matched and let by: %s:", exe);
	for (size_t i = 0; i < n; i++)
		print_error(" [%s]", argv[i]);
	print_error("\n");
}

static unsigned roll(unsigned n)
{
	static uint32_t seed = 1;
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* The words as a shell's text with quoting strewn in. */
static char *strewn(const struct shell_command *c)
{
	struct strbuf b = {0};
	for (size_t i = 0; i < c->n; i++) {
		strbuf_puts(&b, i ? " " : "");
		for (const char *p = c->words[i]; *p; p++) {
			if (*p == '\'' || *p == '\n')
				strbuf_puts(&b, *p == '\n' ? "'\n'" : "\\'");
			else if (strchr(" \"\\$`;&|<>(){}*?[]#~!", *p) || !roll(4))
				strbuf_printf(&b, roll(2) ? "'%c'" : "\\%c", *p);
			else
				strbuf_putc(&b, *p);
		}
	}
	return strbuf_take(&b);
}

/* One command of an example as it is, and inside what carries it away. */
static int each_command(const struct shell_command *c, void *data)
{
	static const char *const before[][5] = {
		{"sudo", "-E"},
		{"docker", "exec", "-it", "db"},
		{"python3", "-u"},
		{"sh", "-e"},
		{"busybox"},
		{"ssh", "-p1", "host"},
		{"kubectl", "exec", "pod", "--"},
		{"env", "A=b"},
		{"node"},
		{"su", "-c"},
		{"sudo", "env", "nice", "-n5"},
	};
	struct engine *e = data;
	const char *argv[1024];
	char exe[512];
	if (c->n > 1000)
		return 0;
	snprintf(exe, sizeof exe, "%s%s", c->words[0][0] == '/' ? "" : "/usr/bin/", c->words[0]);
	compare(e, exe, c->words, c->n);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		size_t n = 0;
		for (; n < 5 && before[i][n]; n++)
			argv[n] = before[i][n];
		for (size_t k = 0; k <= c->n; k++)
			argv[n + k] = c->words[k];
		snprintf(exe, sizeof exe, "/usr/bin/%s", argv[0]);
		compare(e, exe, argv, n + c->n);
		char *text = strewn(c);
		argv[n] = text;
		argv[n + 1] = NULL;
		compare(e, exe, argv, n + 1);
		free(text);
	}
	return 0;
}

static void never_lets_by_what_the_engine_finds(void **state)
{
	const char *src = getenv("GATE_SRC");
	struct engine e = {0};
	struct diag d = {0};
	char dir[4096];
	if (!src)
		skip();
	snprintf(dir, sizeof dir, "%s/rules", src);
	assert_int_equal(ruleset_load(&e.rs, dir, TRUST_SYSTEM, &d), 0);
	assert_int_equal(ruleset_finish(&e.rs, &d), 0);
	assert_true(e.rs.n >= 40);
	e.im = build(&e.rs, 0);
	for (size_t i = 0; i < e.rs.n; i++) {
		const struct rule *r = e.rs.rules[i];
		for (size_t k = 0; k < r->nhits + r->nmisses; k++) {
			const char *text = k < r->nhits ? r->hits[k].text : r->misses[k - r->nhits].text;
			assert_int_equal(shell_commands(text, strlen(text), NULL, each_command, &e), 0);
		}
	}
	print_message("%zu execs: a rule matched %zu, %zu would ask\n", e.all, e.found, e.asked);
	assert_true(e.found > e.rs.n);
	assert_int_equal(e.wrong, 0);
	free(e.im.map);
	ruleset_free(&e.rs);
}

/* --- bad images
 * -------------------------------------------------------------------------------------------------------- */

static void truncated_and_foreign_images(void **state)
{
	struct ruleset rs = {0};
	load(&rs, small);
	struct image im = build(&rs, 0);
	for (size_t n = 0; n < im.size; n++) {
		char *cut = malloc(n ? n : 1);
		memcpy(cut, im.map, n);
		assert_int_equal(gate_image_check(cut, n), -EBADMSG);
		free(cut);
	}
	struct gate_image_head *head = (struct gate_image_head *)im.map;
	head->version++;
	assert_int_equal(gate_image_check(im.map, im.size), -EINVAL);
	head->version--;
	head->magic[0]++;
	assert_int_equal(gate_image_check(im.map, im.size), -EINVAL);
	free(im.map);
	ruleset_free(&rs);
}

/* Any byte wrong: refused, or read without leaving the image (the sanitizer watches). */
static void damaged_images_are_safe(void **state)
{
	struct ruleset rs = {0};
	load(&rs, small);
	struct image im = build(&rs, 0);
	char *copy = malloc(im.size);
	const char *const argv[] = {"git", "push", "-f", NULL};
	for (size_t i = 0; i < im.size; i++)
		for (int k = 0; k < 3; k++) {
			memcpy(copy, im.map, im.size);
			copy[i] = (char)(k == 0 ? 0xff : k == 1 ? 0 : copy[i] + 1);
			if (!gate_image_check(copy, im.size))
				gate_image_concerns(copy, "/usr/bin/git", argv);
		}
	free(copy);
	free(im.map);
	ruleset_free(&rs);
}

static void a_path_too_long_is_an_error(void **state)
{
	struct ruleset rs = {0};
	char path[GATE_STANDIN_MAX + 1];
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(image_build(&rs, path, 0, NULL, NULL, -1), -ENAMETOOLONG);
	assert_int_equal(image_build(&rs, "/x", 0, NULL, NULL, -1), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_keywords),
		cmocka_unit_test(shell_texts_are_no_concern),
		cmocka_unit_test(escapes_hide_no_keyword),
		cmocka_unit_test(odd_arguments),
		cmocka_unit_test(rules_for_any_program),
		cmocka_unit_test(no_rules_concern_nobody),
		cmocka_unit_test(rules_with_the_same_keywords_are_one),
		cmocka_unit_test(huge_arguments_are_bounded),
		cmocka_unit_test(never_lets_by_what_the_engine_finds),
		cmocka_unit_test(truncated_and_foreign_images),
		cmocka_unit_test(damaged_images_are_safe),
		cmocka_unit_test(a_path_too_long_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
