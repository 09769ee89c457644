/* SPDX-License-Identifier: BSD-2-Clause */
/* call_abi.h - rewrites a call of the machine's 32-bit ABI (i386 on x86-64, ARM on AArch64) as the same call of its own
 * ABI, so that everything after knows one set of numbers. */
#ifndef GATESH_SUPERVISE_CALL_ABI_H
#define GATESH_SUPERVISE_CALL_ABI_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/types.h>

/* Rewrite the call in place, if it is a 32-bit one; *narrow says so: what its pointers lead to is laid out for 32 bits.
 * socketcall(2) has its arguments in the memory of `tid`.  Returns 0, -ENOSYS for a call that is not known, or another
 * negative errno if the memory can't be read. */
int call_abi_widen(pid_t tid, struct seccomp_data *d, bool *narrow);

#endif
