/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_turn.h - makes a connection that has been judged.  In a session with a relay, one to a server on this machine's
 * loopback or in a private network is turned to the relay (formats/turned.h), which judges what is said over it.  Async-signal-safe, vfork-safe. */
#ifndef GATE_PRELOAD_NET_CONNECT_TURN_H
#define GATE_PRELOAD_NET_CONNECT_TURN_H

#include <stdbool.h>

/* connect(2) with the session's cookie, of the `len` bytes at `address`.  Turned or not, it returns what the kernel would.
 * Not turned are datagrams, a socket that is bound, connected, or tied to a device, a process that can't reach the
 * relay, and for a socket that does not block, a server that does not answer within 50 ms. */
long connect_turn(int fd, const void *address, unsigned len);

/* The real server, or with `own_end` the address that it sees, as TURNED_SERVER, for a connected socket whose peer is `port` of the
 * loopback address, IPv6's if `six`.  0 if that is not the relay. */
long connect_turn_peer(int fd, unsigned port, bool six, bool own_end);

#endif
