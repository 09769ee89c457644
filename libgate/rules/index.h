/* index.h - what is looked up when a subject is matched.  Immutable once built.  Private to rules_*.c. */
#ifndef GATE_RULES_INDEX_H
#define GATE_RULES_INDEX_H

#include "rules/rules_internal.h"

/* Rules as places in rs->rules, ascending. */
struct workspaces {
	uint32_t *v;
	size_t n;
};

/* A keyword, and the rules of a bucket that look for it first. */
struct key {
	const char *word; /* borrowed from a rule */
	struct workspaces rules;
};

/* A program name (or its part before '*') and the rules that have it. */
struct bucket {
	const char *name; /* borrowed from a rule */
	size_t len;
	struct key *keys;
	size_t nkeys;
	struct workspaces unkeyed; /* those without a keyword */
	unsigned contents;         /* what content they are about: bits 1u << SUBJECT_* */
};

struct rule_index {
	struct bucket *names; /* open addressing; a power of two */
	size_t size;
	struct bucket *globs;
	size_t nglobs;
	struct bucket any; /* rules for any program */
};

/* The next bucket that rules for the program are in, *i counting from 0; NULL behind the last. */
const struct bucket *rules_bucket(const struct rule_index *x, const char *program, size_t *i);

#endif
