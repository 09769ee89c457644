/* SPDX-License-Identifier: BSD-2-Clause */
/* call_abi.c - 32-bit calls as calls of 64 bits: each by the number that the kernel's own header has for it, with the
 * arguments that its 32-bit form has. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "supervise/call_abi.h"
#include "unit/seam/compat_calls.h"

#if defined __x86_64__
enum { NARROW = (int)AUDIT_ARCH_I386, WIDE = (int)AUDIT_ARCH_X86_64 };
#else
enum { NARROW = (int)AUDIT_ARCH_ARM, WIDE = (int)AUDIT_ARCH_AARCH64 };
#endif

static const struct {
	const char *name;
	long wide;
} calls[] = {
	{"open", SYS_openat},
	{"creat", SYS_openat},
	{"openat", SYS_openat},
	{"openat2", SYS_openat2},
	{"open_by_handle_at", SYS_open_by_handle_at},
	{"unlink", SYS_unlinkat},
	{"rmdir", SYS_unlinkat},
	{"unlinkat", SYS_unlinkat},
	{"rename", SYS_renameat},
	{"renameat", SYS_renameat},
	{"renameat2", SYS_renameat2},
	{"truncate", SYS_truncate},
	{"truncate64", SYS_truncate},
	{"ftruncate", SYS_ftruncate},
	{"ftruncate64", SYS_ftruncate},
	{"fallocate", SYS_fallocate},
	{"execve", SYS_execve},
	{"execveat", SYS_execveat},
	{"connect", SYS_connect},
	{"sendto", SYS_sendto},
	{"sendmsg", SYS_sendmsg},
	{"sendmmsg", SYS_sendmmsg},
	{"kill", SYS_kill},
	{"pidfd_send_signal", SYS_pidfd_send_signal},
};

static void need_numbers(void)
{
	if (compat_number("open") >= 0)
		return;
	print_message("this machine has no header with the numbers of its 32-bit ABI\n");
	skip();
}

/* The call with arguments that only 32 bits of count, as the filter reports it. */
static struct seccomp_data widened(const char *name, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const uint64_t more = UINT64_C(0xdead) << 32;
	struct seccomp_data s = {
		.nr = compat_number(name), .arch = (uint32_t)NARROW, .args = {a | more, b | more, c | more, d | more}};
	bool narrow = false;
	assert_int_equal(call_abi_widen(getpid(), &s, &narrow), 0);
	assert_true(narrow);
	return s;
}

static void every_number_is_known(void **state)
{
	need_numbers();
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		struct seccomp_data s = widened(calls[i].name, 3, 4, 5, 6);
		if (s.nr != calls[i].wide)
			fail_msg("%s became call %d, not %ld", calls[i].name, s.nr, calls[i].wide);
	}
}

static void arguments(const struct seccomp_data s, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	assert_int_equal(s.args[0], a);
	assert_int_equal(s.args[1], b);
	assert_int_equal(s.args[2], c);
	assert_int_equal(s.args[3], d);
}

static void old_calls_get_a_directory(void **state)
{
	const uint64_t here = (uint64_t)(int64_t)AT_FDCWD;
	need_numbers();
	arguments(widened("open", 0x1000, O_WRONLY, 0600, 0), here, 0x1000, O_WRONLY, 0600);
	arguments(widened("creat", 0x1000, 0600, 0, 0), here, 0x1000, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	struct seccomp_data s = widened("unlink", 0x1000, 7, 7, 7);
	assert_true(s.args[0] == here && s.args[1] == 0x1000 && s.args[2] == 0);
	s = widened("rmdir", 0x1000, 7, 7, 7);
	assert_true(s.args[0] == here && s.args[1] == 0x1000 && s.args[2] == AT_REMOVEDIR);
	arguments(widened("rename", 0x1000, 0x2000, 7, 7), here, 0x1000, here, 0x2000);
}

static void descriptors_keep_their_sign(void **state)
{
	const uint64_t here = (uint64_t)(int64_t)AT_FDCWD, stack = 0xfffff000;
	need_numbers();
	arguments(widened("renameat", (uint32_t)AT_FDCWD, 0x1000, (uint32_t)AT_FDCWD, 0x2000), here, 0x1000, here,
		  0x2000);
	assert_int_equal(widened("execve", stack, 0, 0, 0).args[0], stack); /* an address, not a descriptor */
	assert_int_equal(widened("truncate", stack, (uint32_t)-1, 0, 0).args[0], stack);
	assert_int_equal(widened("truncate", stack, (uint32_t)-1, 0, 0).args[1], (uint64_t)-1);
}

/* 64 bits in two registers; ARM puts them into an even one and the next. */
static void long_lengths_are_put_together(void **state)
{
	need_numbers();
#if defined __x86_64__
	struct seccomp_data s = widened("truncate64", 0x1000, 0x11, 0x22, 0x33);
	assert_int_equal(s.args[1], UINT64_C(0x2200000011));
#else
	struct seccomp_data s = widened("truncate64", 0x1000, 0x11, 0x22, 0x33);
	assert_int_equal(s.args[1], UINT64_C(0x3300000022));
#endif
}

static void wide_calls_stay(void **state)
{
	const struct seccomp_data was = {.nr = SYS_unlinkat, .arch = (uint32_t)WIDE, .args = {UINT64_MAX, 1, 2}};
	struct seccomp_data s = was;
	bool narrow = true;
	assert_int_equal(call_abi_widen(getpid(), &s, &narrow), 0);
	assert_false(narrow);
	assert_memory_equal(&s, &was, sizeof s);
	s = (struct seccomp_data){.nr = 999, .arch = (uint32_t)NARROW};
	assert_int_equal(call_abi_widen(getpid(), &s, &narrow), -ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_is_known),
		cmocka_unit_test(old_calls_get_a_directory),
		cmocka_unit_test(descriptors_keep_their_sign),
		cmocka_unit_test(long_lengths_are_put_together),
		cmocka_unit_test(wide_calls_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
