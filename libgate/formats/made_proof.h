/* SPDX-License-Identifier: BSD-2-Clause */
/* made_proof.h - is a creating call proof that the session made the file?  Pure functions from facts to a decision, for
 * the acts, which make the calls and put the keys into the table (made_table.h, "The creating side").
 * formats/made_proof.c. */
#ifndef GATE_FORMATS_MADE_PROOF_H
#define GATE_FORMATS_MADE_PROOF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "formats/made_table.h"

#pragma GCC visibility push(default)

/* The caller's own look at the name before the call. */
enum made_before {
	MADE_NOT_LOOKED,
	MADE_ABSENT, /* ENOENT */
	MADE_PRESENT,
};

/* What to ask statx(2) for, so that made_key_of() can read it. */
#define MADE_STATX (STATX_TYPE | STATX_INO | STATX_BTIME)

/* The key of the file that statx(2) described.  Returns false if the file system keeps no birth time, or one before
 * 1970 or after 2554. */
bool made_key_of(const struct statx *st, struct made_key *key);

/* The flags of open(2) to try first.  If they differ from `flags`, it is by O_EXCL, and on EEXIST the caller makes the
 * call again with `flags`.  Every other result is final: the call with `flags` would have given the same. */
int made_open_first(int flags, enum made_before before);

/* Did an open(2) that succeeded with these flags, the ones given to the kernel, make the file? */
bool made_open_proves(int flags);

/* Did a mkdir, symlink or mknod that succeeded make what has the name now?  `type` is the S_IFMT type that the call
 * makes; the times are CLOCK_REALTIME_COARSE before the call and CLOCK_REALTIME after it, in nanoseconds. */
bool made_name_proves(unsigned type, const struct statx *after, uint64_t from_ns, uint64_t until_ns);

#pragma GCC visibility pop

#endif
