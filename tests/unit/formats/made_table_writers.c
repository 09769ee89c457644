/* SPDX-License-Identifier: BSD-2-Clause */
/* made_table_writers.c - the table of made files never remembers a file that nobody put, however its writers meet, and
 * wherever they are killed.  All meet in one bucket, most in one slot. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/made_table.h"

enum { PAGE = 4096, SLOTS = 4, WORDS = 5 };

static struct made_table table;
static uint64_t (*slots)[WORDS];

/* A table of one bucket.  The tags of all slots but `usable` are used up: they take no key. */
static void one_bucket(unsigned usable)
{
	size_t size = made_table_size(MADE_SLOTS_MIN);
	static char *mem;
	if (!mem)
		mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(mem, MAP_FAILED);
	memset(mem, 0, size);
	made_table_init(mem, MADE_SLOTS_MIN);
	assert_int_equal(made_table_open(&table, mem, size), 0);
	table.mask = 0;
	slots = (uint64_t(*)[WORDS])(mem + PAGE);
	for (unsigned i = usable; i < SLOTS; i++)
		slots[i][0] = UINT64_MAX << 32;
}

/* The key in the slot at first, and those that three writers put. */
static const struct made_key keys[] = {{8, 1, 0x1111111111111111, 0x1111111111111111},
				       {8, 2, 0x2222222222222222, 0x2222222222222222},
				       {8, 3, 0x3333333333333333, 0x3333333333333333},
				       {8, 4, 0x4444444444444444, 0x4444444444444444}};
enum { KEYS = sizeof keys / sizeof *keys, WRITERS = KEYS - 1 };

static void writer_kill(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* --- writers that are stepped, an instruction at a time ------------------------------------------------------------ */

#if defined __x86_64__ /* elsewhere a stepped exclusive store never succeeds */

/* The key whose five words in a slot are those of five keys. */
static struct made_key mixed(const unsigned of[WORDS])
{
	const uint64_t low = UINT32_MAX, high = ~low;
	return (struct made_key){8, keys[of[0]].dev_minor, (keys[of[1]].ino & low) | (keys[of[2]].ino & high),
				 (keys[of[3]].born_ns & low) | (keys[of[4]].born_ns & high)};
}

/* Is none of the mixed keys in the table?  Returns the number of whole ones. */
static unsigned no_mixed_key(void)
{
	unsigned whole = 0;
	for (unsigned i = 0; i < 1024; i++) {
		const unsigned of[WORDS] = {i & 3, i >> 2 & 3, i >> 4 & 3, i >> 6 & 3, i >> 8};
		struct made_key key = mixed(of);
		bool is_one = i == of[0] * 0x155, has = made_table_has(&table, &key);
		assert_true(is_one || !has);
		whole += has;
	}
	assert_in_range(whole, 0, 1);
	return whole;
}

static pid_t writer_start(unsigned key)
{
	int status;
	pid_t pid = fork();
	if (!pid) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) || ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(2);
		__asm__ volatile("int3");
		made_table_put(&table, &keys[key]);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSTOPPED(status))
		skip(); /* ptrace is refused here */
	return pid;
}

/* Let it execute one instruction.  Returns false if that was its last. */
static bool writer_step(pid_t pid)
{
	int status;
	assert_int_equal(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSTOPPED(status);
}

/* The same for some instructions, and look after each that changes the slot. */
static bool writer_steps(pid_t pid, unsigned n)
{
	uint64_t before[WORDS];
	while (n--) {
		memcpy(before, slots[0], sizeof before);
		if (!writer_step(pid))
			return false;
		if (memcmp(before, slots[0], sizeof before))
			no_mixed_key();
	}
	return true;
}

/* Make a table with one slot, with the first key in it. */
static void one_slot(void)
{
	one_bucket(1);
	made_table_put(&table, &keys[0]);
	assert_int_equal(no_mixed_key(), 1);
}

/* The slot holds no third key, and is not lost: the next writer's key is there. */
static void slot_is_usable(void)
{
	no_mixed_key();
	made_table_put(&table, &keys[3]);
	assert_true(made_table_has(&table, &keys[3]));
	assert_int_equal(no_mixed_key(), 1);
}

/* The instructions that a writer executes until the table first changes, and until its key is there. */
static unsigned first_store, last_store;

static void count_instructions(void)
{
	one_slot();
	pid_t pid = writer_start(1);
	first_store = 0;
	for (last_store = 0; !made_table_has(&table, &keys[1]); last_store++) {
		if (!first_store && !made_table_has(&table, &keys[0]))
			first_store = last_store;
		assert_true(writer_step(pid));
	}
	writer_kill(pid);
	assert_true(first_store > 0 && last_store - first_store >= WORDS - 1);
}

/* The next place to stop at: each instruction once it stores, some of those that it begins with. */
static unsigned next_place(unsigned at)
{
	return at + 1 >= first_store ? at + 1 : at + 60 > first_store ? at + 4 : at + 40;
}

static pid_t writer_stopped_at(unsigned at)
{
	one_slot();
	pid_t pid = writer_start(1);
	for (unsigned i = 0; i < at; i++)
		assert_true(writer_step(pid));
	return pid;
}

static void killed_at_any_instruction(void **state)
{
	unsigned old = 0, torn = 0, new = 0;
	count_instructions();
	for (unsigned at = 0; at <= last_store; at = next_place(at)) {
		writer_kill(writer_stopped_at(at));
		old += made_table_has(&table, &keys[0]);
		new += made_table_has(&table, &keys[1]);
		torn += !no_mixed_key();
		slot_is_usable();
	}
	print_message("stores %u to %u; old key %u, none %u, new key %u\n", first_store, last_store, old, torn, new);
	assert_true(old > 0 && torn >= WORDS - 1 && new == 1);
}

/* A writer stops anywhere, another one puts its key, and the first goes on. */
static void overtaken_at_any_instruction(void **state)
{
	count_instructions();
	for (unsigned at = 0; at <= last_store; at = next_place(at)) {
		pid_t pid = writer_stopped_at(at);
		made_table_put(&table, &keys[2]);
		assert_true(made_table_has(&table, &keys[2]));
		no_mixed_key();
		while (writer_steps(pid, 1))
			;
		slot_is_usable();
	}
}

/* Three writers take turns of random length, and some are killed. */
static void three_writers(unsigned *seed)
{
	pid_t pid[WRITERS];
	one_slot();
	for (unsigned i = 0; i < WRITERS; i++)
		pid[i] = writer_start(i + 1);
	for (unsigned left = WRITERS; left;) {
		pid_t *w = &pid[(unsigned)rand_r(seed) % WRITERS];
		if (!*w)
			continue;
		if (!(rand_r(seed) % 40))
			writer_kill(*w);
		else if (writer_steps(*w, (unsigned)rand_r(seed) % 40))
			continue;
		*w = 0;
		left--;
	}
	slot_is_usable();
}

static void three_writers_in_one_slot(void **state)
{
	unsigned seed = 1;
	for (unsigned i = 0; i < 20; i++)
		three_writers(&seed);
}

#endif

/* --- the hammer ----------------------------------------------------------------------------------------------------- */

enum { PROCESSES = 4, THREADS = 2, KILLS = 300, REPORT = 8000 };

static struct counts {
	uint64_t hits, false_memories, not_forgotten;
} * counts; /* shared by all */

static int report[2]; /* takes the pid of each thread's process after its first REPORT rounds */

/* One of 4^5 keys, in which each word of a slot varies by itself.  A quarter of them is put, so that three of four keys
 * that are mixed of those never were. */
static struct made_key any_key(unsigned r, bool *is_put)
{
	const unsigned d[] = {r & 3, r >> 2 & 3, r >> 4 & 3, r >> 6 & 3, r >> 8 & 3};
	*is_put = (d[0] + d[1] + d[2] + d[3] + d[4]) % 4 == 0;
	return (struct made_key){8, 1 + d[0], d[1] | (uint64_t)d[2] << 32, d[3] | (uint64_t)d[4] << 32};
}

static void hammer_round(unsigned *seed, const struct made_key *own)
{
	bool is_put;
	unsigned r = (unsigned)rand_r(seed);
	struct made_key key = any_key(r, &is_put);
	if (made_table_has(&table, &key))
		__atomic_fetch_add(is_put ? &counts->hits : &counts->false_memories, 1, __ATOMIC_RELAXED);
	if (is_put && r >> 10 & 3)
		made_table_put(&table, &key);
	else if (is_put)
		made_table_forget(&table, &key);
	if (r >> 12 & 7)
		return;
	/* No other thread puts this one. */
	made_table_put(&table, own);
	made_table_forget(&table, own);
	if (made_table_has(&table, own))
		__atomic_fetch_add(&counts->not_forgotten, 1, __ATOMIC_RELAXED);
}

static void *hammer_thread(void *number)
{
	unsigned seed = (unsigned)(uintptr_t)number;
	const struct made_key own = {9, 1 + seed, seed, seed};
	const pid_t pid = getpid();
	for (unsigned i = 1;; i++) {
		hammer_round(&seed, &own);
		if (i == REPORT && write(report[1], &pid, sizeof pid) != sizeof pid)
			_exit(1);
	}
}

static pid_t hammer_start(unsigned number)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, hammer_thread, (void *)(uintptr_t)(number * THREADS + i)))
			_exit(1);
	}
	for (;;)
		pause();
}

/* Kill the process that has reported, while it works on, and start another in its place. */
static void hammer_kill(pid_t processes[PROCESSES], unsigned number)
{
	pid_t pid;
	for (;;) {
		assert_int_equal(read(report[0], &pid, sizeof pid), sizeof pid);
		for (unsigned i = 0; i < PROCESSES; i++) {
			if (processes[i] != pid)
				continue;
			writer_kill(pid);
			processes[i] = hammer_start(number);
			assert_true(processes[i] > 0);
			return;
		}
	}
}

static void hammer(void **state)
{
	pid_t processes[PROCESSES];
	counts = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(counts, MAP_FAILED);
	assert_int_equal(pipe(report), 0);
	one_bucket(SLOTS);
	for (unsigned i = 0; i < PROCESSES; i++)
		processes[i] = hammer_start(i);
	for (unsigned i = 0; i < KILLS; i++)
		hammer_kill(processes, PROCESSES + i);
	for (unsigned i = 0; i < PROCESSES; i++)
		writer_kill(processes[i]);
	print_message("%lu hits, %lu false memories, %lu not forgotten\n", (unsigned long)counts->hits,
		      (unsigned long)counts->false_memories, (unsigned long)counts->not_forgotten);
	assert_true(counts->hits > KILLS);
	assert_int_equal(counts->false_memories, 0);
	assert_int_equal(counts->not_forgotten, 0);
	/* No slot is lost. */
	for (unsigned i = 0; i < KEYS; i++)
		made_table_put(&table, &keys[i]);
	for (unsigned i = 0; i < KEYS; i++)
		assert_true(made_table_has(&table, &keys[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#if defined __x86_64__
		cmocka_unit_test(killed_at_any_instruction),
		cmocka_unit_test(overtaken_at_any_instruction),
		cmocka_unit_test(three_writers_in_one_slot),
#endif
		cmocka_unit_test(hammer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
