/* SPDX-License-Identifier: BSD-2-Clause */
/* resolvers.h - the name servers of this machine.  libc asks them by itself, past every hook, and the interposer sees the
 * lookup and its answer; so the connection to them is not another destination of the program. */
#ifndef GATESH_SUPERVISE_RESOLVERS_H
#define GATESH_SUPERVISE_RESOLVERS_H

#include <stdbool.h>

#include "formats/address.h"

enum { RESOLVERS_MAX = 8 };

struct resolvers {
	struct gate_dest servers[RESOLVERS_MAX];
	unsigned n;
};

/* Read resolv.conf(5), `path`.  Without one, libc asks this machine. */
void resolvers_read(struct resolvers *r, const char *path);

/* Is `d` one of them, or the socket of the name service cache (nscd(8)), which libc tries first? */
bool resolvers_have(const struct resolvers *r, const struct gate_dest *d);

#endif
