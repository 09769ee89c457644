/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_question.h - puts the use of a key to a person, in the name of the program that asked for it. */
#ifndef GATESH_SSHAGENT_AGENT_QUESTION_H
#define GATESH_SSHAGENT_AGENT_QUESTION_H

#include "ask/job.h"

struct agent_asking {
	struct workers *workers;
	pid_t root; /* of the session's processes; 0: gatesh's own children */
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool closing; /* nobody waits any more (under the lock) */
};

void agent_asking_open(struct agent_asking *a, struct workers *w);

/* Ask, in a thread that may wait: is process `pid` to do what `says` says?  False if not, or if the session ends.  The job writes
 * the log, as the event "credential". */
bool agent_ask(struct agent_asking *a, pid_t pid, const char *says);

/* Every agent_ask() returns. */
void agent_asking_close(struct agent_asking *a);

#endif
