/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_cache.c - a lock-free hash table of destinations, in sets of four slots. */
#include "preload/net/connect_cache.h"

enum { CONNECT_CACHE_VERDICT = 3, CONNECT_CACHE_BUSY = 3 }; /* BUSY: the slot is being written; it is not a verdict */

#define LOAD(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)

static uint64_t cache_bits(uint64_t hash)
{
	hash &= ~(uint64_t)CONNECT_CACHE_VERDICT;
	return hash ? hash : CONNECT_CACHE_VERDICT + 1;
}

static unsigned cache_set_of(uint64_t hash)
{
	return (unsigned)(hash >> 32) % CONNECT_CACHE_SETS;
}

struct seen_slot *connect_cache_find(struct connect_cache *t, uint64_t hash, enum connect_cache_verdict *verdict)
{
	struct seen_slot *set = t->slots[cache_set_of(hash)];
	for (unsigned i = 0; i < CONNECT_CACHE_WAYS; i++) {
		uint64_t key = LOAD(&set[i].key);
		if ((key & ~(uint64_t)CONNECT_CACHE_VERDICT) != cache_bits(hash))
			continue;
		*verdict = (enum connect_cache_verdict)(key & CONNECT_CACHE_VERDICT);
		return &set[i];
	}
	*verdict = CONNECT_CACHE_NEVER;
	return NULL;
}

/* Take a slot for writing that no other thread writes: the destination's own, an empty one, or the oldest. */
static struct seen_slot *cache_take_slot(struct connect_cache *t, uint64_t hash)
{
	unsigned set = cache_set_of(hash);
	enum connect_cache_verdict v;
	struct seen_slot *own = connect_cache_find(t, hash, &v);
	uint64_t key = own ? LOAD(&own->key) : 0;
	if (own && (key & ~(uint64_t)CONNECT_CACHE_VERDICT) == cache_bits(hash) &&
	    __atomic_compare_exchange_n(&own->key, &key, CONNECT_CACHE_BUSY, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return own;
	for (unsigned i = 0; i < CONNECT_CACHE_WAYS; i++) {
		uint32_t way = __atomic_fetch_add(&t->next[set], 1, __ATOMIC_RELAXED) % CONNECT_CACHE_WAYS;
		struct seen_slot *s = &t->slots[set][way];
		key = LOAD(&s->key);
		if (key != CONNECT_CACHE_BUSY && __atomic_compare_exchange_n(&s->key, &key, CONNECT_CACHE_BUSY, false,
									     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return s;
	}
	return NULL;
}

struct seen_slot *connect_cache_put(struct connect_cache *t, uint64_t hash, enum connect_cache_verdict v,
				    const struct seen_slot *what)
{
	enum connect_cache_verdict known;
	if (connect_cache_find(t, hash, &known) && known == v)
		return NULL;
	struct seen_slot *s = cache_take_slot(t, hash);
	if (!s)
		return NULL;
	STORE(&s->length, what->length);
	STORE(&s->type, what->type);
	STORE(&s->protocol, what->protocol);
	STORE(&s->names, what->names);
	for (unsigned i = 0; i < CONNECT_CACHE_ADDRESS / 8; i++)
		STORE(&s->address[i], what->address[i]);
	STORE(&s->key, cache_bits(hash) | v);
	return s;
}

bool connect_cache_first_told(struct connect_cache *t, uint64_t hash)
{
	return __atomic_exchange_n(&t->told[cache_set_of(hash)], cache_bits(hash), __ATOMIC_RELAXED) !=
	       cache_bits(hash);
}

bool connect_cache_read(const struct seen_slot *s, struct seen_slot *out)
{
	out->key = LOAD(&s->key);
	out->length = LOAD(&s->length);
	out->type = LOAD(&s->type);
	out->protocol = LOAD(&s->protocol);
	out->names = LOAD(&s->names);
	for (unsigned i = 0; i < CONNECT_CACHE_ADDRESS / 8; i++)
		out->address[i] = LOAD(&s->address[i]);
	return out->key && out->key != CONNECT_CACHE_BUSY && LOAD(&s->key) == out->key;
}

struct connect_cache_count *connect_cache_count(const struct connect_cache *t, struct seen_counts *c,
						const struct seen_slot *s)
{
	return &c->v[0][0] + (s - &t->slots[0][0]);
}
