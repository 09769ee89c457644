/* SPDX-License-Identifier: BSD-2-Clause */
/* index.h - the index that matching a subject uses.  Immutable once built.  Private to libgate/rules. */
#ifndef GATE_RULES_INDEX_H
#define GATE_RULES_INDEX_H

#include "rules/rules_internal.h"

/* Rules as indexes into rs->rules, ascending. */
struct workspaces {
	uint32_t *v;
	size_t n;
};

/* A keyword, and the rules of a bucket that are looked up by it. */
struct key {
	const char *word; /* borrowed from a rule */
	struct workspaces rules;
};

/* A program name, or the part before its '*', and the rules that have it. */
struct bucket {
	const char *name; /* borrowed from a rule */
	size_t len;
	struct key *keys;
	size_t nkeys;
	struct workspaces unkeyed; /* rules without a keyword */
	unsigned contents;         /* the kinds of content that its rules are about: bits 1u << SUBJECT_* */
};

struct rule_index {
	struct bucket *names; /* open addressing; a power of two */
	size_t size;
	struct bucket *globs;
	size_t nglobs;
	struct bucket any; /* rules for any program */
};

/* Return the next bucket with rules for the program, or NULL after the last.  *i counts from 0. */
const struct bucket *rules_bucket(const struct rule_index *x, const char *program, size_t *i);

#endif
