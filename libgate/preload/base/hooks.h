/* hooks.h - what the files of hooks share. */
#ifndef GATE_PRELOAD_BASE_HOOKS_H
#define GATE_PRELOAD_BASE_HOOKS_H

#include <errno.h>

/* A function that stands before libc's of the same name. */
#define HOOK __attribute__((visibility("default")))

/* A hook under a further name.  GCC warns of attributes that differ unless they are copied; clang has no such attribute. */
#if __has_attribute(copy)
#define HOOK_ALIAS(name, other) HOOK __typeof__(name) other __attribute__((alias(#name), copy(name)))
#else
#define HOOK_ALIAS(name, other) HOOK __typeof__(name) other __attribute__((alias(#name)))
#endif

/* __errno_location, bound when the library is loaded and not by the lazy resolver, which takes kilobytes of a vfork
 * child's stack. */
extern int *(*const hook_errno)(void);

/* A system call's result as libc gives it. */
static inline long hook_return(long result)
{
	if ((unsigned long)result <= -4096ul)
		return result;
	*hook_errno() = (int)-result;
	return -1;
}

/* The next definition of a libc function after ours.  Looked up at the first call (not for async-signal-safe hooks); a
 * libc that has none is not called, so the process ends with a message. */
void *hook_next(const char *name);

/* Put both variables back into this process's own environ, for the functions that start programs with it. */
void hook_mend_environ(void);

#endif
