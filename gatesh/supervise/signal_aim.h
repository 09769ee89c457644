/* SPDX-License-Identifier: BSD-2-Clause */
/* signal_aim.h - does a signal hit what the session lives by: the command that the person started, or gatesh?  A process
 * may signal itself and its own process group, and whatever is none of those.  No system call; any thread. */
#ifndef GATESH_SUPERVISE_SIGNAL_AIM_H
#define GATESH_SUPERVISE_SIGNAL_AIM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A call that sends a signal, whichever variant of it. */
struct signal_sent {
	int number;
	enum { SIGNAL_TO_NOBODY, SIGNAL_TO_PROCESS, SIGNAL_TO_GROUP, SIGNAL_TO_ALL } to;
	pid_t pid; /* the process, or the group's number */
};

struct signal_party {
	pid_t pid;   /* 0: there is none */
	pid_t group; /* 0: the leader is outside of gatesh's pid namespace */
};

/* Does what `from` sends reach `to`, which is neither itself nor in its group? */
bool signal_aim_hits(const struct signal_sent *s, const struct signal_party *from, const struct signal_party *to);

/* "TERM", for the signals that the session's filter reports (seam/filter.h); for others the number is in `buf`. */
enum { SIGNAL_NAME_MAX = 16 };
const char *signal_aim_name(int number, char buf[SIGNAL_NAME_MAX]);

/* Put the sentence that says it into `buf`: "pkill sends TERM to claude, the session's first process".  `whom` has a
 * name and what it is. */
void signal_aim_say(const struct signal_sent *s, const char *sender, const char *whom, char *buf, size_t size);

#endif
