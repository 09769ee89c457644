/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_near.c - tries patterns on long near misses of their rule's hits, to find those that exceed a match limit.  Gate
 * takes such a pattern as matched, so it would ask about any command that looks a little like its hits.  See lint.h. */
#include "lint/lint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum {
	NEAR_BYTES = 400, /* length of a made-up command */
	NEAR_HITS = 2,    /* hits per rule to vary */
	NEAR_WORDS = 8,   /* words per hit to repeat */
};

/* A rule being tried; each of its patterns is reported once. */
struct near {
	struct lint *l;
	const struct rule *rule;
	bool *told; /* reported, by pattern, those of match first */
};

static void lint_near_try_text(struct near *n, struct strbuf *text)
{
	struct subject s = {.program = (char *)"", .text = text->s};
	size_t from, to, patterns = n->rule->nmatch + n->rule->nunless;
	for (size_t i = 0; !text->err && i < patterns; i++) {
		const struct pattern *p =
			i < n->rule->nmatch ? &n->rule->match[i] : &n->rule->unless[i - n->rule->nmatch];
		if (n->told[i] || rule_pattern_span(p, &s, &from, &to) != RULE_LIMIT)
			continue;
		n->told[i] = true;
		lint_warn(n->l, n->rule, p, "this pattern exceeds a match limit on %.60s... (%zu bytes)", text->s,
			  text->len);
	}
	text->len = 0;
}

/* Try `head`, then `part` repeated, then `tail`. */
static void lint_near_try_repeated(struct near *n, const char *head, size_t head_len, const char *part, size_t part_len,
				   const char *tail)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_put(&b, head, head_len);
	while (b.len < NEAR_BYTES && !b.err && part_len)
		strbuf_put(&b, part, part_len);
	strbuf_puts(&b, tail);
	lint_near_try_text(n, &b);
}

/* Try the command with each of its words repeated in place, cut off before its end, and with a nearly right end. */
static void lint_near_vary(struct near *n, const char *text)
{
	const char *last = strrchr(text, ' '), *at = strchr(text, ' ');
	lint_near_try_repeated(n, text, strlen(text) - 1, " ", 1, "");
	lint_near_try_repeated(n, text, strlen(text), "a", 1, "");
	lint_near_try_repeated(n, text, strcspn(text, " "), " 'a b'", 6, last ? last : "");
	for (size_t i = 0; at && i < NEAR_WORDS; i++) {
		size_t len = 1 + strcspn(at + 1, " ");
		lint_near_try_repeated(n, text, (size_t)(at - text), at, len, "");
		lint_near_try_repeated(n, text, (size_t)(at - text) + len, at, len, last && last > at ? "'" : " -");
		at = at[len] ? at + len : NULL;
	}
}

int lint_near(struct lint *l, const struct rule *r)
{
	struct near n = {.l = l, .rule = r, .told = calloc(r->nmatch + r->nunless + 1, 1)};
	int err = n.told ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < r->nhits && i < NEAR_HITS; i++) {
		struct subjects subjects = {0};
		struct gate_event ev = {.struct_size = sizeof(struct gate_event),
					.type = GATE_EVENT_EXEC,
					.shell_text = r->hits[i].text};
		err = ruleset_subjects(&l->rules, &ev, &subjects);
		for (size_t k = 0; !err && k < subjects.n; k++)
			if (rule_match(r, &subjects.v[k]) == RULE_HIT && !subjects.v[k].unknown)
				lint_near_vary(&n, subjects.v[k].plain ? subjects.v[k].plain : subjects.v[k].text);
		subjects_free(&subjects);
		err = err == -E2BIG ? 0 : err;
	}
	free(n.told);
	return err;
}
