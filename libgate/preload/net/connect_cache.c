/* connect_cache.c - see connect_cache.h. */
#include "preload/net/connect_cache.h"

enum { VERDICT = 3, BUSY = 3 }; /* BUSY: a slot that is being written; its verdict is none */

#define LOAD(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)

static uint64_t bits(uint64_t hash)
{
	hash &= ~(uint64_t)VERDICT;
	return hash ? hash : VERDICT + 1;
}

static unsigned set_of(uint64_t hash)
{
	return (unsigned)(hash >> 32) % SEEN_SETS;
}

struct seen_slot *seen_find(struct seen *t, uint64_t hash, enum seen_verdict *verdict)
{
	struct seen_slot *set = t->slots[set_of(hash)];
	for (unsigned i = 0; i < SEEN_WAYS; i++) {
		uint64_t key = LOAD(&set[i].key);
		if ((key & ~(uint64_t)VERDICT) != bits(hash))
			continue;
		*verdict = (enum seen_verdict)(key & VERDICT);
		return &set[i];
	}
	*verdict = SEEN_NEVER;
	return NULL;
}

/* A slot that nobody else writes: its own, an empty one, or the oldest. */
static struct seen_slot *take_slot(struct seen *t, uint64_t hash)
{
	unsigned set = set_of(hash);
	enum seen_verdict v;
	struct seen_slot *own = seen_find(t, hash, &v);
	uint64_t key = own ? LOAD(&own->key) : 0;
	if (own && (key & ~(uint64_t)VERDICT) == bits(hash) &&
	    __atomic_compare_exchange_n(&own->key, &key, BUSY, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return own;
	for (unsigned i = 0; i < SEEN_WAYS; i++) {
		uint32_t way = __atomic_fetch_add(&t->next[set], 1, __ATOMIC_RELAXED) % SEEN_WAYS;
		struct seen_slot *s = &t->slots[set][way];
		key = LOAD(&s->key);
		if (key != BUSY &&
		    __atomic_compare_exchange_n(&s->key, &key, BUSY, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return s;
	}
	return NULL;
}

struct seen_slot *seen_put(struct seen *t, uint64_t hash, enum seen_verdict v, const struct seen_slot *what)
{
	enum seen_verdict known;
	if (seen_find(t, hash, &known) && known == v)
		return NULL;
	struct seen_slot *s = take_slot(t, hash);
	if (!s)
		return NULL;
	STORE(&s->length, what->length);
	STORE(&s->type, what->type);
	STORE(&s->protocol, what->protocol);
	STORE(&s->names, what->names);
	for (unsigned i = 0; i < SEEN_ADDRESS / 8; i++)
		STORE(&s->address[i], what->address[i]);
	STORE(&s->key, bits(hash) | v);
	return s;
}

bool seen_first_told(struct seen *t, uint64_t hash)
{
	return __atomic_exchange_n(&t->told[set_of(hash)], bits(hash), __ATOMIC_RELAXED) != bits(hash);
}

bool seen_read(const struct seen_slot *s, struct seen_slot *out)
{
	out->key = LOAD(&s->key);
	out->length = LOAD(&s->length);
	out->type = LOAD(&s->type);
	out->protocol = LOAD(&s->protocol);
	out->names = LOAD(&s->names);
	for (unsigned i = 0; i < SEEN_ADDRESS / 8; i++)
		out->address[i] = LOAD(&s->address[i]);
	return out->key && out->key != BUSY && LOAD(&s->key) == out->key;
}

struct seen_count *seen_count(const struct seen *t, struct seen_counts *c, const struct seen_slot *s)
{
	return &c->v[0][0] + (s - &t->slots[0][0]);
}
