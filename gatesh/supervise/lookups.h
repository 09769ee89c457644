/* SPDX-License-Identifier: BSD-2-Clause */
/* lookups.h - the threads that are looking a name up.  libc's getaddrinfo() connects datagram sockets to each address that
 * it found, to sort them, and to servers, to find them.  These are no destinations of the program: nothing is sent there
 * but the question.  The interposer says when a lookup begins and ends.  Thread-safe. */
#ifndef GATESH_SUPERVISE_LOOKUPS_H
#define GATESH_SUPERVISE_LOOKUPS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A thread that dies in a lookup is forgotten after LOOKUPS_S, or when its slot is needed. */
enum { LOOKUPS_MAX = 256, LOOKUPS_S = 60 };

struct lookups {
	pthread_mutex_t lock;
	struct {
		pid_t tid; /* 0: free */
		uint64_t since;
	} v[LOOKUPS_MAX];
	unsigned next;
};

void lookups_begin(struct lookups *l, pid_t tid);
void lookups_end(struct lookups *l, pid_t tid);
bool lookups_have(struct lookups *l, pid_t tid);

#endif
