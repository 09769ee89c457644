/* SPDX-License-Identifier: BSD-2-Clause */
/* classic_bpf.h - runs a seccomp filter in the test's own process. */
#ifndef CLASSIC_BPF_H
#define CLASSIC_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

struct bpf_result {
	uint32_t action; /* SECCOMP_RET_*, with its data */
	bool constant;   /* by number and ABI alone, in instructions that the kernel's constant-action cache follows */
};

/* Run `n` instructions over the call `d`.  Fails the test (cmocka) on an instruction that seccomp(2) does not know, or
 * on a way out of the program other than a return. */
struct bpf_result bpf_run(const struct sock_filter *code, int n, const struct seccomp_data *d);

#endif
