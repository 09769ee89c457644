/* SPDX-License-Identifier: BSD-2-Clause */
/* request_judge.h - has the requests judged to which gatesh itself adds a credential (broker/broker.h): first by a look in the
 * thread that carries the request, then, if a rule speaks of it, by a job of the main thread. */
#ifndef GATESH_RELAY_REQUEST_JUDGE_H
#define GATESH_RELAY_REQUEST_JUDGE_H

#include <pthread.h>

#include "ask/job.h"
#include "broker/broker.h"

struct request_judge {
	struct workers *workers;
	pthread_mutex_t lock; /* of the handle */
	gate_handle_t *handle;
};

/* Main thread.  Returns 0 or a negative errno.  Close it when no request is carried any more. */
int request_judge_open(struct request_judge *j, struct workers *w);
void request_judge_close(struct request_judge *j);

/* A broker_judge_fn; `judge` is a struct request_judge.  If the client hangs up, its question is taken back. */
enum broker_verdict request_judge(void *judge, const struct broker_event *e, int fd, char *why, size_t size);

#endif
