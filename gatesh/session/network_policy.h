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

/* gate_start() with the mode as one more stack, which can only tighten the service.  `list`: a list file; NULL: the
 * user's network.list, if it exists. */
int network_start(const char *service, const char *workspace, enum network_mode mode, const char *list,
		  const struct gate_conv *conv, gate_handle_t **h);

#endif
