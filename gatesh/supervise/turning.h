/* SPDX-License-Identifier: BSD-2-Clause */
/* turning.h - what the session's relay does for the interposer's requests (formats/turned.h).  The session fills it in; the
 * supervisor knows no more of the relay.  Any thread; no function waits. */
#ifndef GATESH_SUPERVISE_TURNING_H
#define GATESH_SUPERVISE_TURNING_H

#include <stdbool.h>
#include <sys/socket.h>

struct turning {
	long (*ports)(void *relay);                                 /* TURNED_PORTS */
	void (*take)(void *relay, int fd, const struct ucred *who); /* a registration will come over `fd` */
	long (*peer)(void *relay, long of); /* SEAM_RELAY_PEER's argument; TURNED_SERVER; 0: unknown */
	void *relay;                        /* NULL: the session has none */
};

#endif
