/* keep_terms.h - what the stacks of a service say for a file that no rule speaks of: the arguments of their gate_keep
 * lines.  gate_keep(8).  Internal to Gate. */
#ifndef GATE_POLICY_KEEP_TERMS_H
#define GATE_POLICY_KEEP_TERMS_H

#include "formats/event.h"
#include "policy/policy.h"

#pragma GCC visibility push(default)

/* From the mildest to the strictest. */

/* As long as a line does not say otherwise. */
enum { KEEP_MAX_DEFAULT = 256 << 20, KEEP_AGE_DEFAULT = 30 * 24 * 3600 };
#define KEEP_QUOTA_DEFAULT (UINT64_C(8) << 30)

struct keep_terms {
	enum event_keep word;
	uint64_t max;   /* bytes: the largest file of which a copy is made where it can't be cloned */
	uint64_t quota; /* bytes of all that is kept; 0: nothing is kept, and what would have been is asked about */
	uint64_t age;   /* seconds that it is kept for */
	/* The process may go by `word` alone: in every stack nothing but gate_rules stands before gate_keep.  Else each
	 * event is the session's to decide, and `word` only tells whether what it allows is kept. */
	bool in_process;
};

/* The terms for a file event: the strictest of all stacks that have a line for it. */
struct keep_terms policy_keep(const struct policy *p, enum gate_event_type event);

#pragma GCC visibility pop

#endif
