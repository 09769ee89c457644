/* SPDX-License-Identifier: BSD-2-Clause */
/* match_content.c - decides which rules need the content that a program reads, and which of its statements to keep. */
#include <errno.h>
#include <stdlib.h>

#include "rules/rules_internal.h"

/* The rules about content, and those that already matched.  A rule is reported once, with the first statement that
 * matches it. */
struct wanting {
	const struct ruleset *rs;
	unsigned char *met;
};

/* Without a text: does any rule need such content?  With one: does it match a rule that no earlier statement matched?
 * A dump of a million lines thus yields a handful of subjects. */
static bool match_content_wants(const struct subject *s, void *data)
{
	struct wanting *w = data;
	bool wanted = false;
	if (!s->text)
		return rules_index_content(w->rs, s->program, s->content);
	for (size_t i = 0; i < w->rs->ncontent; i++) {
		const struct rule *r = w->rs->content[i];
		if (!w->met[i] && rule_match(r, s) != RULE_MISS) {
			w->met[i] = true;
			wanted = true;
		}
	}
	return wanted;
}

int ruleset_subjects(const struct ruleset *rs, const struct gate_event *event, struct subjects *out)
{
	struct wanting w = {rs, calloc(rs->ncontent + 1, 1)};
	struct subject_wish wish = {match_content_wants, &w};
	int r = w.met ? subjects_with_content(event, rs->ncontent ? &wish : NULL, out) : -ENOMEM;
	free(w.met);
	return r;
}
