/* SPDX-License-Identifier: BSD-2-Clause */
/* dns_names.c - a lock-free table of looked-up names, with a sequence number in each slot. */
#include "preload/net/dns_names.h"

/* No fences, because a race detector does not follow them.  A reader that acquires any word of a new entry also sees
 * the odd turn before it. */
#define LOAD(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)

/* An address as the two words that a slot holds. */
struct key {
	uint64_t ip[2];
	unsigned set;
};

static struct key dns_names_key_of(const unsigned char ip[16])
{
	struct key k;
	__builtin_memcpy(k.ip, ip, sizeof k.ip);
	k.set = (unsigned)((k.ip[0] ^ k.ip[1] * 0x9e3779b97f4a7c15u) >> 57) % DNS_NAMES_SETS;
	k.set = (k.set ^ (unsigned)((k.ip[0] + k.ip[1]) * 0x9e3779b97f4a7c15u >> 32)) % DNS_NAMES_SETS;
	return k;
}

static uint64_t dns_names_hash_of(const char *name)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3u;
	return h ? h : 1;
}

/* The slot's turn if the slot is whole and holds the address; otherwise an odd number.  After reading the rest, call
 * slot_still(). */
static uint64_t dns_names_turn_of(const struct names_head *s, const struct key *k)
{
	uint64_t turn = slot_turn(&s->lock);
	bool its = LOAD(&s->hash) && LOAD(&s->ip[0]) == k->ip[0] && LOAD(&s->ip[1]) == k->ip[1];
	return its ? turn : 1;
}

uint64_t dns_names_hash(const struct dns_names *t, const unsigned char ip[16])
{
	struct key k = dns_names_key_of(ip);
	uint64_t all = 0;
	if (!LOAD(&t->next[k.set])) /* nothing was ever written there */
		return 0;
	for (unsigned i = 0; i < DNS_NAMES_WAYS; i++) {
		const struct names_head *s = &t->head[k.set][i];
		uint64_t turn = dns_names_turn_of(s, &k), hash = LOAD(&s->hash);
		if (slot_still(&s->lock, turn))
			all += hash;
	}
	return all;
}

unsigned dns_names_find(const struct dns_names *t, const unsigned char ip[16], char out[DNS_NAMES_WAYS][GATE_HOST_MAX])
{
	struct key k = dns_names_key_of(ip);
	unsigned n = 0;
	for (unsigned i = 0; i < DNS_NAMES_WAYS; i++) {
		const struct names_head *s = &t->head[k.set][i];
		uint64_t turn = dns_names_turn_of(s, &k), words[DNS_NAMES_WORDS];
		if (turn & 1)
			continue;
		for (unsigned w = 0; w < DNS_NAMES_WORDS; w++)
			words[w] = LOAD(&t->text[k.set][i][w]);
		if (slot_still(&s->lock, turn))
			__builtin_memcpy(out[n++], words, sizeof words);
	}
	return n;
}

static bool dns_names_has(const struct dns_names *t, const struct key *k, uint64_t hash)
{
	for (unsigned i = 0; i < DNS_NAMES_WAYS; i++) {
		const struct names_head *s = &t->head[k->set][i];
		uint64_t turn = dns_names_turn_of(s, k), found = LOAD(&s->hash);
		if (slot_still(&s->lock, turn) && found == hash)
			return true;
	}
	return false;
}

static void dns_names_write_slot(struct dns_names *t, unsigned set, unsigned way, const struct key *k, uint64_t hash,
				 const char *name)
{
	struct names_head *s = &t->head[set][way];
	uint64_t words[DNS_NAMES_WORDS] = {0};
	size_t n = 0;
	while (name[n] && n < GATE_HOST_MAX - 1)
		n++;
	__builtin_memcpy(words, name, n);
	STORE(&s->ip[0], k->ip[0]);
	STORE(&s->ip[1], k->ip[1]);
	STORE(&s->hash, hash);
	for (unsigned w = 0; w < DNS_NAMES_WORDS; w++)
		STORE(&t->text[set][way][w], words[w]);
	slot_release(&s->lock);
}

void dns_names_add(struct dns_names *t, const unsigned char ip[16], const char *name)
{
	struct key k = dns_names_key_of(ip);
	uint64_t hash = dns_names_hash_of(name);
	if (dns_names_has(t, &k, hash))
		return;
	/* A slot can stay odd forever, if the process forks while another thread writes it. */
	for (unsigned i = 0; i < DNS_NAMES_WAYS; i++) {
		unsigned way = __atomic_fetch_add(&t->next[k.set], 1, __ATOMIC_RELAXED) % DNS_NAMES_WAYS;
		if (slot_take(&t->head[k.set][way].lock)) {
			dns_names_write_slot(t, k.set, way, &k, hash, name);
			return;
		}
	}
}
