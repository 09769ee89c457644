/* SPDX-License-Identifier: BSD-2-Clause */
/* made_table.c - a table of exact keys in memory that many processes write at once; made_table.h has the proof. */
#include "formats/made_table.h"

#include <errno.h>

enum {
	TABLE_HEAD = 4096, /* a page of its own */
	TABLE_SLOTS = 4,   /* per bucket */
	TABLE_WORDS = 5,   /* per slot */
	TABLE_TRIES = 4,   /* at a slot that other writers take first */
	TABLE_NEIGHBOURS = 32,
};

/* A word: the tag, then 32 bits of the key.  A put never takes the last tag, so that any key can still be forgotten. */
#define TABLE_TAG_ONE (UINT64_C(1) << 32)
#define TABLE_TAG_LAST (UINT64_MAX << 32)

#define LOAD(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)

struct made_bucket {
	uint64_t slots[TABLE_SLOTS][TABLE_WORDS];
};

/* A key in the words of a slot, without a tag: device, inode (low, high), birth (low, high). */
struct packed {
	uint32_t word[TABLE_WORDS];
	unsigned near; /* the inode's number among its neighbours */
	uint64_t hash; /* of the device and the inode's neighbourhood */
};

static const char table_magic[8] = {'G', 'A', 'T', 'E', 'M', 'A', 'D', 'E'};

size_t made_table_size(unsigned slots)
{
	if (slots < MADE_SLOTS_MIN || slots > MADE_SLOTS_MAX || slots & (slots - 1))
		return 0;
	return TABLE_HEAD + slots / TABLE_SLOTS * sizeof(struct made_bucket);
}

void made_table_init(void *mem, unsigned slots)
{
	struct made_head *head = mem;
	for (size_t i = 0; i < sizeof head->magic; i++)
		head->magic[i] = table_magic[i];
	head->version = MADE_VERSION;
	head->slots = slots;
	head->size = made_table_size(slots);
}

int made_table_open(struct made_table *t, void *mem, size_t size)
{
	const struct made_head *head = mem;
	if (size < TABLE_HEAD)
		return -EBADMSG;
	for (size_t i = 0; i < sizeof table_magic; i++)
		if (LOAD(&head->magic[i]) != table_magic[i])
			return -EINVAL;
	unsigned slots = LOAD(&head->slots); /* once: another process may write it */
	if (LOAD(&head->version) != MADE_VERSION || !made_table_size(slots))
		return -EINVAL;
	if (made_table_size(slots) != size || LOAD(&head->size) != size)
		return -EBADMSG;
	t->buckets = (struct made_bucket *)((char *)mem + TABLE_HEAD);
	t->mask = slots / TABLE_SLOTS - 1;
	return 0;
}

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t table_mix(uint64_t h)
{
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}

static bool table_pack(const struct made_key *key, struct packed *p)
{
	if (key->dev_major >> 12 || key->dev_minor >> 20 || !(key->dev_major | key->dev_minor))
		return false;
	uint32_t device = key->dev_major << 20 | key->dev_minor;
	p->word[0] = device;
	p->word[1] = (uint32_t)key->ino;
	p->word[2] = (uint32_t)(key->ino >> 32);
	p->word[3] = (uint32_t)key->born_ns;
	p->word[4] = (uint32_t)(key->born_ns >> 32);
	p->hash = table_mix(table_mix(device) ^ key->ino / TABLE_NEIGHBOURS);
	/* Neighbourhoods that are filled in part do not all begin at the same bucket. */
	p->near = (unsigned)(key->ino ^ p->hash >> 59) % TABLE_NEIGHBOURS;
	return true;
}

static struct made_bucket *table_bucket(const struct made_table *t, const struct packed *p, bool second)
{
	uint64_t street = second ? p->hash >> 29 : p->hash;
	return &t->buckets[(street * TABLE_NEIGHBOURS + p->near) & t->mask];
}

/* Does the slot hold the key?  *first becomes its first word, as it was. */
static bool table_holds(const uint64_t slot[TABLE_WORDS], const struct packed *p, uint64_t *first)
{
	*first = LOAD(&slot[0]);
	if ((uint32_t)*first != p->word[0])
		return false;
	uint64_t tag = *first & TABLE_TAG_LAST;
	for (unsigned i = 1; i < TABLE_WORDS; i++)
		if (LOAD(&slot[i]) != (tag | p->word[i]))
			return false;
	return true;
}

/* A slot that a key could go to, the cheapest one so far.  Its cost is what is lost with it. */
struct choice {
	uint64_t cost, *slot, first;
};

enum {
	COST_NOTHING, /* the slot holds this key */
	COST_DEAD,    /* this inode, born at another time: that file is gone */
	COST_FREE,    /* nothing */
	COST_TORN,    /* part of a key: its writer died, or is writing */
	COST_KEY,     /* another key: its birth, so that the oldest goes first */
};

/* *first becomes the slot's first word, as it was. */
static uint64_t table_cost(const uint64_t slot[TABLE_WORDS], const struct packed *p, uint64_t *first)
{
	uint32_t word[TABLE_WORDS], differs = 0;
	*first = LOAD(&slot[0]);
	word[0] = (uint32_t)*first;
	if (!word[0])
		return COST_FREE;
	for (unsigned i = 1; i < TABLE_WORDS; i++) {
		uint64_t w = LOAD(&slot[i]);
		if ((w ^ *first) & TABLE_TAG_LAST)
			return COST_TORN;
		word[i] = (uint32_t)w;
	}
	for (unsigned i = 0; i < 3; i++)
		differs |= word[i] ^ p->word[i];
	if (!differs)
		return word[3] == p->word[3] && word[4] == p->word[4] ? COST_NOTHING : COST_DEAD;
	uint64_t born = (uint64_t)word[4] << 32 | word[3];
	return born < COST_KEY ? COST_KEY : born;
}

static void table_choose_in(struct made_bucket *b, const struct packed *p, struct choice *best)
{
	for (unsigned i = 0; i < TABLE_SLOTS; i++) {
		uint64_t *slot = b->slots[i], first, cost = table_cost(slot, p, &first);
		if (cost < best->cost && first < TABLE_TAG_LAST - TABLE_TAG_ONE)
			*best = (struct choice){cost, slot, first};
	}
}

static struct choice table_choose(const struct made_table *t, const struct packed *p)
{
	struct choice best = {.cost = UINT64_MAX};
	table_choose_in(table_bucket(t, p, false), p, &best);
	if (best.cost >= COST_KEY)
		table_choose_in(table_bucket(t, p, true), p, &best);
	return best;
}

/* Take the slot, which still has the first word that was seen, and write the key.  Returns false if another writer has
 * taken it. */
static bool table_write(const struct choice *c, const struct packed *p)
{
	uint64_t seen = c->first, tag = (seen & TABLE_TAG_LAST) + TABLE_TAG_ONE;
	if (!__atomic_compare_exchange_n(&c->slot[0], &seen, tag | p->word[0], false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		return false;
	for (unsigned i = 1; i < TABLE_WORDS; i++)
		STORE(&c->slot[i], tag | p->word[i]);
	return true;
}

void made_table_put(const struct made_table *t, const struct made_key *key)
{
	struct packed p;
	if (!table_pack(key, &p))
		return;
	for (unsigned i = 0; i < TABLE_TRIES; i++) {
		struct choice c = table_choose(t, &p);
		if (!c.slot || c.cost == COST_NOTHING || table_write(&c, &p))
			return;
	}
}

/* Visit the slots that could hold the key.  A slot that was never written ends the search: a put would have taken it
 * before it went to the second bucket. */
static bool table_find(const struct made_table *t, const struct packed *p, bool forget)
{
	bool found = false, unused = false;
	for (unsigned i = 0; i < 2 * TABLE_SLOTS && !(i == TABLE_SLOTS && unused); i++) {
		uint64_t *slot = table_bucket(t, p, i >= TABLE_SLOTS)->slots[i % TABLE_SLOTS], first;
		bool holds = table_holds(slot, p, &first);
		unused |= !first;
		found |= holds;
		if (!holds)
			continue;
		if (!forget)
			break;
		/* If this fails, another writer has taken the slot, and the key is gone as well. */
		uint64_t tag = first & TABLE_TAG_LAST;
		__atomic_compare_exchange_n(&slot[0], &first, tag == TABLE_TAG_LAST ? tag : tag + TABLE_TAG_ONE, false,
					    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
	}
	return found;
}

bool made_table_has(const struct made_table *t, const struct made_key *key)
{
	struct packed p;
	return table_pack(key, &p) && table_find(t, &p, false);
}

void made_table_forget(const struct made_table *t, const struct made_key *key)
{
	struct packed p;
	if (table_pack(key, &p))
		table_find(t, &p, true);
}
