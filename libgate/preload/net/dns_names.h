/* dns_names.h - the names that this process looked up, by address: so many, and the oldest of its set goes for a new one.
 * Any number of threads, no locks: a slot that is being written is passed over. */
#ifndef GATE_PRELOAD_NET_DNS_NAMES_H
#define GATE_PRELOAD_NET_DNS_NAMES_H

#include "formats/address.h"

/* An address's names are all in one set: it has at most NAMES_WAYS of them. */
enum { NAMES_SETS = 64, NAMES_WAYS = 16, NAMES_WORDS = GATE_HOST_MAX / 8 };

/* All fields are read and written atomically; `turn` is odd while the slot is written. */
struct names_head {
	uint64_t turn, ip[2], hash; /* hash 0: empty */
};

struct names {
	struct names_head head[NAMES_SETS][NAMES_WAYS];
	uint32_t next[NAMES_SETS];
	uint64_t text[NAMES_SETS][NAMES_WAYS][NAMES_WORDS];
};

/* The address was looked up by this (folded) name.  All zero is an empty table. */
void names_add(struct names *t, const unsigned char ip[16], const char *name);

/* What the names of an address hash to, in whatever order; 0 when there are none. */
uint64_t names_hash(const struct names *t, const unsigned char ip[16]);

/* Copy the names of an address; how many. */
unsigned names_find(const struct names *t, const unsigned char ip[16], char out[NAMES_WAYS][GATE_HOST_MAX]);

#endif
