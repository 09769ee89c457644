/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_rules.c - any bytes as a user's pack over one of the system's, and then as a project's.  Parses the pack,
 * applies its adjustments, runs its own examples, and frees it.  Files that it includes are not read. */
#include "rules/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(enum diag_level level, const char *text, void *unused)
{
}

static void judge(const uint8_t *data, size_t size, enum ruleset_trust trust)
{
	static const char base[] =
		"pack: base\nversion: 1.0\n\nrule: base.a\non: exec\nprogram: x\nseverity: danger\nreason: r\n"
		"hit: x\nmiss: y\n";
	struct ruleset rs = {0};
	struct diag d = {.emit = ignore};
	struct source src = {.name = "pack", .text = (const char *)data, .len = size};
	struct source first = {.name = "base", .text = base, .len = sizeof base - 1};
	if (!ruleset_parse(&rs, &first, TRUST_SYSTEM, &d) && !ruleset_parse(&rs, &src, trust, &d) &&
	    !ruleset_finish(&rs, &d))
		ruleset_selftest(&rs, &d);
	ruleset_free(&rs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	judge(data, size, TRUST_USER);
	judge(data, size, TRUST_PROJECT);
	return 0;
}
