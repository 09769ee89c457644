/* SPDX-License-Identifier: BSD-2-Clause */
/* filter.h - the one seccomp filter of a session.  It decides which system calls pass, which are refused, and which
 * arrive at the session's listener (seccomp_unotify(2)).
 *
 *   passes     a call that loses, executes and connects nothing: reading, writing to an open descriptor, O_PATH, a
 *              fallocate(2) that allocates, sendto(2) without an address, and every call not named here
 *   passes     with the session's cookie as its sixth argument: the interposer has judged it
 *   arrives    without the cookie: unlink* rmdir rename* truncate ftruncate creat, open* for writing or with O_TRUNC,
 *              openat2 (its flags are in memory), open_by_handle_at as open, any other fallocate; connect sendmsg
 *              sendmmsg, sendto with an address (it has six arguments and no room for a cookie); execve execveat
 *   arrives    kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo and pidfd_send_signal with HUP, INT, QUIT, ABRT, KILL,
 *              TERM or STOP, since they may be for the agent; with signal 0 all but the two of tgid and tid, since
 *              Landlock's scope would answer EPERM
 *   refused    ENOSYS: io_uring in every ABI, x32, and an ABI the tables don't know
 *   refused    EPERM: ioctl(2) with TIOCSTI or TIOCLINUX, which type into a terminal
 *
 * The 32-bit ABI of the machine (i386; ARM under AArch64) is treated by its own numbers and has no cookie, since a
 * 32-bit program has no register that could hold one.  Of socketcall(2), the four calls that may connect arrive, by the
 * number in its first argument.  A 64-bit program that makes such a call by int $0x80 shows all 64 bits of its
 * registers, to the filter and to the receiver; the call itself uses the lower 32.
 *
 * The kernel ignores an argument that a call doesn't have, and a filter can read it.  The cookie protects from
 * accidents, not from attacks: any process of the session can obtain it.  Every call that arrives may carry another
 * value in that argument, which means something to the receiver alone.
 *
 * Cost: the kernel finds out at installation which calls pass by number alone and never runs the filter for them (Linux
 * 5.11).  Nanoseconds of CPU a call, the least of 25 runs on Linux 6.18, x86-64: without a filter, under a filter that
 * allows everything, under this one.  getpid 66, 75, 74; read 98, 107, 107; stat 270, 281, 280; openat O_RDONLY 262,
 * 279, 301; unlinkat with the cookie 151, 158, 173; ioctl 62, 72, 87. */
#ifndef GATESH_SEAM_FILTER_H
#define GATESH_SEAM_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

/* Instructions.  The largest program has 152 on x86-64; the kernel takes 4096 (BPF_MAXINSNS). */
enum { SEAM_FILTER_MAX = 192 };

struct seam_filter_options {
	/* Random, with bits in its upper half: a small number in a register must not match. */
	uint64_t cookie;
	/* Which calls arrive; the others of these three kinds pass.  Refusals don't depend on it. */
	bool files, connections, execs;
};

/* Build the filter for this machine's ABIs.  Returns the number of instructions, -EINVAL for a cookie without an upper
 * half, or -E2BIG if the program has no room.  Makes no system call and allocates nothing: build before the fork,
 * install in the child.  Thread-safe, async-signal-safe. */
int seam_filter_build(struct sock_filter code[SEAM_FILTER_MAX], const struct seam_filter_options *o);

/* Install the filter in the calling thread, and in whatever it forks and executes, for good.  The thread needs
 * no_new_privs or CAP_SYS_ADMIN.  From here on a call that arrives waits for the receiver, uninterruptibly except by a
 * fatal signal once it was received (WAIT_KILLABLE_RECV; before Linux 5.19 any signal interrupts it).  Returns the
 * listener, close-on-exec and the caller's, or a negative errno: -EBUSY if the thread has a listener already, -EACCES
 * without the right, -EINVAL or -ENOSYS from a kernel without listeners.  Keeps errno.  Async-signal-safe. */
int seam_filter_install(const struct sock_filter *code, int n);

#endif
