/* SPDX-License-Identifier: BSD-2-Clause */
/* acts.h - the system calls that remove, replace or empty a file, or connect.  Each one is judged, what would be lost
 * is kept, and the kernel then does it.  Every function returns what the system call would: a value, or a negative
 * errno.  At most 16 KiB of stack; async-signal-safe. */
#ifndef GATE_PRELOAD_BASE_ACTS_H
#define GATE_PRELOAD_BASE_ACTS_H

#include <linux/openat2.h>

/* unlinkat(2); with AT_REMOVEDIR, rmdir(2). */
long act_unlink(int dir, const char *name, int flags);

/* renameat2(2). */
long act_rename(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);

/* truncate(2) and ftruncate(2). */
long act_truncate(const char *name, long length);
long act_ftruncate(int fd, long length);

/* openat(2) and openat2(2).  An old file is kept before it is emptied; with the seam also before its first open in the
 * session that could write it in place. */
long act_openat(int dir, const char *name, int flags, unsigned mode);
long act_openat2(int dir, const char *name, const struct open_how *how, unsigned long size);

/* connect(2), sendto(2), sendmsg(2) and sendmmsg(2), by number.  Defined in hooks_connect.c. */
long act_network(long nr, long a, long b, long c, long d, long e, long f);

/* The same judgement before somebody else makes the call: libc for fopen(3), or a supervised program, whose call the
 * kernel performs with that program's own rights after gatesh has judged it.  The file itself stays as it is: it is
 * kept by a second link in the store, or by a copy.  If the kernel then refuses the call, the record does not count
 * (formats/store.h).  Return 0 to go on, or a negative errno: then the call must not happen.
 *
 * act_before_open() takes the flags of open(2).  If `name` is "", the file is the one that `dir` refers to, which may
 * be O_PATH, as may the descriptor of act_before_truncate().  Otherwise the call goes on unjudged if this process can't
 * open the file for writing.  act_before_unlink() and act_before_rename() are in gatesh alone. */
int act_before_open(int dir, const char *name, int flags);
int act_before_truncate(int fd, long length);

/* The same for a descriptor that the program has open already, so that it may have written to the file: what was kept
 * when it was opened is not kept again.  act_before_ftruncate() also serves fallocate(2), whose `length` is 0 then. */
int act_before_ftruncate(int fd, long length);
int act_before_unlink(int dir, const char *name, int flags);
int act_before_rename(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);

#endif
