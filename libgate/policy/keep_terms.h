/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_terms.h - the arguments of a service's gate_keep lines, which decide about a file that no rule matches.  See
 * gate_keep(8).  Internal to Gate. */
#ifndef GATE_POLICY_KEEP_TERMS_H
#define GATE_POLICY_KEEP_TERMS_H

#include "formats/event.h"
#include "policy/policy.h"

#pragma GCC visibility push(default)

/* From the mildest to the strictest. */

/* Defaults for terms that the line does not give. */
enum { KEEP_MAX_DEFAULT = 256 << 20, KEEP_AGE_DEFAULT = 30 * 24 * 3600, KEEP_HOLD_DEFAULT = 24 * 3600 };
#define KEEP_QUOTA_DEFAULT (UINT64_C(8) << 30)

struct keep_terms {
	enum event_keep word;
	uint64_t max;   /* bytes: the largest file that is copied when it can't be cloned */
	uint64_t quota; /* bytes of all kept files; 0: Gate keeps nothing and asks instead */
	uint64_t age;   /* seconds that a kept file is stored */
	uint64_t hold;  /* seconds for which no quota and no full disk takes it */
	/* The acting process may decide by `word` alone: in every stack, only gate_rules precedes gate_keep.  Otherwise
	 * the session decides each event, and `word` says only whether an allowed file is kept. */
	bool in_process;
};

/* Return the terms for a file event: the strictest of all stacks, for `hold` the longest that one of them gives that have a line for it. */
struct keep_terms policy_keep(const struct policy *p, enum gate_event_type event);

#pragma GCC visibility pop

#endif
