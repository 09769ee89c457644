/* SPDX-License-Identifier: BSD-2-Clause */
/* caller.h - which process of the session speaks over a connection of loopback. */
#ifndef GATESH_BROKER_CALLER_H
#define GATESH_BROKER_CALLER_H

#include <sys/types.h>

/* The process that has the other end of the connected IPv4 socket: one of gatesh's descendants, the nearest first; 0: none has
 * it, or it can't be seen.  Reads /proc: some 20 microseconds for each process of the session.  Any thread. */
pid_t caller_find(int fd);

#endif
