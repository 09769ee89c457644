/* connect_cache.h - the destinations that this process has dealt with, and how each was decided. Any number of threads, no locks;
 * the oldest of a set goes for a new one, and is then asked or reported once more. */
#ifndef GATE_PRELOAD_NET_CONNECT_CACHE_H
#define GATE_PRELOAD_NET_CONNECT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEEN_SETS = 128, SEEN_WAYS = 4, SEEN_ADDRESS = 112 };

enum seen_verdict { SEEN_NEVER = 0, SEEN_PASSED, SEEN_REFUSED };

struct seen_slot {
	uint64_t key;    /* the destination's hash, its two low bits the verdict; 0: empty */
	uint16_t length; /* of the address; 0: left out, too long */
	uint8_t type, protocol; /* of the socket */
	uint64_t names;  /* names_hash() of the address when it was judged */
	uint64_t address[SEEN_ADDRESS / 8];
};

struct seen {
	uint32_t next[SEEN_SETS];
	uint64_t told[SEEN_SETS];
	struct seen_slot slots[SEEN_SETS][SEEN_WAYS];
};

/* How often since it was last reported, and when that was (seconds; 0: never by this process).  Apart, because a fork has the
 * verdicts but counts for itself. */
struct seen_count {
	uint32_t attempts, reported, reports;
};
struct seen_counts {
	struct seen_count v[SEEN_SETS][SEEN_WAYS];
};

/* The slot of a destination with its verdict, or NULL. */
struct seen_slot *seen_find(struct seen *t, uint64_t hash, enum seen_verdict *verdict);

/* Remember a destination and its verdict.  The slot; NULL when it is known already, or all are being written. */
struct seen_slot *seen_put(struct seen *t, uint64_t hash, enum seen_verdict v, const struct seen_slot *what);

/* Is this the first time that its refusal is told?  Of several threads at once, one gets true. */
bool seen_first_told(struct seen *t, uint64_t hash);

/* Copy a slot; false when it is empty or changes meanwhile. */
bool seen_read(const struct seen_slot *s, struct seen_slot *out);

/* The slot's count. */
struct seen_count *seen_count(const struct seen *t, struct seen_counts *c, const struct seen_slot *s);

#endif
