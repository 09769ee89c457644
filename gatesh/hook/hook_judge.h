/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_judge.h - what a hook answers: in a session, where the session judges what a command does, and outside of one, where its
 * text is all there is to judge. */
#ifndef GATESH_HOOK_HOOK_JUDGE_H
#define GATESH_HOOK_HOOK_JUDGE_H

#include "hook/hook_answer.h"

struct hook_options {
	bool allow_tools; /* the person let Gate answer the agent's own prompts for its shell and file tools */
	bool inside;      /* this is inside a session */
};

/* Fill in the answer.  Returns 0, or an exit status after a message on stderr. */
int hook_judge(const struct hook_event *e, const struct hook_options *o, struct hook_answer *a);

#endif
