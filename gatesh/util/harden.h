/* SPDX-License-Identifier: BSD-2-Clause */
/* harden.h - keeps a session's processes away from gatesh: a Landlock domain, and no io_uring. */
#ifndef GATESH_UTIL_HARDEN_H
#define GATESH_UTIL_HARDEN_H

#include <stdbool.h>

/* The mechanisms this kernel offers, each independent of the others. */
struct harden_support {
	int landlock_abi; /* 0: none */
	bool scopes;      /* signals and abstract sockets stay inside (ABI 6, Linux 6.12) */
	bool seccomp;
};

void harden_probe(struct harden_support *s);

/* Confine the calling process and its children before they execute anything.  This sets no_new_privs; enters a Landlock
 * domain scoped for signals and abstract sockets where the kernel has it, which also bars ptrace and the /proc of
 * outside processes.  Mechanisms that the kernel lacks are left out; gatesh doctor reports them.  Async-signal-safe,
 * for the child of a threaded process.  Returns 0 or a negative errno. */
int harden_command(void);

/* Refuse io_uring_setup, because io_uring can unlink and connect past every hook.  The filter of a session that has one
 * (seam/filter.h) does so too.  Likewise. */
int harden_refuse_io_uring(void);

/* Make gatesh itself not dumpable (no ptrace, no core, no /proc/PID/mem) and the reaper of processes that its session
 * leaves behind.  Returns 0 or a negative errno. */
int harden_self(void);

#endif
