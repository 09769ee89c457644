/* SPDX-License-Identifier: BSD-2-Clause */
/* filter_calls.c - the tables of calls.  The 32-bit numbers are written out, since a header of the kernel's defines one
 * ABI's names only: arch/x86/entry/syscalls/syscall_32.tbl, arch/arm/tools/syscall.tbl. */
#include "seam/filter_calls.h"

#include <linux/audit.h>
#include <sys/syscall.h>

#define FILTER_COUNT(table) (sizeof(table) / sizeof *(table))

#if !defined __x86_64__ && !defined __aarch64__
#error "the session's filter knows x86-64 and AArch64"
#endif

static const struct seam_call native[] = {
	{__NR_openat, SEAM_CHECK_OPENAT, SEAM_EVENT_FILE},
	{__NR_ioctl, SEAM_CHECK_IOCTL, SEAM_EVENT_ANY},
	{__NR_sendto, SEAM_CHECK_SENDTO, SEAM_EVENT_CONNECTION},
	{__NR_sendmsg, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{__NR_execve, SEAM_CHECK_COOKIE, SEAM_EVENT_EXEC},
	{__NR_unlinkat, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_renameat, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_renameat2, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_truncate, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_ftruncate, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_fallocate, SEAM_CHECK_FALLOCATE, SEAM_EVENT_FILE},
	{__NR_openat2, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_open_by_handle_at, SEAM_CHECK_OPENAT, SEAM_EVENT_FILE},
	{__NR_connect, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{__NR_sendmmsg, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{__NR_execveat, SEAM_CHECK_COOKIE, SEAM_EVENT_EXEC},
#if defined __x86_64__ /* AArch64 never had these */
	{__NR_open, SEAM_CHECK_OPEN, SEAM_EVENT_FILE},
	{__NR_creat, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_unlink, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_rmdir, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{__NR_rename, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
#endif
	{__NR_kill, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{__NR_tgkill, SEAM_CHECK_TO_THREAD, SEAM_EVENT_ANY},
	{__NR_pidfd_send_signal, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{__NR_tkill, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{__NR_rt_sigqueueinfo, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{__NR_rt_tgsigqueueinfo, SEAM_CHECK_TO_THREAD, SEAM_EVENT_ANY},
};

static const struct seam_call compat[] = {
	/* i386 and ARM agree on the oldest calls and on those since 424. */
	{5 /* open */, SEAM_CHECK_OPEN, SEAM_EVENT_FILE},
	{8 /* creat */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{10 /* unlink */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{11 /* execve */, SEAM_CHECK_COOKIE, SEAM_EVENT_EXEC},
	{37 /* kill */, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{38 /* rename */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{40 /* rmdir */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{54 /* ioctl */, SEAM_CHECK_IOCTL, SEAM_EVENT_ANY},
	{92 /* truncate */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{93 /* ftruncate */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{178 /* rt_sigqueueinfo */, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{193 /* truncate64 */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{194 /* ftruncate64 */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{238 /* tkill */, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{424 /* pidfd_send_signal */, SEAM_CHECK_SIGNAL, SEAM_EVENT_ANY},
	{437 /* openat2 */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
#if defined __x86_64__
	{102 /* socketcall */, SEAM_CHECK_SOCKETCALL, SEAM_EVENT_CONNECTION},
	{270 /* tgkill */, SEAM_CHECK_TO_THREAD, SEAM_EVENT_ANY},
	{295 /* openat */, SEAM_CHECK_OPENAT, SEAM_EVENT_FILE},
	{301 /* unlinkat */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{302 /* renameat */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{324 /* fallocate */, SEAM_CHECK_FALLOCATE, SEAM_EVENT_FILE},
	{335 /* rt_tgsigqueueinfo */, SEAM_CHECK_TO_THREAD, SEAM_EVENT_ANY},
	{342 /* open_by_handle_at */, SEAM_CHECK_OPENAT, SEAM_EVENT_FILE},
	{345 /* sendmmsg */, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{353 /* renameat2 */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{358 /* execveat */, SEAM_CHECK_COOKIE, SEAM_EVENT_EXEC},
	{362 /* connect */, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{369 /* sendto */, SEAM_CHECK_SENDTO, SEAM_EVENT_CONNECTION},
	{370 /* sendmsg */, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
#else
	{268 /* tgkill */, SEAM_CHECK_TO_THREAD, SEAM_EVENT_ANY},
	{283 /* connect */, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{290 /* sendto */, SEAM_CHECK_SENDTO, SEAM_EVENT_CONNECTION},
	{296 /* sendmsg */, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{322 /* openat */, SEAM_CHECK_OPENAT, SEAM_EVENT_FILE},
	{328 /* unlinkat */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{329 /* renameat */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{352 /* fallocate */, SEAM_CHECK_FALLOCATE, SEAM_EVENT_FILE},
	{363 /* rt_tgsigqueueinfo */, SEAM_CHECK_TO_THREAD, SEAM_EVENT_ANY},
	{371 /* open_by_handle_at */, SEAM_CHECK_OPENAT, SEAM_EVENT_FILE},
	{374 /* sendmmsg */, SEAM_CHECK_COOKIE, SEAM_EVENT_CONNECTION},
	{382 /* renameat2 */, SEAM_CHECK_COOKIE, SEAM_EVENT_FILE},
	{387 /* execveat */, SEAM_CHECK_COOKIE, SEAM_EVENT_EXEC},
#endif
};

#if defined __x86_64__
const struct seam_abi seam_native_abi = {AUDIT_ARCH_X86_64, FILTER_COUNT(native), native};
const struct seam_abi seam_compat_abi = {AUDIT_ARCH_I386, FILTER_COUNT(compat), compat};
#else
const struct seam_abi seam_native_abi = {AUDIT_ARCH_AARCH64, FILTER_COUNT(native), native};
const struct seam_abi seam_compat_abi = {AUDIT_ARCH_ARM, FILTER_COUNT(compat), compat};
#endif
