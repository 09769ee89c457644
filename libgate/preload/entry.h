/* entry.h - between entry.c, which is assembly, and the C that it calls. */
#ifndef GATE_PRELOAD_ENTRY_H
#define GATE_PRELOAD_ENTRY_H

/* What dlopen's mode is masked with: everything, until the constructor finds a session. */
extern int entry_dlopen_mask;

/* libc's dlopen; NULL until it is first called. */
extern void *entry_dlopen_next;

/* Look it up, and return it. */
void *entry_find_dlopen(void);

/* syscall(SYS_execve, ...) and syscall(SYS_execveat, ...), its arguments as they came. */
long entry_exec(long nr, long a, long b, long c, long d, long e);

/* Set errno for a failed system call; returns -1. */
long entry_error(long result);

#endif
