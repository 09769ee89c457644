/* SPDX-License-Identifier: BSD-2-Clause */
/* allowance.h - how many bytes a session may still keep for undo.  All of its processes share the accounts, in the page
 * behind the tables of files (seam.h), so that a process knows without a system call whether a file fits before it says
 * that it keeps it.
 *
 * Processes add to `used` and never look at a file system or a store for it.  gatesh sets `limit`, and sets it anew as
 * files are kept and disks fill up (gatesh/store/store_keeper.c):
 *   quota   the quota of gate_keep(8), less what other sessions hold that no pruning may delete
 *   disk    for each store of the session, in the image's order, the free bytes of its file system: Gate holds back at
 *           most as much as is free, since a removed file that is kept frees nothing
 *
 * A limit is as old as gatesh's last look, up to four seconds.  A process that wants a large part of what is left on a
 * disk looks itself.  Any process of the session can write the page: this protects from accidents, not from attacks.
 * Needs libc headers only.  Lock-free and async-signal-safe. */
#ifndef GATE_FORMATS_ALLOWANCE_H
#define GATE_FORMATS_ALLOWANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/store.h"

enum { ALLOWANCE_SIZE = 4096 /* of the page, bytes */ };

struct allowance {
	uint64_t used, limit; /* bytes since the session's start; a limit may be below what was used before it sank */
};

struct allowances {
	struct allowance quota, disk[STORE_COUNT_MAX];
};

/* The bytes that can still be taken. */
static inline uint64_t allowance_left(const struct allowance *a)
{
	uint64_t used = __atomic_load_n(&a->used, __ATOMIC_RELAXED),
		 limit = __atomic_load_n(&a->limit, __ATOMIC_RELAXED);
	return used < limit ? limit - used : 0;
}

/* Take bytes, all or none.  Of two processes that want the last ones, both may be refused. */
static inline bool allowance_take(struct allowance *a, uint64_t bytes)
{
	uint64_t used = __atomic_add_fetch(&a->used, bytes, __ATOMIC_RELAXED);
	if (used <= __atomic_load_n(&a->limit, __ATOMIC_RELAXED))
		return true;
	__atomic_sub_fetch(&a->used, bytes, __ATOMIC_RELAXED);
	return false;
}

/* Give back what was taken for a file that is not kept after all. */
static inline void allowance_give_back(struct allowance *a, uint64_t bytes)
{
	__atomic_sub_fetch(&a->used, bytes, __ATOMIC_RELAXED);
}

/* gatesh: allow `left` more bytes than were used at a moment, when they were `used`. */
static inline void allowance_set(struct allowance *a, uint64_t used, uint64_t left)
{
	__atomic_store_n(&a->limit, left < UINT64_MAX - used ? used + left : UINT64_MAX, __ATOMIC_RELAXED);
}

#endif
