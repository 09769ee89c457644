/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_event.h - what a coding agent hands to its hooks: a JSON object on stdin, in the agent's own words.
 *
 * Claude Code, Codex and Qwen Code: hook_event_name SessionStart, PreToolUse, PostToolUse or PostToolUseFailure; tool_name, tool_input,
 * tool_use_id, cwd.  Gemini CLI: the same with BeforeTool and AfterTool, without an id.  Copilot CLI: toolName and toolArgs, an
 * object or one in a string, and no name of the event; toolResult is in the one after.  opencode: what the plugin of
 * adopt/agents.c sends. */
#ifndef GATESH_HOOK_HOOK_EVENT_H
#define GATESH_HOOK_HOOK_EVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum hook_agent { HOOK_CLAUDE, HOOK_CODEX, HOOK_GEMINI, HOOK_OPENCODE, HOOK_QWEN, HOOK_COPILOT, HOOK_AGENTS };
enum hook_moment { HOOK_MOMENT_OTHER, HOOK_MOMENT_START, HOOK_MOMENT_BEFORE, HOOK_MOMENT_AFTER };
enum hook_tool { HOOK_TOOL_OTHER, HOOK_TOOL_SHELL, HOOK_TOOL_FILE };

/* One event.  Strings are borrowed from `whole`; NULL: the agent does not say. */
struct hook_event {
	enum hook_agent agent;
	enum hook_moment moment;
	enum hook_tool tool;
	const char *name; /* the event's, as the agent calls it */
	const char *id, *description, *command, *cwd;
	json_t *input; /* the tool's arguments: an object, owned by `whole` or `args`; NULL: none */
	json_t *whole, *args;
};

/* The agent of this name; HOOK_AGENTS: there is none.  And the names, NULL-terminated. */
enum hook_agent hook_agent_of(const char *name);
const char *const *hook_agent_names(void);

/* Read the event from its JSON text.  Returns 0, -EBADMSG or -ENOMEM.  Free with hook_event_free(), always. */
int hook_event_read(struct hook_event *e, enum hook_agent agent, const char *text, size_t len);
void hook_event_free(struct hook_event *e);

#endif
