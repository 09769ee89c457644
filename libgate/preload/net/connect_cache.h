/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_cache.h - remembers the destinations that this process has connected to, and the verdict on each
 * (formats/remembered.h, connect-verdict).  Any number
 * of threads, no locks.  A new destination replaces the oldest of its set, which is then asked or reported once
 * more. */
#ifndef GATE_PRELOAD_NET_CONNECT_CACHE_H
#define GATE_PRELOAD_NET_CONNECT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONNECT_CACHE_SETS = 128, CONNECT_CACHE_WAYS = 4, CONNECT_CACHE_ADDRESS = 112 };

enum connect_cache_verdict { CONNECT_CACHE_NEVER = 0, CONNECT_CACHE_PASSED, CONNECT_CACHE_REFUSED };

struct seen_slot {
	uint64_t key;           /* the destination's hash, its two low bits the verdict; 0: empty */
	uint16_t length;        /* of the address; 0: too long, so not stored */
	uint8_t type, protocol; /* of the socket */
	uint64_t names;         /* dns_names_hash() of the address when it was judged */
	uint64_t address[CONNECT_CACHE_ADDRESS / 8];
};

struct connect_cache {
	uint32_t next[CONNECT_CACHE_SETS];
	uint64_t told[CONNECT_CACHE_SETS];
	struct seen_slot slots[CONNECT_CACHE_SETS][CONNECT_CACHE_WAYS];
};

/* How often the destination was used since its last report, and when that was (in seconds; 0: never by this process).
 * Separate from the slots, because a fork inherits the verdicts but counts for itself. */
struct connect_cache_count {
	uint32_t attempts, reported, reports;
};
struct seen_counts {
	struct connect_cache_count v[CONNECT_CACHE_SETS][CONNECT_CACHE_WAYS];
};

/* The slot of a destination and its verdict, or NULL. */
struct seen_slot *connect_cache_find(struct connect_cache *t, uint64_t hash, enum connect_cache_verdict *verdict);

/* Remember a destination and its verdict.  Returns the slot, or NULL if the verdict is known already or all slots are
 * being written. */
struct seen_slot *connect_cache_put(struct connect_cache *t, uint64_t hash, enum connect_cache_verdict v,
				    const struct seen_slot *what);

/* Is this the first message about the refusal?  If several threads ask at once, one gets true. */
bool connect_cache_first_told(struct connect_cache *t, uint64_t hash);

/* Copy a slot.  Returns false if it is empty or changes meanwhile. */
bool connect_cache_read(const struct seen_slot *s, struct seen_slot *out);

/* The slot's count. */
struct connect_cache_count *connect_cache_count(const struct connect_cache *t, struct seen_counts *c,
						const struct seen_slot *s);

#endif
