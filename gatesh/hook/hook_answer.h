/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_answer.h - what a hook tells its agent, and how each agent reads it. */
#ifndef GATESH_HOOK_HOOK_ANSWER_H
#define GATESH_HOOK_HOOK_ANSWER_H

#include "hook/hook_event.h"

/* HOOK_DECIDE_NOTHING leaves the decision to the agent's own prompts. */
enum hook_decision { HOOK_DECIDE_NOTHING, HOOK_DECIDE_ALLOW, HOOK_DECIDE_ASK, HOOK_DECIDE_DENY };

/* Zero-initialize.  Strings are owned. */
struct hook_answer {
	enum hook_decision decision;
	char *reason;  /* of asking or denying; the model reads it */
	char *command; /* run this instead */
	char *context; /* for the model, at the start or behind the tool's result */
};

/* Can the agent be told to ask the person?  If not, a question becomes a refusal. */
bool hook_agent_asks(enum hook_agent agent);

/* Does the agent run another command than the model's, if it is told to?  `allowed`: together with an "allow". */
bool hook_agent_rewrites(enum hook_agent agent, bool allowed);

/* The answer in the agent's words: a new object, NULL if memory is out.  Without anything to say it is empty. */
json_t *hook_answer_json(const struct hook_event *e, const struct hook_answer *a);

void hook_answer_free(struct hook_answer *a);

#endif
