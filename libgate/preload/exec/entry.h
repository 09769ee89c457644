/* SPDX-License-Identifier: BSD-2-Clause */
/* entry.h - the interface between entry.c, which is assembly, and the C code that it calls. */
#ifndef GATE_PRELOAD_EXEC_ENTRY_H
#define GATE_PRELOAD_EXEC_ENTRY_H

/* The mask for dlopen's mode: every bit, until the constructor finds a session.  Then RTLD_DEEPBIND is masked out,
 * which would let a plugin call past every hook. */
extern int entry_dlopen_mask;

/* libc's dlopen; NULL until the first call. */
extern void *entry_dlopen_next;

/* Look up libc's dlopen and return it. */
void *entry_find_dlopen(void);

/* Bit N is set if syscall() examines system call N; it passes all others on.  Not an enumerator, because the assembly
 * uses it too. */
#define ENTRY_CALLS 512
extern const unsigned long entry_calls[ENTRY_CALLS / 64];

/* Handle one of those system calls, with its arguments as they came.  Defined in entry_call.c. */
long entry_call(long nr, long a, long b, long c, long d, long e, long f);

/* prctl(2) and seccomp(2), by number.  Returns what the kernel does.  Defined in hooks_filter.c. */
long entry_filter_call(long nr, long a, long b, long c, long d, long e);

/* Set errno for a failed system call; returns -1. */
long entry_error(long result);

#endif
