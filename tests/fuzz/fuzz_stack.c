/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_stack.c - any bytes as a service file, with the stock modules of the build tree, where make fuzz runs. */
#include "policy/policy.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(enum diag_level level, const char *text, void *unused)
{
}

static struct stack *parse(const char *text, size_t size, enum ruleset_trust trust)
{
	const struct policy_dirs dirs = {.services = {"/nonexistent", NULL}, .modules = ".libs"};
	struct diag d = {.emit = ignore};
	struct source src = {.name = "service", .text = text, .len = size};
	struct stack *s;
	return service_parse(&src, &dirs, trust, &d, &s) ? NULL : s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* libFuzzer reads the counters of every module that was ever loaded, so the modules stay loaded. */
	static const char all[] =
		"exec required gate_rules\nexec required gate_confirm\nexec required gate_timestamp\n"
		"exec required gate_permit\nexec required gate_deny\nexec required gate_debug\n"
		"exec required gate_exec -- /bin/true\nverdict required gate_syslog\n";
	static struct stack *kept;
	if (!kept)
		kept = parse(all, strlen(all), TRUST_SYSTEM);
	stack_free(parse((const char *)data, size, size % 2 ? TRUST_PROJECT : TRUST_SYSTEM));
	return 0;
}
