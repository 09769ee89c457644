/* SPDX-License-Identifier: BSD-2-Clause */
/* journal.c - the records of a store: what is one, what is none, and that what is written is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "store/store_journal.h"

#define GOOD "1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1699999999.123456789 1 2049 131 /w/a%20b -"

static void parse(struct journal *j, const char *text, size_t len)
{
	char *copy = malloc(len + 1);
	assert_non_null(copy);
	memcpy(copy, text, len);
	assert_int_equal(journal_parse(j, copy, len), 0);
}

static void test_record(void **state)
{
	struct journal j;
	parse(&j, "\n" GOOD "\n", sizeof GOOD + 1);
	assert_int_equal(j.n, 1);
	const struct store_put_record *r = &j.v[0];
	assert_int_equal(r->op, STORE_OP_UNLINKED);
	assert_string_equal(r->id, "1a-2");
	assert_true(r->time.tv_sec == 1700000000 && r->time.tv_nsec == 1 && r->mtime.tv_nsec == 123456789);
	assert_true(r->pid == 47 && r->pgid == 46 && r->uid == 1 && r->gid == 2 && r->mode == 0100644);
	assert_true(r->size == 12 && r->nlink == 1 && r->dev == 2049 && r->ino == 131);
	assert_string_equal(r->comm, "rm");
	assert_string_equal(r->path, "/w/a b");
	assert_null(r->other);
	journal_free(&j);
}

/* Every beginning of two records: the first counts from its end on, the second never before its own. */
static void test_torn(void **state)
{
	static const char text[] = "\n" GOOD "\n\n" GOOD "\n";
	const size_t one = sizeof GOOD + 1;
	for (size_t len = 0; len < sizeof text; len++) {
		struct journal j;
		parse(&j, text, len);
		assert_int_equal(j.n, len / one);
		assert_int_equal(j.bad, len % one > 1);
		journal_free(&j);
	}
}

/* A torn record spoils no other. */
static void test_torn_between(void **state)
{
	static const char text[] =
		"\n1 D 1a-2 17000000\n" GOOD "\n\n1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1\n" GOOD "\n";
	struct journal j;
	parse(&j, text, sizeof text - 1);
	assert_int_equal(j.n, 2);
	assert_int_equal(j.bad, 2);
	journal_free(&j);
}

static void test_no_record(void **state)
{
	static const char *const bad[] = {
		"garbage",
		"1",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a", /* a field too few */
		GOOD " -",
		"1 D 1a-2 1700000000.00000000 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a -",
		"1 D 1a-2 1700000000.000000001 x 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a -",
		"1 D 1a-2 1700000000.000000001 -47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100648 12 1.000000000 1 2049 131 /w/a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 99999999999999999999 1.000000000 1 2049 131 /w/a -",
		"1 D ../x 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a -",
		"1 D - 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a -", /* no object */
		"1 X 1a 1700000000.000000001 47 46 rm 1 2 40755 12 1.000000000 1 2049 131 /w/a -", /* with one */
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 w/a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/../a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w//a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a/ -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/%2E%2E/a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/%0G -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/%00 -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/%0a -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a% -",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a b",
		"1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 % -",
		"0 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 /w/a -",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char line[512];
		struct journal j;
		int n = snprintf(line, sizeof line, "\n%s\n\n%s\n", bad[i], GOOD);
		parse(&j, line, (size_t)n);
		if (j.n != 1 || j.bad != 1)
			fail_msg("taken for a record: %s", bad[i]);
		journal_free(&j);
	}
}

static void test_later(void **state)
{
	static const char text[] =
		"\n2 D what ever comes\n\n1 Z - 1\n\n1 Z 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 9 1 /w/a -\n";
	struct journal j;
	parse(&j, text, sizeof text - 1);
	assert_int_equal(j.n, 0);
	assert_int_equal(j.later, 2);
	assert_int_equal(j.bad, 1);
	journal_free(&j);
}

static void test_nul_and_oversize(void **state)
{
	static const char nul[] = "\n" GOOD "\0\n\n" GOOD "\n";
	struct journal j;
	parse(&j, nul, sizeof nul - 1);
	assert_int_equal(j.n, 1);
	assert_int_equal(j.bad, 1);
	journal_free(&j);
	char *big = malloc(STORE_RECORD_MAX * 2);
	assert_non_null(big);
	int n = snprintf(big, STORE_RECORD_MAX,
			 "\n1 D 1a-2 1700000000.000000001 47 46 rm 1 2 100644 12 1.000000000 1 2049 131 ");
	for (size_t i = (size_t)n; i < STORE_RECORD_MAX * 2 - 3; i++)
		big[i] = i % 100 ? 'a' : '/';
	memcpy(big + STORE_RECORD_MAX * 2 - 3, " -\n", 3);
	parse(&j, big, STORE_RECORD_MAX * 2);
	assert_true(j.n == 0 && j.bad == 1);
	journal_free(&j);
	free(big);
}

/* What journal_append() writes is what is read, for every byte a name can have. */
static void test_written_is_read(void **state)
{
	char path[512] = "/", template[] = "/tmp/gate-journal.XXXXXX";
	struct journal j;
	for (int c = 1; c < 256; c++)
		path[c] = (char)(c == '/' ? 'x' : c);
	struct store_put_record r = {.op = STORE_OP_REPLACED,
				     .id = (char *)"ab-1",
				     .time = {5, 7},
				     .mtime = {-3, 999999999},
				     .pid = 1,
				     .pgid = 2,
				     .comm = (char *)"",
				     .mode = 0104755,
				     .size = 1LL << 40,
				     .nlink = 3,
				     .dev = 2049,
				     .ino = 1UL << 60,
				     .path = path,
				     .other = (char *)"/w/ %"};
	int dir = mkdtemp(template) ? open(template, O_RDONLY | O_DIRECTORY) : -1;
	int fd = openat(dir, STORE_JOURNAL_NAME, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(fd >= 0);
	assert_int_equal(journal_append(fd, &r), 0);
	assert_int_equal(journal_append(fd, &r), 0);
	assert_int_equal(journal_read(&j, dir), 0);
	assert_int_equal(j.n, 2);
	assert_string_equal(j.v[1].path, path);
	assert_string_equal(j.v[1].other, "/w/ %");
	assert_string_equal(j.v[1].comm, "");
	assert_true(j.v[1].mtime.tv_sec == -3 && j.v[1].ino == 1UL << 60 && j.v[1].size == 1LL << 40 &&
		    j.v[1].mode == 0104755);
	journal_free(&j);
	close(fd);
	unlinkat(dir, STORE_JOURNAL_NAME, 0);
	close(dir);
	rmdir(template);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record),          cmocka_unit_test(test_torn),
		cmocka_unit_test(test_torn_between),    cmocka_unit_test(test_no_record),
		cmocka_unit_test(test_later),           cmocka_unit_test(test_nul_and_oversize),
		cmocka_unit_test(test_written_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
