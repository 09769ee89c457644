/* SPDX-License-Identifier: BSD-2-Clause */
/* classify.c - the image's file tables say of a path what the engine's rules say. */
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

#define HOME "/home/u"
static const char *const workspaces[] = {"/home/u/w", "/tmp/here/w", NULL};
static const char *const temporary[] = {"/tmp", "/home/u/w/tmp", NULL};
static char store[] = "/tmp/gate-classify.XXXXXX";

static void *build(const struct ruleset *rs, size_t *size)
{
	const char *const stores[] = {store, NULL};
	const struct gate_image_options o = {
		.workspaces = workspaces, .temporary = temporary, .stores = stores, .home = HOME};
	const struct image_files files = {.options = &o, .events = RULE_FILE_EVENTS};
	int fd = memfd_create("image", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(image_build(rs, "/gate-standin", 0, &files, NULL, fd), 0);
	*size = (size_t)lseek(fd, 0, SEEK_END);
	void *map = malloc(*size);
	assert_non_null(map);
	assert_int_equal(pread(fd, map, *size, 0), (ssize_t)*size);
	close(fd);
	assert_int_equal(gate_image_check(map, *size), 0);
	return map;
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

#define RULE(id, lines) "rule: " id "\non: unlink rename\nseverity: warning\nreason: r\n" lines "hit: x\nmiss: y\n\n"

static const char few[] = RULE("a.modules", "path: node_modules/ *.pyc\naction: allow\n")
	RULE("a.key", "path: ~/.ssh/ *.key\nexcept: ~/.ssh/known_hosts\n")
		RULE("a.never", "path: /home/u/w/never\naction: deny\n")
			RULE("a.tool", "path: *.key\nprogram: tool tool-*\naction: allow\n")
				RULE("a.outside", "scope: outside-workspace\n")
					RULE("a.own", "path: ~/.tool/\nexcept: ~/.tool/prompts/\naction: keep\n")
						RULE("a.build", "path: build/\nwithin: git-ignored\naction: allow\n");

static void places(void **state)
{
	static const struct {
		const char *path, *program;
		enum gate_class class;
		unsigned flags;
	} cases[] = {
		{"/home/u/w/x", "rm", GATE_CLASS_NONE, 0},
		{"/home/u/w", "rm", GATE_CLASS_NONE, 0},
		{"/home/u/wx", "rm", GATE_CLASS_ASK, 0},
		{"/home/u/w/node_modules/x", "rm", GATE_CLASS_PASS, 0},
		{"/opt/node_modules", NULL, GATE_CLASS_PASS, 0},
		{"/home/u/w/a.pyc", "rm", GATE_CLASS_PASS, 0},
		{"/home/u/w/a.pyc/b", "rm", GATE_CLASS_NONE, 0},
		{"/home/u/w/x.key", "rm", GATE_CLASS_ASK, 0},
		{"/home/u/w/x.key", "tool", GATE_CLASS_PASS, 0},
		{"/home/u/w/x.key", "tool-2", GATE_CLASS_PASS, 0},
		{"/home/u/w/x.key", "tools", GATE_CLASS_ASK, 0},
		{"/home/u/w/x.key", NULL, GATE_CLASS_ASK, 0},
		{"/home/u/.ssh/id", "rm", GATE_CLASS_ASK, 0},
		{"/home/u/w/never", "tool", GATE_CLASS_DENY, 0},
		{"/home/u/w/never/x", "rm", GATE_CLASS_NONE, 0},
		{"/tmp/x", "rm", GATE_CLASS_PASS, 0},
		{"/tmp/x.key", "rm", GATE_CLASS_PASS, 0},
		{"/tmp/here/w/x", "rm", GATE_CLASS_NONE, 0},
		{"/home/u/w/tmp/x.key", "rm", GATE_CLASS_PASS, 0},
		{"/home/u/w/build/x", "rm", GATE_CLASS_NONE, 0},
		{"/home/u/w/build/x", "rm", GATE_CLASS_PASS, GATE_FILE_IGNORED},
		{"/", "rm", GATE_CLASS_ASK, 0},
		{"/home/u/.tool/settings", "rm", GATE_CLASS_KEEP, 0},
		{"/home/u/.tool/prompts/x", "rm", GATE_CLASS_ASK, 0},
		{"/home/u/.tool/a.pyc", "rm", GATE_CLASS_PASS, 0},
	};
	struct ruleset rs = {0};
	size_t size;
	load(&rs, few);
	void *map = build(&rs, &size);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct gate_file_query q = {GATE_EVENT_UNLINK, cases[i].program, cases[i].path, cases[i].flags};
		struct gate_file_class c = gate_image_classify(map, &q);
		if (c.class != cases[i].class)
			print_error("%s\n", cases[i].path);
		assert_int_equal(c.class, cases[i].class);
		q.event = GATE_EVENT_TRUNCATE; /* no rule's */
		assert_true(gate_image_classify(map, &q).class == GATE_CLASS_NONE || strstr(q.path, "tmp"));
	}
	char inside[64];
	snprintf(inside, sizeof inside, "%s/journal", store);
	struct gate_file_query q = {GATE_EVENT_UNLINK, "rm", inside, 0};
	assert_int_equal(gate_image_classify(map, &q).class, GATE_CLASS_STORE);
	q.path = "/home/u/w/build/x";
	assert_int_equal(gate_image_classify(map, &q).wants, GATE_FILE_IGNORED);
	q.path = "/home/u/w/x.key";
	assert_int_equal(gate_image_classify(map, &q).severity, GATE_SEVERITY_WARNING);
	free(map);
	ruleset_free(&rs);
}

/* What the engine says, as match.c puts it together. */
struct verdict {
	bool deny, allow, keep, ask;
	unsigned severity;
};

static int collect(const struct rule *r, void *data)
{
	struct verdict *v = data;
	v->deny |= r->action == GATE_ACTION_DENY;
	v->allow |= r->action == GATE_ACTION_ALLOW;
	v->keep |= r->action == GATE_ACTION_KEEP;
	if (r->action == GATE_ACTION_ASK) {
		v->ask = true;
		v->severity = r->severity > v->severity ? r->severity : v->severity;
	}
	return 0;
}

static enum gate_class engine(const struct ruleset *rs, const struct file_subject *f, unsigned *severity)
{
	struct verdict v = {0};
	ruleset_match_file(rs, f, collect, &v);
	*severity = v.severity;
	return v.deny  ? GATE_CLASS_DENY :
	       v.allow ? GATE_CLASS_PASS :
	       v.keep  ? GATE_CLASS_KEEP :
	       v.ask   ? GATE_CLASS_ASK :
			 GATE_CLASS_NONE;
}

/* A path out of what the rules' own globs are made of. */
static const char *any_path(const struct ruleset *rs, char path[512])
{
	static const char *const plain[] = {"/home/u/w", "/home/u",       "/etc",  "/usr/lib",
					    "/x",        "/home/u/w/a/b", "/srv/x"};
	size_t n = (size_t)snprintf(path, 512, "%s", plain[rand() % 7]);
	for (int parts = 1 + rand() % 3; parts > 0; parts--) {
		const struct rule *r = rs->rules[(size_t)rand() % rs->n];
		size_t globs = 0;
		while (r->paths && r->paths[globs])
			globs++;
		const char *g = globs ? r->paths[(size_t)rand() % globs] : "name";
		n += (size_t)snprintf(path + n, 512 - n, "/%s", *g == '~' ? g + 1 : g);
		if (n > 400)
			break;
	}
	char *to = path;
	for (char *from = path; *from; from++) { /* no wildcards, no empty names */
		char c = *from == '*' || *from == '?' ? (char)('a' + rand() % 3) : *from == '[' ? 'b' : *from;
		if (c != '/' || to == path || to[-1] != '/')
			*to++ = c;
	}
	*to = '\0';
	if (to > path + 1 && to[-1] == '/')
		to[-1] = '\0';
	return path;
}

static void the_engine_agrees(void **state)
{
	enum { PATHS = 40000 };
	static const char *const programs[] = {"rm", "git", "pip3", "python3.11", "cargo", "bash", NULL};
	const char *src = getenv("GATE_SRC");
	char path[512];
	struct ruleset rs = {0};
	struct diag d = {.emit = show};
	size_t size;
	assert_non_null(src);
	snprintf(path, sizeof path, "%s/rules/files.rules", src);
	assert_int_equal(ruleset_load(&rs, path, TRUST_SYSTEM, &d), 0);
	assert_int_equal(ruleset_finish(&rs, &d), 0);
	assert_true(rs.n > 10);
	void *map = build(&rs, &size);
	unsigned of_concern = 0;
	srand(1);
	for (int i = 0; i < PATHS; i++) {
		unsigned flags = (rand() % 2 ? GATE_FILE_CACHE : 0u) | (rand() % 2 ? GATE_FILE_IGNORED : 0u), severity;
		struct gate_file_query q = {GATE_EVENT_UNLINK + (unsigned)rand() % EVENT_FILE_TYPES,
					    programs[rand() % 7], any_path(&rs, path), flags};
		struct file_subject f = {
			.event = q.event, .program = q.program, .path = path, .home = HOME, .flags = flags};
		struct gate_file_class c = gate_image_classify(map, &q);
		f.outside = c.outside;
		enum gate_class expected = engine(&rs, &f, &severity);
		if (c.class != expected || (expected == GATE_CLASS_ASK && c.severity != severity))
			print_error("%s by %s, flags %u\n", path, q.program ? q.program : "-", flags);
		assert_int_equal(c.class, expected);
		if (expected == GATE_CLASS_ASK)
			assert_int_equal(c.severity, severity);
		of_concern += expected != GATE_CLASS_NONE;
		q.least = GATE_CLASS_PASS;
		assert_int_equal(gate_image_classify(map, &q).class,
				 expected < GATE_CLASS_PASS ? GATE_CLASS_NONE : expected);
	}
	assert_true(of_concern > PATHS / 4);
	free(map);
	ruleset_free(&rs);
}

/* Every byte of the file tables that is wrong is found, or harmless. */
static void torn_tables(void **state)
{
	struct ruleset rs = {0};
	size_t size;
	load(&rs, few);
	char *map = build(&rs, &size);
	size_t from = ((struct gate_image_head *)map)->connect.at, accepted = 0;
	struct gate_file_query q = {GATE_EVENT_UNLINK, "tool", "/home/u/w/node_modules/build/x.key", 0};
	for (size_t i = from; i < size; i++) {
		for (int bit = 0; bit < 8; bit += 3) {
			map[i] = (char)(map[i] ^ 1 << bit);
			if (!gate_image_check(map, size)) {
				gate_image_classify(map, &q);
				accepted++;
			}
			map[i] = (char)(map[i] ^ 1 << bit);
		}
	}
	assert_true(accepted && accepted < (size - from) * 3);
	free(map);
	ruleset_free(&rs);
}

static void bad_store(void **state)
{
	static const char *const stores[] = {"/nowhere/store", NULL};
	const struct gate_image_options o = {.workspaces = workspaces, .stores = stores};
	const struct image_files files = {.options = &o, .events = RULE_FILE_EVENTS};
	struct ruleset rs = {0};
	assert_int_equal(image_build(&rs, "/x", 0, &files, NULL, -1), -ENOENT);
}

static void under(void **state)
{
	assert_true(gate_path_is_under("/a/b", "/a"));
	assert_true(gate_path_is_under("/a", "/a"));
	assert_true(gate_path_is_under("/a", "/"));
	assert_true(gate_path_is_under("/", "/"));
	assert_false(gate_path_is_under("/ab", "/a"));
	assert_false(gate_path_is_under("/", "/a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),      cmocka_unit_test(the_engine_agrees),
		cmocka_unit_test(torn_tables), cmocka_unit_test(bad_store),
		cmocka_unit_test(under),
	};
	if (!mkdtemp(store))
		return 1;
	int ret = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(store);
	return ret;
}
