/* SPDX-License-Identifier: BSD-2-Clause */
/* bigrams.h - the set of pairs of adjacent bytes in a text.  If a keyword has a pair that the text lacks, the text does
 * not contain the keyword, so most keywords need no search.  Shared by the engine and the interposer's prefilter; no
 * libc functions. */
#ifndef GATE_FORMATS_BIGRAMS_H
#define GATE_FORMATS_BIGRAMS_H

#include <stdbool.h>
#include <stdint.h>

enum { GATE_PAIRS_BITS = 1024 };

/* A set of hashes.  It may report a pair that the text lacks, but never misses a pair that the text has.
 * Zero-initialise. */
struct gate_pairs {
	uint64_t bits[GATE_PAIRS_BITS / 64];
};

static inline unsigned gate_pair_hash(unsigned char a, unsigned char b)
{
	return (a * 31u ^ b) & (GATE_PAIRS_BITS - 1);
}

static inline void gate_pairs_add(struct gate_pairs *p, unsigned char a, unsigned char b)
{
	unsigned h = gate_pair_hash(a, b);
	p->bits[h / 64] |= UINT64_C(1) << h % 64;
}

/* Could the text contain the word?  True for every word of less than two bytes. */
static inline bool gate_pairs_may_have(const struct gate_pairs *p, const char *word)
{
	for (; word[0] && word[1]; word++) {
		unsigned h = gate_pair_hash((unsigned char)word[0], (unsigned char)word[1]);
		if (!(p->bits[h / 64] >> h % 64 & 1))
			return false;
	}
	return true;
}

#endif
