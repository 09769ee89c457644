/* SPDX-License-Identifier: BSD-2-Clause */
/* filter.c - the session's filter over a generated table: every call it knows, each value that matters of the argument
 * it looks at, seven kinds of cookie, every ABI, and every choice of options; and every call it doesn't know. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/net.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "seam/filter.h"
#include "support/classic_bpf.h"
#include "unit/seam/compat_calls.h"

#if defined __x86_64__
enum { NATIVE = (int)AUDIT_ARCH_X86_64, COMPAT = (int)AUDIT_ARCH_I386 };
#else
enum { NATIVE = (int)AUDIT_ARCH_AARCH64, COMPAT = (int)AUDIT_ARCH_ARM };
#endif

enum { X32 = 0x40000000, NUMBERS = 1024 };
static const uint64_t COOKIE = 0x9e3779b97f4a7c15;

/* JUDGED passes with the cookie and arrives without; NOTIFIED arrives, cookie or not. */
enum outcome { PASSES, JUDGED, NOTIFIED, IS_ENOSYS, IS_EPERM };

static const struct {
	const char *name;
	uint64_t value;
} cookies[] = {
	{"right", 0x9e3779b97f4a7c15},
	{"wrong", 0x1234567812345678},
	{"0", 0},
	{"lower half", 0x7f4a7c15},
	{"upper half", 0x9e3779b900000000},
	{"halves exchanged", 0x7f4a7c159e3779b9},
	{"right but a bit", 0x9e3779b97f4a7c14},
};

/* The values of an argument: (N, value, outcome) until it returns false. */
typedef bool values(unsigned n, uint64_t *value, enum outcome *expected);

static bool any_value(unsigned n, uint64_t *value, enum outcome *expected)
{
	*value = n ? UINT64_MAX : 0;
	*expected = JUDGED;
	return n < 2;
}

/* Every combination of the flags of open(2), and with bits above an int. */
static bool open_flags(unsigned n, uint64_t *value, enum outcome *expected)
{
	static const int bits[] = {O_TRUNC, O_CREAT, O_PATH, O_EXCL, O_APPEND, O_CLOEXEC, O_TMPFILE, O_NOFOLLOW};
	int flags = n & O_ACCMODE;
	for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
		flags |= n >> (2 + i) & 1 ? bits[i] : 0;
	*value = (unsigned)flags | (n >> 10 & 1 ? (uint64_t)(O_WRONLY | O_PATH) << 32 : 0);
	*expected = JUDGED;
	if (flags & O_PATH || ((flags & O_ACCMODE) == O_RDONLY && !(flags & O_TRUNC)))
		*expected = PASSES;
	return n < 1 << 11;
}

/* 1 is FALLOC_FL_KEEP_SIZE, 64 is FALLOC_FL_UNSHARE_RANGE; 128 is FALLOC_FL_WRITE_ZEROES, newer than most headers. */
static bool fallocate_mode(unsigned n, uint64_t *value, enum outcome *expected)
{
	*value = n < 256 ? n : (uint64_t)2 << 32;
	*expected = n == 0 || n == 1 || n == 64 || n == 65 || n == 256 ? PASSES : JUDGED;
	return n <= 256;
}

static bool send_address(unsigned n, uint64_t *value, enum outcome *expected)
{
	static const uint64_t addresses[] = {0, 1, 0x7ffd00001000, (uint64_t)1 << 32, 0xffffd000};
	*value = n < 5 ? addresses[n] : 0;
	*expected = n ? NOTIFIED : PASSES;
	return n < 5;
}

static bool socket_call(unsigned n, uint64_t *value, enum outcome *expected)
{
	*value = n;
	*expected = n == SYS_CONNECT || n == SYS_SENDTO || n == SYS_SENDMSG || n == SYS_SENDMMSG ? NOTIFIED : PASSES;
	return n <= 24;
}

static bool ioctl_request(unsigned n, uint64_t *value, enum outcome *expected)
{
	static const uint64_t refused[] = {TIOCSTI, TIOCLINUX, (uint64_t)1 << 32 | TIOCSTI,
					   UINT64_MAX << 32 | TIOCLINUX};
	static const uint64_t passing[] = {TCGETS, TIOCGWINSZ, FIONREAD, 0, (uint64_t)TIOCSTI << 32, 0x80005412};
	*value = n < 4 ? refused[n] : n < 10 ? passing[n - 4] : 0;
	*expected = n < 4 ? IS_EPERM : PASSES;
	return n < 10;
}

static bool signal_number(unsigned n, uint64_t *value, enum outcome *expected)
{
	static const uint64_t others[] = {UINT32_MAX, (uint64_t)1 << 32, (uint64_t)9 << 32 | 10, (uint64_t)1 << 32 | 9};
	bool ends = n == 1 || n == 2 || n == 3 || n == 6 || n == 9 || n == 15 || n == 19;
	*value = n <= 64 ? n : n < 69 ? others[n - 65] : 0;
	*expected = !n || ends || n == 66 || n == 68 ? NOTIFIED : PASSES;
	return n < 69;
}

static bool signal_to_thread(unsigned n, uint64_t *value, enum outcome *expected)
{
	bool more = signal_number(n, value, expected);
	if (!(uint32_t)*value)
		*expected = PASSES;
	return more;
}

#if !defined __x86_64__ /* AArch64 never had these */
#define __NR_open (-1)
#define __NR_creat (-1)
#define __NR_unlink (-1)
#define __NR_rmdir (-1)
#define __NR_rename (-1)
#endif

enum event { FILES, CONNECTIONS, EXECS, ALWAYS };

static const struct call {
	const char *name;
	int nr; /* -1: not in the 64-bit ABI */
	enum event event;
	unsigned arg;
	values *values;
} calls[] = {
	{"open", __NR_open, FILES, 1, open_flags},
	{"openat", __NR_openat, FILES, 2, open_flags},
	{"open_by_handle_at", __NR_open_by_handle_at, FILES, 2, open_flags},
	{"openat2", __NR_openat2, FILES, 2, any_value},
	{"creat", __NR_creat, FILES, 1, any_value},
	{"unlink", __NR_unlink, FILES, 1, any_value},
	{"unlinkat", __NR_unlinkat, FILES, 2, any_value},
	{"rmdir", __NR_rmdir, FILES, 1, any_value},
	{"rename", __NR_rename, FILES, 2, any_value},
	{"renameat", __NR_renameat, FILES, 4, any_value},
	{"renameat2", __NR_renameat2, FILES, 4, any_value},
	{"truncate", __NR_truncate, FILES, 1, any_value},
	{"ftruncate", __NR_ftruncate, FILES, 1, any_value},
	{"truncate64", -1, FILES, 1, any_value},
	{"ftruncate64", -1, FILES, 1, any_value},
	{"fallocate", __NR_fallocate, FILES, 1, fallocate_mode},
	{"connect", __NR_connect, CONNECTIONS, 2, any_value},
	{"sendmsg", __NR_sendmsg, CONNECTIONS, 2, any_value},
	{"sendmmsg", __NR_sendmmsg, CONNECTIONS, 3, any_value},
	{"sendto", __NR_sendto, CONNECTIONS, 4, send_address},
	{"socketcall", -1, CONNECTIONS, 0, socket_call},
	{"execve", __NR_execve, EXECS, 2, any_value},
	{"execveat", __NR_execveat, EXECS, 4, any_value},
	{"ioctl", __NR_ioctl, ALWAYS, 1, ioctl_request},
	{"kill", __NR_kill, ALWAYS, 1, signal_number},
	{"tkill", __NR_tkill, ALWAYS, 1, signal_number},
	{"tgkill", __NR_tgkill, ALWAYS, 2, signal_to_thread},
	{"rt_sigqueueinfo", __NR_rt_sigqueueinfo, ALWAYS, 1, signal_number},
	{"rt_tgsigqueueinfo", __NR_rt_tgsigqueueinfo, ALWAYS, 2, signal_to_thread},
	{"pidfd_send_signal", __NR_pidfd_send_signal, ALWAYS, 1, signal_number},
};
enum { CALLS = sizeof calls / sizeof *calls };

struct program {
	struct sock_filter code[SEAM_FILTER_MAX];
	int n;
};

static void build(struct program *p, bool files, bool connections, bool execs)
{
	const struct seam_filter_options o = {COOKIE, files, connections, execs};
	p->n = seam_filter_build(p->code, &o);
	assert_in_range(p->n, 1, SEAM_FILTER_MAX);
}

static uint32_t action_of(enum outcome o, bool cookie)
{
	switch (o) {
	case PASSES: return SECCOMP_RET_ALLOW;
	case JUDGED: return cookie ? SECCOMP_RET_ALLOW : SECCOMP_RET_USER_NOTIF;
	case NOTIFIED: return SECCOMP_RET_USER_NOTIF;
	case IS_ENOSYS: return SECCOMP_RET_ERRNO | ENOSYS;
	case IS_EPERM: return SECCOMP_RET_ERRNO | EPERM;
	}
	return 0;
}

static const char *said(uint32_t action)
{
	static char other[16];
	snprintf(other, sizeof other, "%#x", action);
	return action == SECCOMP_RET_ALLOW            ? "passes" :
	       action == SECCOMP_RET_USER_NOTIF       ? "arrives" :
	       action == (SECCOMP_RET_ERRNO | ENOSYS) ? "ENOSYS" :
	       action == (SECCOMP_RET_ERRNO | EPERM)  ? "EPERM" :
							other;
}

static void expect(const struct program *p, const char *name, const struct seccomp_data *d, unsigned arg,
		   uint32_t action)
{
	struct bpf_result r = bpf_run(p->code, p->n, d);
	if (r.action != action)
		fail_msg("%s (%#x of ABI %#x), argument %u %#llx, argument 5 %#llx: expected that it %s, but it %s",
			 name, (unsigned)d->nr, d->arch, arg, (unsigned long long)d->args[arg],
			 (unsigned long long)d->args[5], said(action), said(r.action));
}

/* One call in one ABI, all its values and all cookies; returns how many rows that was. */
static unsigned each_row(const struct program *p, const struct call *c, int nr, int arch, enum outcome forced,
			 bool has_cookie)
{
	uint64_t value;
	enum outcome expected;
	unsigned rows = 0;
	for (unsigned n = 0; c->values(n, &value, &expected); n++)
		for (size_t k = 0; k < sizeof cookies / sizeof *cookies; k++, rows++) {
			struct seccomp_data d = {.nr = nr, .arch = (uint32_t)arch};
			d.args[5] = cookies[k].value;
			d.args[c->arg] = value;
			expect(p, c->name, &d, c->arg,
			       action_of(forced == JUDGED ? expected : forced, has_cookie && !k));
		}
	return rows;
}

static void native_calls_by_cookie(void **state)
{
	struct program p;
	unsigned rows = 0;
	build(&p, true, true, true);
	for (size_t i = 0; i < CALLS; i++)
		if (calls[i].nr >= 0)
			rows += each_row(&p, &calls[i], calls[i].nr, NATIVE, JUDGED, true);
	print_message("%u rows; %d instructions\n", rows, p.n);
}

/* The same values by 32-bit numbers: nothing passes by its cookie, in registers of 64 bits (int $0x80) neither. */
static void compat_calls_have_no_cookie(void **state)
{
	struct program p;
	unsigned rows = 0;
	build(&p, true, true, true);
	for (size_t i = 0; i < CALLS; i++)
		if (compat_number(calls[i].name) >= 0)
			rows += each_row(&p, &calls[i], compat_number(calls[i].name), COMPAT, JUDGED, false);
	print_message("%u rows\n", rows);
	if (!rows) {
		print_message("this machine has no header with the numbers of its 32-bit ABI\n");
		skip();
	}
}

static void x32_and_unknown_abis_are_refused(void **state)
{
	struct program p;
	build(&p, true, true, true);
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].nr < 0)
			continue;
		each_row(&p, &calls[i], calls[i].nr, (int)AUDIT_ARCH_PPC64LE, IS_ENOSYS, false);
#if defined __x86_64__
		each_row(&p, &calls[i], X32 | calls[i].nr, NATIVE, IS_ENOSYS, false);
#endif
	}
#if defined __x86_64__
	for (int nr = 0; nr < NUMBERS; nr++) {
		struct seccomp_data d = {.nr = X32 | nr, .arch = (uint32_t)NATIVE, .args[5] = COOKIE};
		expect(&p, "an x32 call", &d, 0, SECCOMP_RET_ERRNO | ENOSYS);
	}
#endif
	/* A tracer skips a call by this number. */
	struct seccomp_data skipped = {.nr = -1, .arch = (uint32_t)NATIVE};
	expect(&p, "a skipped call", &skipped, 0, SECCOMP_RET_ALLOW);
}

static void io_uring_is_refused_everywhere(void **state)
{
	static const uint32_t arch[] = {(uint32_t)NATIVE, (uint32_t)COMPAT, AUDIT_ARCH_PPC64LE};
	struct program p;
	build(&p, false, false, false);
	for (int nr = 425; nr <= 427; nr++)
		for (size_t i = 0; i < 3; i++)
			for (int bit = 0; bit < 2; bit++) {
				struct seccomp_data d = {.nr = bit ? X32 | nr : nr, .arch = arch[i], .args[5] = COOKIE};
				expect(&p, "io_uring", &d, 0, SECCOMP_RET_ERRNO | ENOSYS);
			}
}

static const struct call *known(int nr, bool native)
{
	for (size_t i = 0; i < CALLS; i++)
		if (nr == (native ? calls[i].nr : compat_number(calls[i].name)))
			return &calls[i];
	return NULL;
}

static bool is_on(enum event e, unsigned options)
{
	return e == ALWAYS || (options >> e & 1);
}

/* Under each choice of options: a call that it leaves out, or that the filter doesn't know, passes by number alone. */
static void other_calls_cost_nothing(unsigned options, bool native)
{
	struct program p;
	build(&p, options & 1, options & 2, options & 4);
	for (int nr = 0; nr < NUMBERS; nr++) {
		struct seccomp_data d = {
			.nr = nr, .arch = (uint32_t)(native ? NATIVE : COMPAT), .args = {-1, -1, -1, -1, -1, 0}};
		struct bpf_result r = bpf_run(p.code, p.n, &d);
		const struct call *c = known(nr, native);
		if (nr >= 425 && nr <= 427)
			continue;
		if (c && is_on(c->event, options) && r.constant && r.action == SECCOMP_RET_ALLOW)
			fail_msg("%s passes unseen under options %u", c->name, options);
		if ((!c || !is_on(c->event, options)) && !(r.constant && r.action == SECCOMP_RET_ALLOW))
			fail_msg("call %d %s%s under options %u", nr, said(r.action), r.constant ? "" : " and costs",
				 options);
	}
}

static void options_choose_what_arrives(void **state)
{
	for (unsigned options = 0; options < 8; options++) {
		other_calls_cost_nothing(options, true);
		if (compat_number("open") >= 0)
			other_calls_cost_nothing(options, false);
	}
}

static void a_short_cookie_is_refused(void **state)
{
	struct program p;
	struct seam_filter_options o = {.cookie = 0, .files = true};
	assert_int_equal(seam_filter_build(p.code, &o), -EINVAL);
	o.cookie = UINT32_MAX;
	assert_int_equal(seam_filter_build(p.code, &o), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(native_calls_by_cookie),           cmocka_unit_test(compat_calls_have_no_cookie),
		cmocka_unit_test(x32_and_unknown_abis_are_refused), cmocka_unit_test(io_uring_is_refused_everywhere),
		cmocka_unit_test(options_choose_what_arrives),      cmocka_unit_test(a_short_cookie_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
