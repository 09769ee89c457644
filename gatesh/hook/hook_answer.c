/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_answer.c - writes a hook's answer in the words of each agent.  See hook_answer.h. */
#include "hook/hook_answer.h"

#include <stdlib.h>
#include <string.h>

#include "util/json.h"

static const char *const decisions[] = {
	[HOOK_DECIDE_ALLOW] = "allow", [HOOK_DECIDE_ASK] = "ask", [HOOK_DECIDE_DENY] = "deny"};

/* Gemini CLI, Codex and opencode know no "ask". */
bool hook_agent_asks(enum hook_agent agent)
{
	return agent == HOOK_CLAUDE || agent == HOOK_QWEN || agent == HOOK_COPILOT;
}

/* Codex takes another command only together with "allow"; Qwen Code 0.15 runs the model's own whatever it is told. */
bool hook_agent_rewrites(enum hook_agent agent, bool allowed)
{
	return agent == HOOK_CODEX ? allowed : agent != HOOK_QWEN;
}

/* The tool's arguments with the other command: a new reference, or NULL without one. */
static json_t *hook_answer_input(const struct hook_event *e, const struct hook_answer *a)
{
	json_t *input = a->command ? json_copy(e->input) : NULL;
	if (input)
		json_put(input, "command", a->command);
	return input;
}

static void hook_answer_set(json_t *o, const char *key, json_t *value)
{
	if (value)
		json_object_set_new(o, key, value);
}

static json_t *hook_answer_word(const struct hook_answer *a)
{
	return decisions[a->decision] ? json_string(decisions[a->decision]) : NULL;
}

/* Claude Code, Codex and Qwen Code. */
static json_t *hook_answer_claude(const struct hook_event *e, const struct hook_answer *a)
{
	json_t *o = json_pack("{s:s}", "hookEventName", e->name ? e->name : "PreToolUse");
	hook_answer_set(o, "permissionDecision", hook_answer_word(a));
	json_put(o, "permissionDecisionReason", a->reason);
	hook_answer_set(o, "updatedInput", hook_answer_input(e, a));
	json_put(o, "additionalContext", a->context);
	if (json_object_size(o) > 1)
		return json_pack("{s:o}", "hookSpecificOutput", o);
	json_decref(o);
	return json_object();
}

static json_t *hook_answer_gemini(const struct hook_event *e, const struct hook_answer *a)
{
	json_t *o = json_object(), *inner = json_pack("{s:s}", "hookEventName", e->name ? e->name : "BeforeTool");
	hook_answer_set(o, "decision", hook_answer_word(a));
	json_put(o, "reason", a->reason);
	hook_answer_set(inner, "tool_input", hook_answer_input(e, a));
	json_put(inner, "additionalContext", a->context);
	if (json_object_size(inner) > 1)
		json_object_set(o, "hookSpecificOutput", inner);
	json_decref(inner);
	return o;
}

static json_t *hook_answer_copilot(const struct hook_event *e, const struct hook_answer *a)
{
	json_t *o = json_object();
	hook_answer_set(o, "permissionDecision", hook_answer_word(a));
	json_put(o, "permissionDecisionReason", a->reason);
	hook_answer_set(o, "modifiedArgs", hook_answer_input(e, a));
	json_put(o, "additionalContext", a->context);
	return o;
}

static json_t *hook_answer_opencode(const struct hook_event *e, const struct hook_answer *a)
{
	json_t *o = json_object();
	if (a->decision == HOOK_DECIDE_DENY)
		json_put(o, "deny", a->reason);
	hook_answer_set(o, "args", hook_answer_input(e, a));
	json_put(o, "context", a->context);
	return o;
}

json_t *hook_answer_json(const struct hook_event *e, const struct hook_answer *a)
{
	switch (e->agent) {
	case HOOK_GEMINI: return hook_answer_gemini(e, a);
	case HOOK_COPILOT: return hook_answer_copilot(e, a);
	case HOOK_OPENCODE: return hook_answer_opencode(e, a);
	default: return hook_answer_claude(e, a);
	}
}

void hook_answer_free(struct hook_answer *a)
{
	free(a->reason);
	free(a->command);
	free(a->context);
	*a = (struct hook_answer){0};
}
