/* SPDX-License-Identifier: BSD-2-Clause */
/* dns_names.h - remembers the names that this process looked up, by address
 * (formats/remembered.h, memory-names).  The table is fixed in size; a new name
 * replaces the oldest of its set.  Any number of threads, no locks: readers skip a slot that is being written. */
#ifndef GATE_PRELOAD_NET_DNS_NAMES_H
#define GATE_PRELOAD_NET_DNS_NAMES_H

#include "formats/address.h"
#include "preload/base/slots.h"

/* An address's names are all in one set: it has at most DNS_NAMES_WAYS of them. */
enum { DNS_NAMES_SETS = 64, DNS_NAMES_WAYS = 16, DNS_NAMES_WORDS = GATE_HOST_MAX / 8 };

/* All fields are read and written atomically; `lock` is slots.h's. */
struct names_head {
	struct slot_lock lock;
	uint64_t ip[2], hash; /* hash 0: empty */
};

struct dns_names {
	struct names_head head[DNS_NAMES_SETS][DNS_NAMES_WAYS];
	uint32_t next[DNS_NAMES_SETS];
	uint64_t text[DNS_NAMES_SETS][DNS_NAMES_WAYS][DNS_NAMES_WORDS];
};

/* Remember that this (folded) name was looked up and gave the address.  An all-zero table is empty. */
void dns_names_add(struct dns_names *t, const unsigned char ip[16], const char *name);

/* A hash of the names of an address, independent of their order; 0 if it has none. */
uint64_t dns_names_hash(const struct dns_names *t, const unsigned char ip[16]);

/* Copy the names of an address.  Returns their number. */
unsigned dns_names_find(const struct dns_names *t, const unsigned char ip[16], char out[DNS_NAMES_WAYS][GATE_HOST_MAX]);

#endif
