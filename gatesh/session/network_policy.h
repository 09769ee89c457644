/* SPDX-License-Identifier: BSD-2-Clause */
/* network_policy.h - gatesh run --network: how a session treats destinations that no rule matches. */
#ifndef GATESH_SESSION_NETWORK_POLICY_H
#define GATESH_SESSION_NETWORK_POLICY_H

#include <gate.h>

enum network_mode {
	NETWORK_LOG = 0,      /* as the service says */
	NETWORK_ASK,          /* ask about destinations that are not on the list */
	NETWORK_ALLOW_LISTED, /* refuse destinations that are not on the list */
};

/* Parse "log", "ask" or "allow-listed" into *mode; false for any other word. */
bool network_mode_of(const char *word, enum network_mode *mode);

struct network_terms {
	enum network_mode mode;
	const char *list;  /* a list file; NULL: the user's network.list, if it exists */
	const char *label; /* what a refusal calls the list; NULL: its path */
	const char *rules; /* one more pack, of the system's trust; or NULL */
	bool refuse_reads; /* files that keep the person's credentials are refused to every program */
};

/* gate_start() with the mode as one more stack and with the pack, which can only tighten the service. */
int network_start(const char *service, const char *workspace, const struct network_terms *terms,
		  const struct gate_conv *conv, gate_handle_t **h);

#endif
