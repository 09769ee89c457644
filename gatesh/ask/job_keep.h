/* SPDX-License-Identifier: BSD-2-Clause */
/* job_keep.h - what a job keeps before its exec happens. */
#ifndef GATESH_ASK_JOB_KEEP_H
#define GATESH_ASK_JOB_KEEP_H

#include "ask/job.h"

/* From the worker: run the keeps of the last check, once for a job, so that a question shows what is kept. */
void job_keep(struct job *j);

/* Has the last check keeps that did not run yet? */
bool job_keep_is_due(const struct job *j);

/* Do all findings of this question ask unless they are kept, and does gate.conf let them pass then? */
bool job_keep_may_pass(const struct job *j, const struct gate_question *q);

/* The same, and they are kept: the question need not be asked. */
bool job_keep_suffices(const struct job *j, const struct gate_question *q);

/* The job is decided: keep what was kept if the act goes ahead, and tell the person how it comes back; else drop it. */
void job_keep_settle(struct job *j);

#endif
