/* fuzz_rules.c - any bytes as a rule pack: parsed, run against its own examples, and freed. */
#include "ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(enum diag_level level, const char *text, void *unused)
{
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset rs = {0};
	struct diag d = {.emit = ignore};
	struct source src = {.name = "pack", .text = (const char *)data, .len = size};
	if (!ruleset_parse(&rs, &src, PACK_PROJECT, &d) && !ruleset_finish(&rs, &d))
		ruleset_selftest(&rs, &d);
	ruleset_free(&rs);
	return 0;
}
