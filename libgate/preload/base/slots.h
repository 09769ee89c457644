/* SPDX-License-Identifier: BSD-2-Clause */
/* slots.h - the lock of a slot in a table that threads and signal handlers share and that forks copy.
 *
 * A sequence lock that nobody waits for: the turn is odd while a slot is written.  A writer that finds it odd writes
 * nothing, a reader that finds it odd or changed does without.  A process that forks while another thread writes leaves
 * its child a slot that stays odd, so no table may need all of its slots. */
#ifndef GATE_PRELOAD_BASE_SLOTS_H
#define GATE_PRELOAD_BASE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

struct slot_lock {
	uint64_t turn;
};

/* Begin to write.  Returns false if somebody else writes. */
static inline bool slot_take(struct slot_lock *l)
{
	uint64_t turn = __atomic_load_n(&l->turn, __ATOMIC_RELAXED);
	return !(turn & 1) &&
	       __atomic_compare_exchange_n(&l->turn, &turn, turn + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void slot_release(struct slot_lock *l)
{
	__atomic_fetch_add(&l->turn, 1, __ATOMIC_RELEASE);
}

/* Begin to read: the turn, for slot_still(). */
static inline uint64_t slot_turn(const struct slot_lock *l)
{
	return __atomic_load_n(&l->turn, __ATOMIC_ACQUIRE);
}

/* Is what was read since slot_turn() whole?  A race detector does not follow a fence; tables that it watches load each
 * word with acquire. */
static inline bool slot_still(const struct slot_lock *l, uint64_t turn)
{
#ifndef __SANITIZE_THREAD__
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
	return !(turn & 1) && __atomic_load_n(&l->turn, __ATOMIC_ACQUIRE) == turn;
}

#endif
