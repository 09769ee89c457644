/* SPDX-License-Identifier: BSD-2-Clause */
/* agents.c - the table of agents.  See agents.h. */
#include "adopt/agents.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adopt/shim.h"
#include "base/paths.h"
#include "base/strbuf.h"

static const struct agent_event claude_events[] = {
	{"SessionStart", NULL},
	{"PreToolUse", "Bash|Edit|MultiEdit|NotebookEdit|Write"},
	{"PostToolUse", "Bash|Edit|MultiEdit|NotebookEdit|Write"},
	{"PostToolUseFailure", "Bash|Edit|MultiEdit|NotebookEdit|Write"},
	{NULL, NULL},
};

static const struct agent_event codex_events[] = {
	{"SessionStart", NULL},
	{"PreToolUse", "Bash|apply_patch"},
	{"PostToolUse", "Bash|apply_patch"},
	{NULL, NULL},
};

static const struct agent_event gemini_events[] = {
	{"SessionStart", NULL},
	{"BeforeTool", "run_shell_command|write_file|replace"},
	{"AfterTool", "run_shell_command|write_file|replace"},
	{NULL, NULL},
};

/* Qwen Code's matchers take the names that it shows as well as those of the tools: "*" depends on neither. */
static const struct agent_event qwen_events[] = {
	{"SessionStart", NULL}, {"PreToolUse", "*"}, {"PostToolUse", "*"}, {"PostToolUseFailure", "*"}, {NULL, NULL},
};

/* clang-format off */
const struct agent agents[] = {
	{"claude", "Claude Code", "claude", "CLAUDE_CONFIG_DIR", ".claude", "settings.json", false, claude_events, NULL},
	{"codex", "Codex", "codex", "CODEX_HOME", ".codex", "hooks.json", false, codex_events,
	 "Codex runs no hook before you have trusted it: type /hooks in Codex"},
	{"gemini", "Gemini CLI", "gemini", NULL, ".gemini", "settings.json", false, gemini_events, NULL},
	{"opencode", "opencode", "opencode", "XDG_CONFIG_HOME", ".config", "opencode/plugin/gate.js", true, NULL, NULL},
	{"qwen", "Qwen Code", "qwen", NULL, ".qwen", "settings.json", false, qwen_events, NULL},
	{"copilot", "Copilot CLI", "copilot", "COPILOT_HOME", ".copilot", "hooks/gate.json", true, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL},
};
/* clang-format on */

const struct agent *agent_find(const char *name)
{
	for (const struct agent *a = agents; a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	return NULL;
}

static int agents_path(const struct agent *a, const char *file, char *buf, size_t size)
{
	char room[GATE_HOME_SIZE];
	const char *dir = a->env ? getenv(a->env) : NULL, *home = gate_home(room, sizeof room);
	int n;
	if (dir && *dir == '/')
		n = snprintf(buf, size, "%s/%s", dir, file);
	else if (home)
		n = snprintf(buf, size, "%s/%s/%s", home, a->dir, file);
	else
		return -ENOENT;
	return n < (int)size ? 0 : -ENAMETOOLONG;
}

int agent_file(const struct agent *a, char *buf, size_t size)
{
	return agents_path(a, a->file, buf, size);
}

bool agent_is_here(const struct agent *a)
{
	char path[4096], first[64];
	if (shim_find_program(a->program, path, sizeof path))
		return true;
	/* The directory that is the agent's alone: .config is everybody's. */
	size_t n = strcspn(a->file, "/");
	snprintf(first, sizeof first, "%.*s", !strcmp(a->dir, ".config") ? (int)n : 0, a->file);
	return !agents_path(a, first, path, sizeof path) && !access(path, F_OK);
}

json_t *agent_entry(const struct agent *a, const struct agent_event *e, const char *command)
{
	json_t *hook = json_pack("{s:s, s:s}", "type", "command", "command", command);
	if (strcmp(a->name, "claude") && strcmp(a->name, "codex"))
		json_object_set_new(hook, "name", json_string("gate"));
	return e->matcher ? json_pack("{s:s, s:[o]}", "matcher", e->matcher, "hooks", hook) :
			    json_pack("{s:[o]}", "hooks", hook);
}

static char *agents_copilot_file(const char *command)
{
	static const char *const events[] = {"sessionStart", "preToolUse", "postToolUse", NULL};
	json_t *hooks = json_object();
	for (size_t i = 0; events[i]; i++)
		json_object_set_new(
			hooks, events[i],
			json_pack("[{s:s, s:s, s:i}]", "type", "command", "bash", command, "timeoutSec", 30));
	json_t *all = json_pack("{s:i, s:o}", "version", 1, "hooks", hooks);
	char *text = all ? json_dumps(all, JSON_INDENT(2)) : NULL, *whole = NULL;
	if (text && asprintf(&whole, "%s\n", text) < 0)
		whole = NULL;
	free(text);
	json_decref(all);
	return whole;
}

/* opencode has no hooks but plugins: this one hands each event to gatesh hook, and does what it answers. */
static const char plugin[] =
	"// Written by gatesh install; gatesh uninstall removes it.\n"
	"const tools = [\"bash\", \"edit\", \"write\", \"patch\", \"apply_patch\"];\n"
	"const ask = (event, directory) => {\n"
	"  const said = Bun.spawnSync([\"/bin/sh\", \"-c\", command], { cwd: directory, stdin: Buffer.from(JSON.stringify(event)) });\n"
	"  try { return JSON.parse(said.stdout.toString()); } catch { return {}; }\n"
	"};\n"
	"export const Gate = async ({ directory }) => ({\n"
	"  \"tool.execute.before\": async (input, output) => {\n"
	"    if (!tools.includes(input.tool)) return;\n"
	"    const answer = ask({ event: \"before\", tool: input.tool, id: input.callID, session_id: input.sessionID, args: output.args, cwd: directory }, directory);\n"
	"    if (answer.deny) throw new Error(answer.deny);\n"
	"    if (answer.args) Object.assign(output.args, answer.args);\n"
	"  },\n"
	"  \"tool.execute.after\": async (input, output) => {\n"
	"    if (!tools.includes(input.tool)) return;\n"
	"    const answer = ask({ event: \"after\", tool: input.tool, id: input.callID, session_id: input.sessionID, cwd: directory }, directory);\n"
	"    if (answer.context) output.output += \"\\n\" + answer.context;\n"
	"  },\n"
	"  \"experimental.chat.system.transform\": async (input, output) => {\n"
	"    const answer = ask({ event: \"start\", cwd: directory }, directory);\n"
	"    if (answer.context) output.system.push(answer.context);\n"
	"  },\n"
	"});\n";

static char *agents_opencode_file(const char *command)
{
	json_t *word = json_string(command);
	char *quoted = word ? json_dumps(word, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL, *whole = NULL;
	if (quoted && asprintf(&whole, "%.*sconst command = %s;\n%s", (int)strcspn(plugin, "\n") + 1, plugin, quoted,
			       plugin + strcspn(plugin, "\n") + 1) < 0)
		whole = NULL;
	free(quoted);
	json_decref(word);
	return whole;
}

char *agent_own_file(const struct agent *a, const char *command)
{
	return strcmp(a->name, "opencode") ? agents_copilot_file(command) : agents_opencode_file(command);
}
