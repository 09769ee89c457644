/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_judge.h - the network state of this process: the names it looked up and the destinations it connected to.
 * Mapped on first use, so a process without connections pays nothing. */
#ifndef GATE_PRELOAD_NET_CONNECT_JUDGE_H
#define GATE_PRELOAD_NET_CONNECT_JUDGE_H

#include "preload/net/connect_cache.h"
#include "preload/net/dns_names.h"

struct connect_judge {
	struct dns_names names;
	struct connect_cache seen;
	struct seen_counts *counts; /* of this process, not of its forks */
};

/* The state of this process, mapped at the first call.  NULL if there is no memory for it. */
struct connect_judge *connect_judge_state(void);

/* The state of this process if it has one, else NULL. */
struct connect_judge *connect_judge_if_any(void);

/* Does this process judge connections at all? */
bool connect_judge_judges(void);

/* May the process connect to this address?  `type`: the socket's type; 0: look it up if needed.  True: go on (also if
 * the address is not a destination, which the kernel judges).  False: fail with EPERM.  A new refusal is printed on
 * stderr; a remembered one is not.  Blocks for as long as a person takes, and holds no lock. */
bool connect_judge_allows(int fd, const void *address, size_t len, int type);

#endif
