/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_jsonc.c - gatesh/adopt/jsonc.c, jsonc_edit.c and hook_entries.c: the settings file of an agent.  What was put in comes out
 * again, and both texts are still JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adopt/hook_entries.h"
#include "adopt/jsonc.h"

static const struct agent_event events[] = {{"SessionStart", NULL}, {"PreToolUse", "Bash"}, {NULL, NULL}};
static const struct agent agent = {.name = "claude", .events = events};

json_t *agent_entry(const struct agent *a, const struct agent_event *e, const char *command)
{
	return json_pack("{s:[{s:s}]}", "hooks", "command", command);
}

static void check(const struct strbuf *b)
{
	unsigned line;
	if (b->err || hook_entries_check(b->s, b->len, &line))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	cleanup_strbuf struct strbuf clean = {0}, with = {0}, without = {0}, again = {0};
	unsigned line;
	bool same;
	if (hook_entries_check(text, size, &line))
		return 0;
	if (hook_entries_remove(&agent, text, size, &clean) < 0)
		abort();
	check(&clean);
	if (hook_entries_add(&agent, "/usr/bin/gatesh hook claude", clean.s ? clean.s : "", clean.len, &with))
		return 0; /* something else stands there */
	check(&with);
	if (hook_entries_count(&agent, "/usr/bin/gatesh hook claude", with.s, with.len, &same) != 2 || !same)
		abort();
	if (hook_entries_remove(&agent, with.s, with.len, &without) != 2)
		abort();
	check(&without);
	if (hook_entries_remove(&agent, without.s, without.len, &again) != 0)
		abort();
	return 0;
}
