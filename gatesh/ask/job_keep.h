/* SPDX-License-Identifier: BSD-2-Clause */
/* job_keep.h - what a job keeps before its exec happens. */
#ifndef GATESH_ASK_JOB_KEEP_H
#define GATESH_ASK_JOB_KEEP_H

#include "ask/job.h"

/* From the worker: run the keeps of the last check, once for a job, so that a question shows what is kept. */
void job_keep(struct job *j);

/* Need this question not be asked?  All of its findings ask unless they are kept, they are, and gate.conf lets them pass. */
bool job_keep_suffices(const struct job *j, const struct gate_question *q);

/* The job is decided: keep what was kept if the act goes ahead, and tell the person how it comes back; else drop it. */
void job_keep_settle(struct job *j);

#endif
