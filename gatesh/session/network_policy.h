/* network_policy.h - gatesh run --network: what a session does about destinations that no rule speaks of. */
#ifndef GATESH_SESSION_NETWORK_POLICY_H
#define GATESH_SESSION_NETWORK_POLICY_H

#include <gate.h>

enum network_mode {
	NETWORK_LOG = 0,      /* as the service has it */
	NETWORK_ASK,          /* what is not on the list is asked */
	NETWORK_ALLOW_LISTED, /* what is not on the list is refused */
};

/* "log", "ask" or "allow-listed" into *mode; false when it is none. */
bool network_mode_of(const char *word, enum network_mode *mode);

/* gate_start() with the mode as one more stack, which can only tighten what the service says.  `list`: a list file,
 * NULL: the user's network.list, where there is one. */
int network_start(const char *service, const char *workspace, enum network_mode mode, const char *list,
		  const struct gate_conv *conv, gate_handle_t **h);

#endif
