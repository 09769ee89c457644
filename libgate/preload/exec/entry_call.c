/* SPDX-License-Identifier: BSD-2-Clause */
/* entry_call.c - the system calls that the syscall(2) hook examines instead of passing them on. */
#include <fcntl.h>
#include <sys/syscall.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/exec/entry.h"
#include "preload/exec/exec.h"

#define IN(word, nr) ((nr) / 64 == (word) ? 1ul << (nr) % 64 : 0)
#ifdef SYS_open
#define OLD(word) \
	(IN(word, SYS_open) | IN(word, SYS_creat) | IN(word, SYS_unlink) | IN(word, SYS_rmdir) | IN(word, SYS_rename))
#else
#define OLD(word) 0
#endif
#define WORD(word)                                                                                                  \
	(OLD(word) | IN(word, SYS_execve) | IN(word, SYS_execveat) | IN(word, SYS_openat) | IN(word, SYS_openat2) | \
	 IN(word, SYS_unlinkat) | IN(word, SYS_renameat) | IN(word, SYS_renameat2) | IN(word, SYS_truncate) |       \
	 IN(word, SYS_ftruncate) | IN(word, SYS_connect) | IN(word, SYS_sendto) | IN(word, SYS_sendmsg) |           \
	 IN(word, SYS_sendmmsg) | IN(word, SYS_prctl) | IN(word, SYS_seccomp))

const unsigned long entry_calls[ENTRY_CALLS / 64] = {WORD(0), WORD(1), WORD(2), WORD(3),
						     WORD(4), WORD(5), WORD(6), WORD(7)};

static long entry_call_open_old(long dir, long name, long flags, long mode)
{
	return act_openat((int)dir, (const char *)name, (int)flags, (unsigned)mode);
}

/* The calls from before the *at() family, which newer architectures lack. */
static long entry_call_old_call(long nr, long a, long b, long c)
{
	switch (nr) {
#ifdef SYS_open
	case SYS_open: return entry_call_open_old(AT_FDCWD, a, b, c);
	case SYS_creat: return entry_call_open_old(AT_FDCWD, a, O_CREAT | O_WRONLY | O_TRUNC, b);
	case SYS_unlink: return act_unlink(AT_FDCWD, (const char *)a, 0);
	case SYS_rmdir: return act_unlink(AT_FDCWD, (const char *)a, AT_REMOVEDIR);
	case SYS_rename: return act_rename(AT_FDCWD, (const char *)a, AT_FDCWD, (const char *)b, 0);
#endif
	default: return -ENOSYS;
	}
}

static long entry_call_file_call(long nr, long a, long b, long c, long d, long e)
{
	switch (nr) {
	case SYS_openat: return entry_call_open_old(a, b, c, d);
	case SYS_openat2: return act_openat2((int)a, (const char *)b, (const struct open_how *)c, (unsigned long)d);
	case SYS_unlinkat: return act_unlink((int)a, (const char *)b, (int)c);
	case SYS_renameat: return act_rename((int)a, (const char *)b, (int)c, (const char *)d, 0);
	case SYS_renameat2: return act_rename((int)a, (const char *)b, (int)c, (const char *)d, (unsigned)e);
	case SYS_truncate: return act_truncate((const char *)a, b);
	case SYS_ftruncate: return act_ftruncate((int)a, b);
	default: return entry_call_old_call(nr, a, b, c);
	}
}

long entry_call(long nr, long a, long b, long c, long d, long e, long f)
{
	if (nr == SYS_execve)
		return hook_return(exec_target((const char *)a, (char *const *)b, (char *const *)c));
	if (nr == SYS_execveat)
		return hook_return(exec_at((int)a, (const char *)b, (char *const *)c, (char *const *)d, (int)e));
	if (nr == SYS_connect || nr == SYS_sendto || nr == SYS_sendmsg || nr == SYS_sendmmsg)
		return hook_return(act_network(nr, a, b, c, d, e, f));
	if (nr == SYS_prctl || nr == SYS_seccomp)
		return hook_return(entry_filter_call(nr, a, b, c, d, e));
	if (state.leaves) /* in its own form: hooks_filter.c */
		return hook_return(sys_call(nr, a, b, c, d, e, f));
	return hook_return(entry_call_file_call(nr, a, b, c, d, e));
}
