/* entry.h - between entry.c, which is assembly, and the C that it calls. */
#ifndef GATE_PRELOAD_EXEC_ENTRY_H
#define GATE_PRELOAD_EXEC_ENTRY_H

/* What dlopen's mode is masked with: everything, until the constructor finds a session. */
extern int entry_dlopen_mask;

/* libc's dlopen; NULL until it is first called. */
extern void *entry_dlopen_next;

/* Look it up, and return it. */
void *entry_find_dlopen(void);

/* The numbers that syscall() looks at: bit N of the table for those that are more than passed on.  Not an enumerator:
 * the assembly has it too. */
#define ENTRY_CALLS 512
extern const unsigned long entry_calls[ENTRY_CALLS / 64];

/* syscall() with one of those, its arguments as they came.  entry_call.c. */
long entry_call(long nr, long a, long b, long c, long d, long e, long f);

/* Set errno for a failed system call; returns -1. */
long entry_error(long result);

#endif
