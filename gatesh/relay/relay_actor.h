/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_actor.h - who speaks over a connection, and to whom: read when the connection is registered, immutable afterwards.
 * Connections and questions share it; any thread may hold and drop it. */
#ifndef GATESH_RELAY_RELAY_ACTOR_H
#define GATESH_RELAY_RELAY_ACTOR_H

#include <gate.h>
#include <netinet/in.h>
#include <stdatomic.h>

enum { RELAY_NAMES_MAX = 16 };

struct relay_actor {
	atomic_uint holders;
	pid_t pid;
	uid_t uid;
	uint64_t start_time;
	char *exe, *cwd; /* NULL: unknown */
	char **argv;
	size_t argc;
	struct sockaddr_storage address; /* of the server */
	socklen_t address_len;
	char *names; /* the memory of `hosts` */
	const char *hosts[RELAY_NAMES_MAX + 1];
};

/* Look at the process.  `names` are `n` bytes of names with their NULs, which it looked up for the address.  NULL without
 * memory.  The caller holds it. */
struct relay_actor *relay_actor_new(const struct ucred *who, const char *names, size_t n);
void relay_actor_hold(struct relay_actor *a);
void relay_actor_drop(struct relay_actor *a);

/* Fill in the event's process and connection, which it borrows. */
void relay_actor_put(const struct relay_actor *a, struct gate_event *ev);

#endif
