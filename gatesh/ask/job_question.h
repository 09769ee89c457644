/* SPDX-License-Identifier: BSD-2-Clause */
/* job_question.h - puts a job's question to the person: from its worker, through the main thread. */
#ifndef GATESH_ASK_JOB_QUESTION_H
#define GATESH_ASK_JOB_QUESTION_H

#include "ask/job.h"

/* From the worker: keep what the rules keep, put the question, and wait for the answer.  Returns as conv.ask. */
int job_question(struct job *j, const struct gate_question *gq, struct gate_answer *answer);

#endif
