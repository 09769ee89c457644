/* SPDX-License-Identifier: BSD-2-Clause */
/* regex.c - PCRE2 as rules use it: each pattern is compiled once, and every match is bounded.
 *
 * Gate uses the interpreter because the JIT ignores depth and heap limits.  Compiling for the JIT would also cost each
 * start more than it saves: after program and keyword, few patterns are left to match. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/rules_internal.h"

#include <errno.h>
#include <limits.h>
#include <pcre2.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum {
	STEPS = 50000,       /* backtracking steps for any match ... */
	STEPS_PER_BYTE = 16, /* ... and more for a long subject, so that only a super-linear pattern runs out */
	DEPTH = 20000,       /* nested backtracking points, plus one for each byte */
	HEAP_KIB = 64 << 10,
	MESSAGE = 256,
	KNOWN = 512, /* cached results; a power of two */
};

/* The result of a pattern on the current text.  Rules share patterns, such as the words before a subcommand, --help and
 * --dry-run. */
struct known {
	const rule_regex *code;
	unsigned text;
	int how;
};

struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	unsigned text; /* the number of the current text */
	struct known known[KNOWN];
};

/* A pattern compiled once for all rules that have it; rs->codes is a tsearch(3) tree of them. */
struct shared {
	char *text;
	rule_regex *code;
};

static int regex_by_text(const void *a, const void *b)
{
	return strcmp(((const struct shared *)a)->text, ((const struct shared *)b)->text);
}

static void regex_shared_free(void *shared)
{
	struct shared *s = shared;
	pcre2_code_free(s->code);
	free(s->text);
	free(s);
}

void patterns_forget(struct ruleset *rs)
{
	tdestroy(rs->codes, regex_shared_free);
	rs->codes = NULL;
}

/* Hand the compiled code to the ruleset.  On -ENOMEM it is freed. */
static int regex_share(struct ruleset *rs, struct pattern *p, const char *whole)
{
	struct shared *s = calloc(1, sizeof *s);
	if (s && (s->text = strdup(whole))) {
		s->code = p->code;
		if (tsearch(s, &rs->codes, regex_by_text))
			return 0;
	}
	pcre2_code_free(p->code);
	p->code = NULL;
	if (s)
		free(s->text);
	free(s);
	return -ENOMEM;
}

/* Groups that every pattern may call by name: see *match* in gate.rules(5). */
static const struct define groups[] = {
	{"options", "(?: -\\S+(?: [^-' ]\\S*| '[^']*')?)*?"},
	{"words", "(?: (?:[^' \\\\]++|\\\\'?+|'[^']*+')++)*?"},
};
enum { NGROUPS = sizeof groups / sizeof *groups };

bool pattern_group_is_known(const char *name, size_t len)
{
	for (size_t i = 0; i < NGROUPS; i++)
		if (strlen(groups[i].name) == len && !memcmp(groups[i].name, name, len))
			return true;
	return false;
}

/* If the pattern calls the group, append its definition after the pattern. */
static bool regex_put_called(struct strbuf *b, const struct define *d)
{
	cleanup_strbuf struct strbuf call = {0};
	if (!d->name || !d->regex)
		return false;
	strbuf_printf(&call, "(?&%s)", d->name);
	if (call.err)
		b->err = call.err;
	if (b->err || !strstr(b->s, call.s))
		return false;
	strbuf_printf(b, "(?(DEFINE)(?<%s>%s))", d->name, d->regex);
	return true;
}

/* Append the pattern, then the groups it calls, then the groups they call.  The pattern comes first so that the offset
 * of an error is right. */
static void regex_put_pattern(struct strbuf *b, const struct pack *pack, const char *text)
{
	bool put[NGROUPS + RULES_DEFINES_MAX] = {false};
	strbuf_puts(b, text);
	for (bool more = true; more && !b->err;) {
		more = false;
		for (size_t i = 0; i < NGROUPS + pack->ndefines; i++)
			if (!put[i] && regex_put_called(b, i < NGROUPS ? &groups[i] : &pack->defines[i - NGROUPS]))
				more = put[i] = true;
	}
}

int pattern_compile(const struct pack *pack, struct pattern *p, const char **message, size_t *offset)
{
	static _Thread_local char text[MESSAGE];
	cleanup_strbuf struct strbuf whole = {0};
	int error = 0;
	*message = text;
	*offset = 0;
	regex_put_pattern(&whole, pack, p->text);
	if (whole.err)
		return whole.err;
	struct shared key = {.text = whole.s}, *const *found = tfind(&key, &pack->rs->codes, regex_by_text);
	if (found) {
		p->code = (*found)->code;
		return 0;
	}
	/* PCRE2_MATCH_INVALID_UTF forbids \C, which could split a character. */
	p->code = pcre2_compile((PCRE2_SPTR)whole.s, whole.len,
				PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY,
				&error, offset, NULL);
	if (p->code)
		return regex_share(pack->rs, p, whole.s);
	if (error == PCRE2_ERROR_HEAP_FAILED || error == PCRE2_ERROR_NOMEMORY)
		return -ENOMEM;
	if (*offset > strlen(p->text))
		*offset = strlen(p->text);
	if (pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text) < 0)
		*message = "bad regular expression";
	return -EINVAL;
}

struct matcher *matcher_new(void)
{
	struct matcher *m = calloc(1, sizeof *m);
	if (!m)
		return NULL;
	m->data = pcre2_match_data_create(1, NULL);
	m->context = pcre2_match_context_create(NULL);
	if (!m->data || !m->context) {
		matcher_free(m);
		return NULL;
	}
	pcre2_set_heap_limit(m->context, HEAP_KIB);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	free(m);
}

int pattern_match(const struct pattern *p, const char *text, size_t len, struct matcher *m)
{
	size_t steps = STEPS + STEPS_PER_BYTE * len, depth = DEPTH + len;
	pcre2_set_match_limit(m->context, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
	pcre2_set_depth_limit(m->context, depth < UINT32_MAX ? (uint32_t)depth : UINT32_MAX);
	int r = pcre2_match(p->code, (PCRE2_SPTR)text, len, 0, 0, m->data, m->context);
	if (r == PCRE2_ERROR_NOMATCH)
		return RULE_MISS;
	/* Any other failure (a limit, memory) needs a decision: it must not pass as a miss. */
	return r >= 0 ? RULE_HIT : RULE_LIMIT;
}

void matcher_next_text(struct matcher *m)
{
	m->text += MATCHER_VARIANTS;
}

int pattern_match_once(const struct pattern *p, const char *text, size_t len, unsigned variant, struct matcher *m)
{
	struct known *k = &m->known[(((uintptr_t)p->code >> 5) ^ variant * 73) & (KNOWN - 1)];
	if (k->code != p->code || k->text != m->text + variant)
		*k = (struct known){p->code, m->text + variant, pattern_match(p, text, len, m)};
	return k->how;
}

void matcher_span(const struct matcher *m, size_t *from, size_t *to)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(m->data);
	/* \K in a lookahead may put the start after the end. */
	*to = ovector[1];
	*from = ovector[0] < ovector[1] ? ovector[0] : ovector[1];
}

bool pattern_has_group(const struct pattern *p, const char *name)
{
	return pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name) > 0;
}

bool pattern_group(const struct pattern *p, const char *text, const char *name, size_t *from, size_t *to)
{
	int group = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);
	struct matcher *m = group > 0 ? matcher_new() : NULL;
	pcre2_match_data *pairs = m ? pcre2_match_data_create_from_pattern(p->code, NULL) : NULL;
	bool captured = false;
	if (pairs) {
		pcre2_match_data_free(m->data);
		m->data = pairs;
		captured = pattern_match(p, text, strlen(text), m) == RULE_HIT;
	}
	if (captured) {
		const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(m->data);
		*from = ovector[2 * group];
		*to = ovector[2 * group + 1];
		captured = *from != PCRE2_UNSET && *from <= *to;
	}
	matcher_free(m);
	return captured;
}
