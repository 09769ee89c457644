/* SPDX-License-Identifier: BSD-2-Clause */
/* job_end.h - logs what was decided about a job's event, and words a refusal. */
#ifndef GATESH_ASK_JOB_END_H
#define GATESH_ASK_JOB_END_H

#include "ask/job.h"

/* For the worker, when j->ret is set: log the decision, settle what was kept, and set j->line if it is a refusal.  A job whose process was
 * told to come back is refused, whatever the answer was. */
void job_end(struct job *j);

#endif
