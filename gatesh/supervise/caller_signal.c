/* SPDX-License-Identifier: BSD-2-Clause */
/* caller_signal.c - concludes from /proc/TID/status whether a thread has been marked for signal delivery.
 *
 * The kernel marks one thread for each signal (complete_signal() in kernel/signal.c).  A signal that was sent to the
 * thread marks that thread.  One that was sent to the process marks the thread it was sent by way of, which is the
 * leader but for the signals in SENT_TO_A_THREAD, or else another thread that does not block it. */
#include "supervise/caller_signal.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BIT(sig) (1ull << ((sig)-1))

/* A child's end marks the thread that forked it, a timer of CPU time the thread that ran. */
#define SENT_TO_A_THREAD (BIT(SIGCHLD) | BIT(SIGPROF) | BIT(SIGVTALRM) | BIT(SIGXCPU))

struct thread {
	char state; /* as in ps(1); 0: the thread does not exist */
	pid_t process;
	unsigned threads;              /* of its process */
	uint64_t own, shared, blocked; /* signals: pending for it, pending for its process, blocked */
};

static uint64_t caller_signal_number(const char *text, const char *name, int base)
{
	const char *at = strstr(text, name);
	return at ? strtoull(at + strlen(name), NULL, base) : 0;
}

static struct thread caller_signal_read(pid_t tid)
{
	char path[64], text[4096];
	snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* The program chooses its name, on the first line, but not a newline in it. */
	const char *state = strstr(text, "\nState:\t");
	if (!state)
		return (struct thread){0};
	return (struct thread){
		.state = state[sizeof "\nState:"],
		.process = (pid_t)caller_signal_number(state, "\nTgid:", 10),
		.threads = (unsigned)caller_signal_number(state, "\nThreads:", 10),
		.own = caller_signal_number(state, "\nSigPnd:", 16),
		.shared = caller_signal_number(state, "\nShdPnd:", 16),
		.blocked = caller_signal_number(state, "\nSigBlk:", 16),
	};
}

/* The other threads of a process: the signals that one of them may be about to take, and whether they have stopped. */
struct others {
	uint64_t takes;
	bool stopped;
};

/* A thread that sleeps interruptibly has no signal to take, or it would not sleep. */
static void caller_signal_add(struct others *o, const struct thread *t)
{
	if (t->state == 'R' || t->state == 'D')
		o->takes |= ~t->blocked;
	o->stopped |= t->state == 'T';
}

/* Read the first `max` other threads; the leader is the first of all. */
static struct others caller_signal_others(pid_t process, pid_t tid, unsigned max)
{
	struct others o = {0};
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task", (int)process);
	DIR *d = opendir(path);
	for (struct dirent *e; d && max && (e = readdir(d));) {
		pid_t other = (pid_t)atoi(e->d_name);
		if (other <= 0 || other == tid)
			continue;
		struct thread t = caller_signal_read(other);
		caller_signal_add(&o, &t);
		max--;
	}
	if (d)
		closedir(d);
	return o;
}

enum caller_state caller_signal_state(pid_t tid)
{
	switch (caller_signal_read(tid).state) {
	case '\0':
	case 'Z':
	case 'X': return CALLER_GONE;
	case 'T':
	case 't': return CALLER_STOPPED;
	default: return CALLER_LIVES;
	}
}

bool caller_signal_waits(pid_t tid, uint64_t *before)
{
	struct thread t = caller_signal_read(tid);
	uint64_t shared = t.shared & ~t.blocked, earlier = *before;
	*before = shared;
	if (t.own & ~t.blocked)
		return true;
	if (t.threads <= 1)
		return shared;
	/* One thread took the signal that stops the process, and marked the others. */
	struct others o = caller_signal_others(t.process, tid, shared ? t.threads : 1);
	uint64_t leaders = tid == t.process ? shared & earlier & ~SENT_TO_A_THREAD : 0;
	return o.stopped || shared & ~o.takes || leaders;
}
