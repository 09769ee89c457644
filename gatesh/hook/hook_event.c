/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_event.c - reads a hook's event.  See hook_event.h. */
#include "hook/hook_event.h"

#include <errno.h>
#include <string.h>

static const char *const agent_names[] = {"claude", "codex", "gemini", "opencode", "qwen", "copilot", NULL};

const char *const *hook_agent_names(void)
{
	return agent_names;
}

enum hook_agent hook_agent_of(const char *name)
{
	enum hook_agent a = 0;
	while (a < HOOK_AGENTS && strcmp(agent_names[a], name))
		a++;
	return a;
}

static const char *hook_event_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	return s && *s ? s : NULL;
}

/* The tools that run a shell text, and those that change files, of all six. */
static enum hook_tool hook_event_tool(const char *name)
{
	static const char *const shells[] = {"Bash",         "bash",        "shell", "run_shell_command",
					     "exec_command", "local_shell", "Shell", "shell_command",
					     "PowerShell",   NULL};
	static const char *const files[] = {
		"Write", "Edit",   "MultiEdit", "NotebookEdit", "apply_patch", "write_file",         "replace", "edit",
		"write", "create", "patch",     "str_replace",  "WriteFile",   "str_replace_editor", NULL};
	for (size_t i = 0; name && shells[i]; i++)
		if (!strcmp(shells[i], name))
			return HOOK_TOOL_SHELL;
	for (size_t i = 0; name && files[i]; i++)
		if (!strcmp(files[i], name))
			return HOOK_TOOL_FILE;
	return HOOK_TOOL_OTHER;
}

static enum hook_moment hook_event_moment(const struct hook_event *e)
{
	static const struct {
		const char *name;
		enum hook_moment moment;
	} names[] = {
		{"SessionStart", HOOK_MOMENT_START}, {"PreToolUse", HOOK_MOMENT_BEFORE},
		{"PostToolUse", HOOK_MOMENT_AFTER},  {"PostToolUseFailure", HOOK_MOMENT_AFTER},
		{"BeforeTool", HOOK_MOMENT_BEFORE},  {"AfterTool", HOOK_MOMENT_AFTER},
		{"start", HOOK_MOMENT_START},        {"before", HOOK_MOMENT_BEFORE},
		{"after", HOOK_MOMENT_AFTER},
	};
	for (size_t i = 0; e->name && i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i].name, e->name))
			return names[i].moment;
	if (e->agent != HOOK_COPILOT)
		return HOOK_MOMENT_OTHER;
	if (!hook_event_text(e->whole, "toolName"))
		return json_object_get(e->whole, "source") ? HOOK_MOMENT_START : HOOK_MOMENT_OTHER;
	return json_object_get(e->whole, "toolResult") ? HOOK_MOMENT_AFTER : HOOK_MOMENT_BEFORE;
}

/* The tool's arguments: an object, or one in a string. */
static json_t *hook_event_input(struct hook_event *e)
{
	static const char *const keys[] = {"tool_input", "toolArgs", "args"};
	json_t *input = NULL;
	for (size_t i = 0; !input && i < sizeof keys / sizeof *keys; i++)
		input = json_object_get(e->whole, keys[i]);
	if (json_is_string(input))
		input = e->args = json_loads(json_string_value(input), 0, NULL);
	return json_is_object(input) ? input : NULL;
}

int hook_event_read(struct hook_event *e, enum hook_agent agent, const char *text, size_t len)
{
	*e = (struct hook_event){.agent = agent, .whole = json_loadb(text, len, 0, NULL)};
	if (!json_is_object(e->whole))
		return -EBADMSG;
	e->name = hook_event_text(e->whole, agent == HOOK_OPENCODE ? "event" : "hook_event_name");
	e->moment = hook_event_moment(e);
	static const char *const tools[] = {[HOOK_OPENCODE] = "tool", [HOOK_COPILOT] = "toolName"};
	const char *key = agent < sizeof tools / sizeof *tools ? tools[agent] : NULL;
	e->tool = hook_event_tool(hook_event_text(e->whole, key ? key : "tool_name"));
	e->id = hook_event_text(e->whole, agent == HOOK_OPENCODE ? "id" : "tool_use_id");
	e->cwd = hook_event_text(e->whole, "cwd");
	e->input = hook_event_input(e);
	e->description = hook_event_text(e->input, "description");
	if (e->tool == HOOK_TOOL_SHELL)
		e->command = hook_event_text(e->input, "command");
	return 0;
}

void hook_event_free(struct hook_event *e)
{
	json_decref(e->whole);
	json_decref(e->args);
	*e = (struct hook_event){0};
}
