/* SPDX-License-Identifier: BSD-2-Clause */
/* own_server.h - is a database server, with what it keeps, the session's own?  Then stopping it, or dropping what is in it, loses nothing that
 * was there before.  The relay's thread. */
#ifndef GATESH_RELAY_OWN_SERVER_H
#define GATESH_RELAY_OWN_SERVER_H

#include <gate.h>
#include <stdbool.h>
#include <time.h>

/* Would the statement of the event do nothing but
 * - stop the Redis server at the other end of the socket `server`, which a process of the session has started, or
 * - drop, empty or change objects of the PostgreSQL or MariaDB server there, which a process of the session has started with data that
 *   were made after `session` began?
 * The server is known by the file of its program: a tunnel or proxy of the session's is none.  False if it can't be seen: over IPv6, in
 * another network namespace, behind a container.  Reads /proc. */
bool own_server_is_all(int server, const struct timespec *session, const struct gate_event *ev);

#endif
