/* SPDX-License-Identifier: BSD-2-Clause */
/* job_debug.h - the lines that a job leaves in the debug trace: the event, each stack line that ran, the decision. */
#ifndef GATESH_ASK_JOB_DEBUG_H
#define GATESH_ASK_JOB_DEBUG_H

#include "ask/job.h"

/* An event has arrived and gets its number; `how`: "event", or "report" for what was decided before. */
void job_debug_event(struct job *j, const char *how);

/* The event is decided: j->ret and the handle's last check tell how. */
void job_debug_decision(const struct job *j);

#endif
