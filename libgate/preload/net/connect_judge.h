/* connect_judge.h - what this process knows of the network: the names it looked up and the destinations it has dealt with.
 * Mapped when it is first needed: a process that opens no connection pays nothing. */
#ifndef GATE_PRELOAD_NET_CONNECT_JUDGE_H
#define GATE_PRELOAD_NET_CONNECT_JUDGE_H

#include "preload/net/connect_cache.h"
#include "preload/net/dns_names.h"

struct connect_judge {
	struct dns_names names;
	struct connect_cache seen;
	struct seen_counts *counts; /* of this process, not of its forks */
};

/* The process's own, mapped at the first call; NULL when there is no memory for it. */
struct connect_judge *connect_judge_state(void);

/* The process's own if it has one, else NULL. */
struct connect_judge *connect_judge_if_any(void);

/* Are connections of this process judged at all? */
bool connect_judge_judges(void);

/* May it go to this address?  `type`: the socket's, 0 where that is yet to be looked up.  True: go on (an address that
 * is no destination is the kernel's to judge).  False: EPERM, and the person or the reason has been told on stderr.
 * Blocks for as long as a person takes; no lock is held. */
bool connect_judge_allows(int fd, const void *address, size_t len, int type);

#endif
