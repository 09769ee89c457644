/* dns_names.h - the names that this process looked up, by address: formats/remembered.h, memory-names.  Any number of
 * threads, no locks: a slot that is being written is passed over. */
#ifndef GATE_PRELOAD_NET_DNS_NAMES_H
#define GATE_PRELOAD_NET_DNS_NAMES_H

#include "formats/address.h"

/* An address's names are all in one set: it has at most DNS_NAMES_WAYS of them. */
enum { DNS_NAMES_SETS = 64, DNS_NAMES_WAYS = 16, DNS_NAMES_WORDS = GATE_HOST_MAX / 8 };

/* All fields are read and written atomically; `turn` is odd while the slot is written. */
struct names_head {
	uint64_t turn, ip[2], hash; /* hash 0: empty */
};

struct dns_names {
	struct names_head head[DNS_NAMES_SETS][DNS_NAMES_WAYS];
	uint32_t next[DNS_NAMES_SETS];
	uint64_t text[DNS_NAMES_SETS][DNS_NAMES_WAYS][DNS_NAMES_WORDS];
};

/* The address was looked up by this (folded) name.  All zero is an empty table. */
void dns_names_add(struct dns_names *t, const unsigned char ip[16], const char *name);

/* What the names of an address hash to, in whatever order; 0 when there are none. */
uint64_t dns_names_hash(const struct dns_names *t, const unsigned char ip[16]);

/* Copy the names of an address; how many. */
unsigned dns_names_find(const struct dns_names *t, const unsigned char ip[16], char out[DNS_NAMES_WAYS][GATE_HOST_MAX]);

#endif
