/* SPDX-License-Identifier: BSD-2-Clause */
/* classic_bpf.c - the instructions of classic BPF that Gate's filters use. */
#include "support/classic_bpf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint32_t load(const struct seccomp_data *d, uint32_t offset)
{
	uint32_t word;
	if (offset % sizeof word || offset > sizeof *d - sizeof word)
		fail_msg("a load at %u", offset);
	memcpy(&word, (const char *)d + offset, sizeof word);
	return word;
}

static bool compare(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ: return a == k;
	case BPF_JGE: return a >= k;
	case BPF_JGT: return a > k;
	case BPF_JSET: return a & k;
	default: fail_msg("a comparison %#x", code);
	}
	return false;
}

/* The cache follows every other instruction that bpf_run() knows (seccomp_is_const_allow() in kernel/seccomp.c). */
static bool is_followed(const struct sock_filter *i)
{
	return i->code != (BPF_LD | BPF_W | BPF_ABS) || i->k == offsetof(struct seccomp_data, nr) ||
	       i->k == offsetof(struct seccomp_data, arch);
}

struct bpf_result bpf_run(const struct sock_filter *code, int n, const struct seccomp_data *d)
{
	struct bpf_result r = {.constant = true};
	uint32_t a = 0;
	for (int at = 0; at < n; at++) {
		const struct sock_filter *i = &code[at];
		r.constant = r.constant && is_followed(i);
		r.action = i->k;
		if (i->code == (BPF_RET | BPF_K))
			return r;
		if (i->code == (BPF_LD | BPF_W | BPF_ABS))
			a = load(d, i->k);
		else if (i->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= i->k;
		else if (BPF_CLASS(i->code) == BPF_JMP && BPF_SRC(i->code) == BPF_K)
			at += compare(i->code, a, i->k) ? i->jt : i->jf;
		else
			fail_msg("instruction %d is %#x", at, i->code);
	}
	fail_msg("the program of %d instructions has no end", n);
	return r;
}
