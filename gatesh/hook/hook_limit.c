/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_limit.c - finds the time limit of a tool call.  See hook_limit.h. */
#include "hook/hook_limit.h"

#include <stdlib.h>

enum { HOOK_LIMIT_MAX_MS = 24 * 3600 * 1000 };

/* The agents that end a command: their default limit, and the variable that sets another one, both in milliseconds.  Gemini CLI ends a
 * command that has printed nothing for so long, which one that waits for a person does not.  Codex and Copilot let a command go
 * on in the background. */
static const struct {
	uint32_t ms;
	const char *variable;
} defaults[HOOK_AGENTS] = {
	[HOOK_CLAUDE] = {120000, "BASH_DEFAULT_TIMEOUT_MS"},
	[HOOK_OPENCODE] = {120000, "OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS"},
	[HOOK_QWEN] = {120000, NULL},
	[HOOK_GEMINI] = {300000, NULL},
};

static uint32_t hook_limit_of(double ms)
{
	return ms >= 1 && ms <= HOOK_LIMIT_MAX_MS ? (uint32_t)ms : 0;
}

/* Does the command go on in the background, so that nobody waits for it? */
static bool hook_limit_is_background(const struct hook_event *e)
{
	return json_is_true(json_object_get(e->input, "run_in_background")) ||
	       json_is_true(json_object_get(e->input, "is_background"));
}

uint32_t hook_limit_ms(const struct hook_event *e)
{
	if (!e->command || hook_limit_is_background(e))
		return 0;
	const json_t *said = json_object_get(e->input, e->agent == HOOK_CODEX ? "timeout_ms" : "timeout");
	uint32_t ms = e->agent == HOOK_COPILOT ? 0 : hook_limit_of(json_number_value(said));
	const char *named = defaults[e->agent].variable ? getenv(defaults[e->agent].variable) : NULL;
	if (!ms && named)
		ms = hook_limit_of(strtod(named, NULL));
	return ms ? ms : defaults[e->agent].ms;
}
