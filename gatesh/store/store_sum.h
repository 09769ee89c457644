/* SPDX-License-Identifier: BSD-2-Clause */
/* store_sum.h - how much a store holds, and from when, so that a session need not read the journals and the objects of all
 * others to learn that nothing of them has to go.
 *
 *     STORE/sum    "gate-sum 1 JOURNAL CHANGED ENDED BYTES OLDEST NEWEST\n"
 *
 * JOURNAL is the length of the journal, and CHANGED the time when the directory of the objects last changed (ns): the sum
 * is of a store where both are so.  ENDED is 1 if the session had ended and something could be undone.  BYTES is what
 * the objects take on the disk; OLDEST and NEWEST are the times of the first and the last of them (ms since 1970).  The
 * file is written anew and renamed; without one, or with one that is torn or of an earlier state, the store is read. */
#ifndef GATESH_STORE_STORE_SUM_H
#define GATESH_STORE_STORE_SUM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct store_sum {
	long long journal;
	int64_t changed;
	bool settled; /* the last change was so long ago that a further one shows */
	dev_t dev;
	bool ended;
	uint64_t bytes;
	int64_t oldest, newest; /* INT64_MAX, INT64_MIN: nothing */
};

/* Note the state of the store now, with a sum of nothing.  Returns false if it can't be found out. */
bool store_sum_begin(struct store_sum *s, const char *store);

/* Read the sum of the store as it is now.  Returns false if there is none. */
bool store_sum_read(struct store_sum *s, const char *store);

/* Leave the sum behind, if the store is still in the state that store_sum_begin() saw.  Best effort. */
void store_sum_write(const struct store_sum *s, const char *store);

/* The bytes that sessions but the one called `but` hold and no pruning may take: living ones, and those that kept something
 * at `held_ms` (ms since 1970) or later.  A store without a sum is counted by its objects. */
uint64_t store_sum_held(const char *but, int64_t held_ms);

#endif
