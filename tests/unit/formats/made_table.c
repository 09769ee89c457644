/* SPDX-License-Identifier: BSD-2-Clause */
/* made_table.c - the table of made files, by one process: exact keys, full buckets, a hostile head, hostile slots.
 * made_table_writers.c has several processes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/made_table.h"

enum { PAGE = 4096 };

/* A table between two pages that nobody may touch. */
struct place {
	char *map, *mem;
	size_t size;
	int fd;
	struct made_table t;
};

static struct place place_new(unsigned slots)
{
	struct place p = {.size = made_table_size(slots), .fd = memfd_create("made", MFD_CLOEXEC)};
	size_t whole = (p.size + PAGE - 1) / PAGE * PAGE;
	assert_true(p.fd >= 0);
	assert_int_equal(ftruncate(p.fd, (off_t)whole), 0);
	p.map = mmap(NULL, whole + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(p.map, MAP_FAILED);
	p.mem = mmap(p.map + PAGE, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, p.fd, 0);
	assert_ptr_equal(p.mem, p.map + PAGE);
	made_table_init(p.mem, slots);
	assert_int_equal(made_table_open(&p.t, p.mem, p.size), 0);
	return p;
}

static void place_free(struct place *p)
{
	munmap(p->map, (p->size + PAGE - 1) / PAGE * PAGE + 2 * PAGE);
	close(p->fd);
}

static const struct made_key some = {8, 3, 0x123456789abcdef0, 0x1788111122223333};

static void put_and_forget(void **state)
{
	struct place p = place_new(MADE_SLOTS_MIN);
	assert_false(made_table_has(&p.t, &some));
	made_table_forget(&p.t, &some);
	made_table_put(&p.t, &some);
	assert_true(made_table_has(&p.t, &some));
	made_table_put(&p.t, &some);
	made_table_forget(&p.t, &some);
	assert_false(made_table_has(&p.t, &some));
	made_table_put(&p.t, &some);
	assert_true(made_table_has(&p.t, &some));
	place_free(&p);
}

static void every_bit_counts(void **state)
{
	struct place p = place_new(MADE_SLOTS_MIN);
	made_table_put(&p.t, &some);
	for (unsigned bit = 0; bit < 64; bit++) {
		struct made_key near[] = {some, some, some, some};
		near[0].ino ^= UINT64_C(1) << bit;
		near[1].born_ns ^= UINT64_C(1) << bit;
		near[2].dev_major ^= UINT32_C(1) << bit % 32;
		near[3].dev_minor ^= UINT32_C(1) << bit % 32;
		for (unsigned i = 0; i < 4; i++)
			assert_false(made_table_has(&p.t, &near[i]));
	}
	assert_true(made_table_has(&p.t, &some));
	place_free(&p);
}

static void keys_out_of_range(void **state)
{
	static const struct made_key bad[] = {
		{0, 0, 1, 1}, {1 << 12, 1, 1, 1}, {1, 1 << 20, 1, 1}, {UINT32_MAX, UINT32_MAX, 1, 1}};
	static const struct made_key good[] = {
		{0, 1, 0, 0}, {4095, (1 << 20) - 1, UINT64_MAX, UINT64_MAX}, {1, 0, UINT64_MAX, 0}};
	struct place p = place_new(MADE_SLOTS_MIN);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		made_table_put(&p.t, &bad[i]);
		assert_false(made_table_has(&p.t, &bad[i]));
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_false(made_table_has(&p.t, &good[i]));
		made_table_put(&p.t, &good[i]);
		assert_true(made_table_has(&p.t, &good[i]));
	}
	place_free(&p);
}

static struct made_key numbered(unsigned i)
{
	return (struct made_key){8, 1, 5000 + i, UINT64_C(1700000000000000000) + i};
}

static unsigned remembered(const struct made_table *t, unsigned from, unsigned until)
{
	unsigned n = 0;
	for (unsigned i = from; i < until; i++) {
		struct made_key key = numbered(i);
		n += made_table_has(t, &key);
	}
	return n;
}

static void full_buckets(void **state)
{
	struct place p = place_new(MADE_SLOTS_MIN);
	for (unsigned i = 0; i < 1000; i++) {
		struct made_key key = numbered(i);
		made_table_put(&p.t, &key);
		assert_true(made_table_has(&p.t, &key));
	}
	assert_in_range(remembered(&p.t, 0, 1000), 7, MADE_SLOTS_MIN);
	/* The oldest went first: what is left is among the last few. */
	assert_int_equal(remembered(&p.t, 0, 900), 0);
	for (unsigned i = 0; i < 1000; i++) {
		struct made_key key = numbered(i);
		made_table_forget(&p.t, &key);
	}
	assert_int_equal(remembered(&p.t, 0, 1000), 0);
	place_free(&p);
}

/* An inode that is used again: the dead file's key makes room, and no other does. */
static void born_again(void **state)
{
	struct place p = place_new(MADE_SLOTS_MIN);
	for (unsigned i = 0; i < 4; i++) {
		struct made_key key = numbered(i);
		made_table_put(&p.t, &key);
	}
	struct made_key key = numbered(2), was = key;
	for (unsigned i = 0; i < 100; i++, was = key) {
		key.born_ns++;
		made_table_put(&p.t, &key);
		assert_false(made_table_has(&p.t, &was));
		assert_true(made_table_has(&p.t, &key));
	}
	assert_int_equal(remembered(&p.t, 0, 4), 3);
	place_free(&p);
}

static unsigned permille_of(unsigned n)
{
	struct place p = place_new(MADE_SLOTS);
	for (unsigned i = 0; i < n; i++) {
		struct made_key key = numbered(i);
		made_table_put(&p.t, &key);
	}
	unsigned all = remembered(&p.t, 0, n);
	place_free(&p);
	return (unsigned)((uint64_t)all * 1000 / n);
}

/* The figures of made_table.h. */
static void how_many_files(void **state)
{
	static const struct {
		unsigned files, permille;
	} cases[] = {{2000, 1000}, {100000, 998}, {131072, 994}, {262144, 850}};
	assert_int_equal(made_table_size(MADE_SLOTS), (10 << 20) + PAGE);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned is = permille_of(cases[i].files);
		print_message("of %u files: %u per mille\n", cases[i].files, is);
		assert_true(is >= cases[i].permille);
	}
}

static void memory_is_touched_where_used(void **state)
{
	struct place p = place_new(MADE_SLOTS);
	struct stat st;
	for (unsigned i = 0; i < 2000; i++) {
		struct made_key key = numbered(i);
		assert_false(made_table_has(&p.t, &key));
		made_table_put(&p.t, &key);
		assert_true(made_table_has(&p.t, &key));
	}
	assert_int_equal(fstat(p.fd, &st), 0);
	print_message("2,000 files: %ld KiB\n", (long)st.st_blocks / 2);
	assert_true(st.st_blocks / 2 < 600);
	place_free(&p);
}

static void sizes(void **state)
{
	static const unsigned bad[] = {0,        1,         4, 9, MADE_SLOTS - 1, MADE_SLOTS + 8, MADE_SLOTS_MAX * 2,
				       1u << 31, UINT32_MAX};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(made_table_size(bad[i]), 0);
	assert_int_equal(made_table_size(MADE_SLOTS_MIN), PAGE + 320);
	assert_true(made_table_size(MADE_SLOTS_MAX) > 1u << 29);
}

static void hostile_head(void **state)
{
	struct place p = place_new(128);
	struct made_head *head = (struct made_head *)p.mem, good = *head;
	struct made_table t;
	static const unsigned slots[] = {0, 4, 64, 129, 256, 1u << 31, UINT32_MAX};
	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
		head->slots = slots[i];
		assert_true(made_table_open(&t, p.mem, p.size) < 0);
		head->size = made_table_size(slots[i]);
		assert_true(made_table_open(&t, p.mem, p.size) < 0);
		*head = good;
	}
	head->version++;
	assert_int_equal(made_table_open(&t, p.mem, p.size), -EINVAL);
	*head = good;
	for (size_t i = 0; i < sizeof head->magic; i++) {
		head->magic[i] ^= 1;
		assert_int_equal(made_table_open(&t, p.mem, p.size), -EINVAL);
		*head = good;
	}
	static const size_t short_of[] = {0, 1, sizeof good, PAGE - 1, PAGE};
	for (size_t i = 0; i < sizeof short_of / sizeof *short_of; i++)
		assert_int_equal(made_table_open(&t, p.mem, short_of[i]), -EBADMSG);
	assert_int_equal(made_table_open(&t, p.mem, p.size + 160), -EBADMSG);
	assert_int_equal(made_table_open(&t, p.mem, p.size), 0);
	place_free(&p);
}

/* After the table is open, nothing that the memory says makes a process leave it: the pages around it fault. */
static void hostile_slots(void **state)
{
	struct place p = place_new(128);
	unsigned seed = 1;
	for (unsigned round = 0; round < 200; round++) {
		for (size_t i = 0; i < p.size; i++)
			p.mem[i] = (char)(round % 4 == 3 ? 0xff : rand_r(&seed));
		for (unsigned i = 0; i < 200; i++) {
			struct made_key key = numbered(i);
			assert_false(made_table_has(&p.t, &key));
			made_table_put(&p.t, &key);
			made_table_forget(&p.t, &key);
			assert_false(made_table_has(&p.t, &key));
		}
	}
	place_free(&p);
}

/* A slot takes 4,294,967,294 keys, then none: a tag that came round again could complete another writer's key. */
static void tags_do_not_come_round(void **state)
{
	struct place p = place_new(MADE_SLOTS_MIN);
	uint64_t(*slots)[5] = (uint64_t(*)[5])(p.mem + PAGE);
	for (unsigned i = 0; i < MADE_SLOTS_MIN; i++)
		slots[i][0] = UINT64_C(0xfffffffd) << 32;
	for (unsigned i = 0; i < 100; i++) {
		struct made_key key = numbered(i);
		made_table_put(&p.t, &key);
	}
	assert_int_equal(remembered(&p.t, 0, 8), 8);
	assert_int_equal(remembered(&p.t, 8, 100), 0);
	for (unsigned i = 0; i < 100; i++) {
		struct made_key key = numbered(i);
		made_table_forget(&p.t, &key);
		made_table_put(&p.t, &key);
	}
	assert_int_equal(remembered(&p.t, 0, 100), 0);
	place_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_and_forget),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(keys_out_of_range),
		cmocka_unit_test(full_buckets),
		cmocka_unit_test(born_again),
		cmocka_unit_test(how_many_files),
		cmocka_unit_test(sizes),
		cmocka_unit_test(memory_is_touched_where_used),
		cmocka_unit_test(hostile_head),
		cmocka_unit_test(hostile_slots),
		cmocka_unit_test(tags_do_not_come_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
