/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_keep.c - allows files to be removed or overwritten without a question if Gate can keep them for undo.
 * gate_keep(8). */
#include <gate_module.h>

#include <string.h>

/* The code that keeps files uses max, quota, age and hold; libgate/policy/keep_terms.c reads them. */
static const struct gate_option options[] = {
	{"keep|ask|deny|pass", GATE_OPT_WORD, "keep|ask|deny|pass", false},
	{"max", GATE_OPT_SIZE, NULL, false},
	{"quota", GATE_OPT_SIZE, NULL, false},
	{"age", GATE_OPT_AGE, NULL, false},
	{"hold", GATE_OPT_AGE, NULL, false},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

static int keep_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	int ret = gate_match(h, event);
	const char *word = gate_opt_word(argc, argv, options->choices, "keep");
	/* The question is a rule's, but whoever answers it must know that nothing comes back. */
	if (ret == GATE_FINDING && event->unkept && !strcmp(word, "keep")) {
		gate_set_reason(h, "it can't be kept for undo: %s", event->unkept);
		return GATE_FINDING;
	}
	if (ret != GATE_IGNORE && ret != GATE_SUCCESS)
		return gate_ruled(h) ? GATE_IGNORE : ret;
	if (!strcmp(word, "deny"))
		return gate_refuse(h, event, "nothing may be removed or overwritten here");
	if (!strcmp(word, "ask")) {
		gate_set_reason(h, "Gate asks before anything is removed or overwritten here");
		return GATE_FINDING;
	}
	const char *unkept = gate_opt_size(argc, argv, "quota", 1) ? event->unkept : "the quota is 0";
	if (!strcmp(word, "pass") || !unkept)
		return GATE_SUCCESS;
	gate_set_reason(h,
			event->type == GATE_EVENT_WRITE ?
				"it may be written in place, and undo could not bring it back: %s" :
				"it can't be kept for undo: %s",
			unkept);
	return GATE_FINDING;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_keep",
	.events =
		1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE | 1u << GATE_EVENT_WRITE,
	.options = options,
	.decide = keep_decide,
};
