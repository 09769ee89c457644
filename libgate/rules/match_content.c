/* match_content.c - which rules ask for what a program reads, and which of its statements they want. */
#include <errno.h>
#include <stdlib.h>

#include "rules/rules_internal.h"

/* The content rules, and those that matched already: a rule is told once, with the first statement it met. */
struct wanting {
	const struct ruleset *rs;
	unsigned char *met;
};

/* Without a text: does any rule ask?  With one: does it match a rule that met none yet?  So a dump of a million lines
 * has a handful of subjects. */
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
