/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks.h - what the hook files share: the HOOK marker, errno, and libc's own functions behind the hooks. */
#ifndef GATE_PRELOAD_BASE_HOOKS_H
#define GATE_PRELOAD_BASE_HOOKS_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

/* A function that replaces libc's function of the same name. */
#define HOOK __attribute__((visibility("default")))

/* A hook under another name.  GCC warns about attributes that differ unless they are copied; clang has no such attribute. */
#if __has_attribute(copy)
#define HOOK_ALIAS(name, other) HOOK __typeof__(name) other __attribute__((alias(#name), copy(name)))
#else
#define HOOK_ALIAS(name, other) HOOK __typeof__(name) other __attribute__((alias(#name)))
#endif

/* __errno_location, bound when the library is loaded.  The lazy resolver would take kilobytes of a vfork child's
 * stack. */
extern int *(*const hook_errno)(void);

/* Convert a system call's result to libc's convention: -1 and errno. */
static inline long hook_return(long result)
{
	if ((unsigned long)result <= -4096ul)
		return result;
	*hook_errno() = (int)-result;
	return -1;
}

/* The libc function behind a hook.  It is looked up at the first call, so async-signal-safe hooks must not use it.  If
 * libc lacks the function, the process ends with a message. */
void *hook_next(const char *name);

/* glibc or musl? */
extern const char *gnu_get_libc_version(void) __attribute__((weak));
static inline bool hook_is_glibc(void)
{
	return gnu_get_libc_version;
}

/* A hook in place of a function that is a cancellation point, before it does anything: a cancelled thread ends here.
 * Only in files with unwind tables (files/Makemodule.am), since the thread's cleanup handlers run while libc unwinds the
 * hook.  Older glibcs have no such function in a program without threads. */
#pragma weak pthread_testcancel
static inline void hook_cancellation_point(void)
{
	if (pthread_testcancel)
		pthread_testcancel();
}

/* Restore both variables in this process's own environ, for libc functions that start programs with it. */
void hook_mend_environ(void);

#endif
