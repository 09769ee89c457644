/* SPDX-License-Identifier: BSD-2-Clause */
/* image_hash.c - builds the hash tables of the policy image. */
#include <errno.h>
#include <stdlib.h>

#include "image/image_internal.h"

uint32_t image_hash(const char *s, size_t n)
{
	uint32_t h = GATE_HASH_START;
	for (size_t i = 0; i < n; i++)
		h = gate_hash_byte(h, (unsigned char)s[i]);
	return h;
}

void image_pairs_add(struct image_pairs *p, uint32_t hash, size_t value)
{
	if (p->n == p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 256;
		struct image_pair *v = reallocarray(p->v, cap, sizeof *v);
		if (!v) {
			p->err = -ENOMEM;
			return;
		}
		p->v = v;
		p->cap = cap;
	}
	p->v[p->n++] = (struct image_pair){hash, (uint32_t)value};
}

void image_pairs_free(struct image_pairs *p)
{
	free(p->v);
}

static int image_hash_by_hash(const void *x, const void *y)
{
	const struct image_pair *a = x, *b = y;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

void image_pairs_table(struct image_pairs *p, struct strbuf *names, struct strbuf *lists)
{
	size_t slots = 1;
	while (slots < 2 * p->n)
		slots *= 2;
	struct gate_image_name *v = calloc(slots, sizeof *v);
	if (!v) {
		p->err = -ENOMEM;
		return;
	}
	if (p->n)
		qsort(p->v, p->n, sizeof *p->v, image_hash_by_hash);
	for (size_t i = 0, n; i < p->n; i += n) {
		uint32_t hash = p->v[i].hash;
		size_t slot = hash & (slots - 1);
		while (v[slot].rules.n)
			slot = (slot + 1) & (slots - 1);
		size_t first = lists->len / sizeof(uint32_t);
		for (n = 0; i + n < p->n && p->v[i + n].hash == hash; n++)
			if (!n || p->v[i + n].value != p->v[i + n - 1].value)
				strbuf_put(lists, (const char *)&p->v[i + n].value, sizeof(uint32_t));
		v[slot] = (struct gate_image_name){
			hash, {(uint32_t)first, (uint32_t)(lists->len / sizeof(uint32_t) - first)}};
	}
	strbuf_put(names, (const char *)v, slots * sizeof *v);
	free(v);
}

struct gate_image_table image_put_table(struct strbuf *out, const struct strbuf *in, size_t entry)
{
	struct gate_image_table t = {(uint32_t)out->len, (uint32_t)(in->len / entry)};
	if (in->len)
		strbuf_put(out, in->s, in->len);
	return t;
}
