/* SPDX-License-Identifier: BSD-2-Clause */
/* store_count.c - a journal of many pieces is counted to the record, and an object that two records name counts once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_records.h"

enum { RECORDS = 7000, NAME = 200, DEPTH = 5 }; /* 7 MB of records, which no piece holds */

static char top[] = "/tmp/gate-unit-count.XXXXXX", work[64], path[DEPTH * (NAME + 1) + 128];
static struct store_entry entry;

static int journal(void)
{
	char name[256];
	snprintf(name, sizeof name, "%s/journal", entry.stores[0]);
	return open(name, O_WRONLY | O_APPEND);
}

static void object(const char *id)
{
	char name[256];
	snprintf(name, sizeof name, "%s/o/%s", entry.stores[0], id);
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0 && write(fd, "content", 7) == 7 && !close(fd));
}

static int set_up(void **state)
{
	cleanup_strbuf struct strbuf why = {0};
	char *p = path + snprintf(path, sizeof path, "%s", work);
	for (int i = 0; i < DEPTH; i++) {
		*p++ = '/';
		memset(p, 'a' + i, NAME);
		p += NAME;
	}
	return store_create(&entry, "aaaa0001", STORE_SESSION, (const char *const[]){work, NULL}, "agent", "true",
			    &why);
}

static int tear_down(void **state)
{
	int err = store_remove(&entry);
	store_entry_clear(&entry);
	return err;
}

static struct store_put_record record(enum store_op op, char *id, int n, char *buf)
{
	snprintf(buf, sizeof path + 16, "%s/%d", path, n);
	return (struct store_put_record){.op = op,
					 .id = id,
					 .time.tv_sec = 1700000000,
					 .pid = 1,
					 .comm = (char *)"rm",
					 .mode = op == STORE_OP_DIRECTORY ? 040755 : 0100644,
					 .size = id ? 7 : 0,
					 .nlink = 1,
					 .dev = 1,
					 .ino = 1,
					 .path = buf};
}

static void test_pieces(void **state)
{
	struct kept_amount kept;
	char buf[sizeof path + 16];
	int fd = journal();
	object("1-1");
	object("1-2");
	for (int i = 0; i < RECORDS; i++) {
		bool first = i == 0 || i == RECORDS - 1;
		struct store_put_record r =
			record(first ? STORE_OP_UNLINKED : STORE_OP_DIRECTORY, first ? (char *)"1-1" : NULL, i, buf);
		assert_false(journal_append(fd, &r));
	}
	assert_int_equal(write(fd, "\n1 D torn", 9), 9);
	struct store_put_record r = record(STORE_OP_UNLINKED, (char *)"1-2", 1, buf);
	assert_false(journal_append(fd, &r));
	assert_false(records_count(&entry, &kept));
	assert_int_equal(kept.things, RECORDS);
	assert_int_equal(kept.files, 2);
	assert_int_equal(kept.bytes, 14);
	close(fd);
}

/* A line that is longer than a piece hides nothing around it, and a store that can't be read is not empty. */
static void test_garbage(void **state)
{
	enum { LONG = 5 << 20 };
	struct kept_amount kept;
	char buf[sizeof path + 16], *line = malloc(LONG);
	int fd = journal();
	struct store_put_record r = record(STORE_OP_DIRECTORY, NULL, 1, buf);
	assert_non_null(line);
	memset(line, 'x', LONG);
	assert_false(journal_append(fd, &r));
	assert_true(write(fd, line, LONG) == LONG && !journal_append(fd, &r));
	free(line);
	assert_false(records_count(&entry, &kept));
	assert_int_equal(kept.things, 2);
	assert_false(chmod(entry.stores[0], 0777));
	assert_true(records_count(&entry, &kept) < 0 && !store_remove_empty(&entry));
	assert_false(chmod(entry.stores[0], 0700));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pieces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_garbage, set_up, tear_down),
	};
	if (!mkdtemp(top))
		return 1;
	snprintf(work, sizeof work, "%s/work", top);
	if (mkdir(work, 0700) || setenv("XDG_STATE_HOME", top, 1))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	char command[96];
	snprintf(command, sizeof command, "rm -rf %s", top);
	return system(command) || failed;
}
