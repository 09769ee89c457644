/* SPDX-License-Identifier: BSD-2-Clause */
/* holder.h - a process that holds the seam's listeners besides gatesh, for the case that gatesh is killed.  Without it the
 * listeners would vanish: the kernel would let calls with the cookie go on and answer ENOSYS to the others, which few
 * programs expect.  The holder waits for gatesh's end.  From then on it refuses: EPERM to every call that arrives or still
 * waits, and to every request of the interposer, which then refuses what it has to ask about.  A program that has the
 * policy image goes on keeping files by itself.  The holder ends with the last process behind the filter.
 *
 * It touches no file of the session, is not dumpable, leads a POSIX session and blocks all signals.  If it takes over, it
 * must answer the calls that gatesh has received and not answered, or their callers would wait for ever: the two share a
 * table of their ids. */
#ifndef GATESH_SEAM_HOLDER_H
#define GATESH_SEAM_HOLDER_H

#include <stdint.h>
#include <sys/types.h>

/* Listeners: one of the session, one for each preview that runs.  Calls: more than gatesh has threads and jobs. */
enum { HOLDER_LISTENERS_MAX = 64, HOLDER_CALLS_MAX = 8192 };

/* All zero: there is none, and the functions below do nothing. */
struct holder {
	pid_t pid;       /* 0: it has ended */
	int fd;          /* takes listeners */
	uint64_t *calls; /* shared: ids of unanswered calls */
};

/* Fork the holder; gatesh must not have threads yet.  Returns 0 or a negative errno. */
int holder_start(struct holder *h);

/* Let it hold this listener as well.  Returns 0, also if the holder is gone, or a negative errno. */
int holder_give(const struct holder *h, int listener);

/* gatesh has received the call `id`; it has answered it.  Any thread; h may be NULL.  A call for which the table has no room
 * is not answered if gatesh is killed. */
void holder_received(const struct holder *h, uint64_t id);
void holder_answered(const struct holder *h, uint64_t id);

/* No process is left behind a filter: end the holder. */
void holder_end(struct holder *h);

#endif
