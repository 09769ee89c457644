/* SPDX-License-Identifier: BSD-2-Clause */
/* turned.h - how the interposer turns a connection to the session's relay (gatesh/relay/relay_server.h).
 *
 *   1. SEAM_RELAY_PORTS: the relay's ports on the loopback addresses; 0: this session has no relay.
 *   2. The interposer connects a socket of its own to the server, so that a dead server stays dead.
 *   3. SEAM_RELAY: gatesh puts a SOCK_SEQPACKET connection into the process.
 *   4. It connects the caller's socket to the relay, and sends a struct turned over the connection, with the socket to the server.
 *   5. The relay answers with a byte, 0 if it serves the connection, before the caller goes on.
 *
 * The relay serves nobody who was not registered so, and it learns the process from the kernel, not from the message.
 * A reader trusts nothing.  Needs libc headers only. */
#ifndef GATE_FORMATS_TURNED_H
#define GATE_FORMATS_TURNED_H

#include <stdint.h>

enum {
	TURNED_MAGIC = 0x4e525554, /* "TURN" */
	TURNED_VERSION = 1,
	TURNED_NAMES_MAX = 4096,
	TURNED_WAIT_MS = 10000, /* for the relay's byte */
};

/* The message.  Only `names_len` bytes of `names` are sent. */
struct turned {
	uint32_t magic;
	uint16_t version;
	uint16_t family;    /* of the caller's socket: AF_INET, AF_INET6 */
	uint16_t port;      /* its local port, host byte order */
	uint16_t names_len; /* the names that the process looked up for the address, with their NULs */
	char names[TURNED_NAMES_MAX];
};

/* SEAM_RELAY_PORTS: IPv4's port, IPv6's (0: none), and one of both where nobody listens.  A caller that does not wait connects
 * there if the server has refused, and gets the server's errno in the way that it expects it. */
#define TURNED_PORTS(four, six, dead) ((long)(four) | (long)(six) << 16 | (long)(dead) << 32)

/* A port of 127.0.0.1 whose connections are not turned, because gatesh itself serves it and judges what is said there.  Added to
 * TURNED_PORTS, whose sign bit stays free. */
#define TURNED_PAST(port) ((long)(port) << 48)
enum { TURNED_PAST_MAX = 0x7fff };

/* SEAM_RELAY_PEER: the real server, by its port and its IPv4 address, of IPv6's loopback address the last four bytes; 0: not a turned
 * connection.  With TURNED_OWN, it is the address that the server sees.  The request's argument is the caller's local port, and
 * TURNED_SIX. */
#define TURNED_SERVER(port, ip) \
	((long)(port) | (long)(ip)[0] << 40 | (long)(ip)[1] << 32 | (long)(ip)[2] << 24 | (long)(ip)[3] << 16)
#define TURNED_SIX 0x10000l
#define TURNED_OWN 0x20000l

#endif
