/* SPDX-License-Identifier: BSD-2-Clause */
/* store_sum.c - the sum of a store counts only for the state that it is of, and a session's quota is less what others hold
 * before its first act. */
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

#include "store/store_keeper.h"
#include "store/store_sum.h"

enum { HOUR = 3600, LONG_AGO = 1700000000 };

static char top[] = "/tmp/gate-unit-sum.XXXXXX", work[64];

static void put(const char *store, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", store, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && !close(fd));
}

/* The objects of the store last changed then. */
static void changed(const char *store, long seconds)
{
	char path[256];
	const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
	snprintf(path, sizeof path, "%s/o", store);
	assert_false(utimensat(AT_FDCWD, path, times, 0));
}

static void make(struct store_entry *e, const char *name)
{
	cleanup_strbuf struct strbuf why = {0};
	assert_false(store_create(e, name, STORE_UNDO, (const char *const[]){work, NULL}, "agent", "true", &why));
	put(e->stores[0], "o/1-1", "content");
	changed(e->stores[0], LONG_AGO);
}

static void drop(struct store_entry *e)
{
	assert_false(store_remove(e));
	store_entry_clear(e);
}

static void remember(const char *store, uint64_t bytes, int64_t ms)
{
	struct store_sum s;
	assert_true(store_sum_begin(&s, store));
	s.bytes = bytes;
	s.oldest = s.newest = ms;
	s.ended = true;
	store_sum_write(&s, store);
}

static void test_state(void **state)
{
	struct store_entry e;
	struct store_sum s;
	make(&e, "aaaa0001");
	const char *store = e.stores[0];
	assert_false(store_sum_read(&s, store));
	remember(store, 4711, 5);
	assert_true(store_sum_read(&s, store));
	assert_true(s.bytes == 4711 && s.oldest == 5 && s.newest == 5 && s.ended);
	changed(store, LONG_AGO + 1);
	assert_false(store_sum_read(&s, store));
	remember(store, 4711, 5);
	assert_true(store_sum_read(&s, store));
	put(store, "journal", "\n");
	assert_false(store_sum_read(&s, store));
	drop(&e);
}

/* A file that has just changed may change again without a trace. */
static void test_unsettled(void **state)
{
	struct store_entry e;
	struct store_sum s;
	make(&e, "aaaa0001");
	put(e.stores[0], "o/1-2", "new");
	remember(e.stores[0], 1, 5);
	assert_false(store_sum_read(&s, e.stores[0]));
	changed(e.stores[0], LONG_AGO);
	assert_true(store_sum_begin(&s, e.stores[0]));
	changed(e.stores[0], LONG_AGO + 1);
	store_sum_write(&s, e.stores[0]);
	assert_false(store_sum_read(&s, e.stores[0]));
	drop(&e);
}

static void test_torn(void **state)
{
	struct store_entry e;
	struct store_sum s;
	char text[256], path[256];
	make(&e, "aaaa0001");
	remember(e.stores[0], 4711, 5);
	snprintf(path, sizeof path, "%s/sum", e.stores[0]);
	int fd = open(path, O_RDWR);
	ssize_t n = read(fd, text, sizeof text);
	for (ssize_t len = n; len-- > 0;) {
		assert_true(fd >= 0 && n > 0 && !ftruncate(fd, len));
		assert_false(store_sum_read(&s, e.stores[0]));
	}
	close(fd);
	assert_true(!unlink(path) && !symlink("journal", path));
	assert_false(store_sum_read(&s, e.stores[0]));
	drop(&e);
}

static void test_held(void **state)
{
	struct store_entry e, other;
	make(&e, "aaaa0001");
	make(&other, "bbbb0002");
	uint64_t one = store_sum_held("bbbb0002", INT64_MIN);
	assert_true(one > 0);
	assert_true(store_sum_held("", INT64_MIN) == 2 * one && !store_sum_held("", INT64_MAX));
	remember(e.stores[0], 100 << 20, 5000);
	assert_true(store_sum_held("", 5000) == (100 << 20) + one);
	assert_true(store_sum_held("", 5001) == one);
	drop(&e);
	drop(&other);
}

/* No loop runs here: what the first prune counts never arrives. */
static void test_quota(void **state)
{
	struct store_entry e;
	struct allowances a = {0};
	struct keeper k = {.made = true, .quota = 1 << 20, .hold = HOUR};
	make(&e, "aaaa0001");
	make(&k.entry, "bbbb0002");
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	remember(e.stores[0], 700 << 10, now.tv_sec * 1000);
	keeper_share(&k, &a);
	assert_true(allowance_left(&a.quota) == 324 << 10);
	remember(e.stores[0], 2 << 20, now.tv_sec * 1000);
	keeper_share(&k, &a);
	assert_true(!allowance_left(&a.quota));
	remember(e.stores[0], 2 << 20, (now.tv_sec - 2 * HOUR) * 1000);
	keeper_share(&k, &a);
	assert_true(allowance_left(&a.quota) == 1 << 20);
	drop(&e);
	drop(&k.entry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state), cmocka_unit_test(test_unsettled), cmocka_unit_test(test_torn),
		cmocka_unit_test(test_held),  cmocka_unit_test(test_quota),
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
