/* SPDX-License-Identifier: BSD-2-Clause */
/* regex.c - PCRE2 as rules use it: each pattern is compiled once, those of the installed packs when they are first needed, and
 * every match is bounded.
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
	const struct regex *regex;
	unsigned text;
	int how;
};

struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	unsigned text; /* the number of the current text */
	struct known known[KNOWN];
};

/* A pattern of all rules that have it; rs->codes is a tsearch(3) tree of them. */
struct regex {
	char *text;
	rule_regex *code; /* NULL: not compiled yet.  Read and set atomically, as many threads match at once. */
};

static int regex_by_text(const void *a, const void *b)
{
	return strcmp(((const struct regex *)a)->text, ((const struct regex *)b)->text);
}

static void regex_free(void *regex)
{
	struct regex *x = regex;
	pcre2_code_free(x->code);
	free(x->text);
	free(x);
}

void patterns_forget(struct ruleset *rs)
{
	tdestroy(rs->codes, regex_free);
	rs->codes = NULL;
}

/* Add a pattern to the ruleset.  Returns NULL when out of memory. */
static struct regex *regex_add(struct ruleset *rs, const char *whole)
{
	struct regex *x = calloc(1, sizeof *x);
	if (x && (x->text = strdup(whole)) && tsearch(x, &rs->codes, regex_by_text))
		return x;
	if (x)
		regex_free(x);
	return NULL;
}

/* Compile a pattern.  Returns NULL and the error if that fails. */
static rule_regex *regex_compile(const struct regex *x, int *error, size_t *offset)
{
	/* PCRE2_MATCH_INVALID_UTF forbids \C, which could split a character. */
	return pcre2_compile((PCRE2_SPTR)x->text, PCRE2_ZERO_TERMINATED,
			     PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY,
			     error, offset, NULL);
}

/* Two threads may compile it at once: one keeps its code. */
rule_regex *pattern_code(const struct pattern *p)
{
	rule_regex *code = __atomic_load_n(&p->regex->code, __ATOMIC_ACQUIRE), *other = NULL;
	size_t offset;
	int error;
	if (code || !(code = regex_compile(p->regex, &error, &offset)))
		return code;
	if (__atomic_compare_exchange_n(&p->regex->code, &other, code, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return code;
	pcre2_code_free(code);
	return other;
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

static bool regex_calls(const char *text, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = text; (at = strstr(at, "(?&")); at += 3)
		if (!strncmp(at + 3, name, n) && at[3 + n] == ')')
			return true;
	return false;
}

/* If the pattern calls the group, append its definition after the pattern. */
static bool regex_put_called(struct strbuf *b, const struct define *d)
{
	if (!d->name || !d->regex || b->err || !regex_calls(b->s, d->name))
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

/* Compile the pattern at once, and tell what is wrong with it. */
static int regex_check(struct regex *x, const struct pattern *p, const char **message, size_t *offset)
{
	static _Thread_local char text[MESSAGE];
	int error = 0;
	if (x->code || (x->code = regex_compile(x, &error, offset)))
		return 0;
	if (error == PCRE2_ERROR_HEAP_FAILED || error == PCRE2_ERROR_NOMEMORY)
		return -ENOMEM;
	if (*offset > strlen(p->text))
		*offset = strlen(p->text);
	*message = text;
	if (pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text) < 0)
		*message = "bad regular expression";
	return -EINVAL;
}

int pattern_compile(const struct pack *pack, struct pattern *p, const char **message, size_t *offset)
{
	cleanup_strbuf struct strbuf whole = {0};
	*message = "";
	*offset = 0;
	regex_put_pattern(&whole, pack, p->text);
	if (whole.err)
		return whole.err;
	struct regex key = {.text = whole.s}, *const *found = tfind(&key, &pack->rs->codes, regex_by_text);
	p->regex = found ? *found : regex_add(pack->rs, whole.s);
	return !p->regex ? -ENOMEM : pack->rs->installed ? 0 : regex_check(p->regex, p, message, offset);
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
	const rule_regex *code = pattern_code(p);
	int r = code ? pcre2_match(code, (PCRE2_SPTR)text, len, 0, 0, m->data, m->context) : PCRE2_ERROR_NULL;
	if (r == PCRE2_ERROR_NOMATCH)
		return RULE_MISS;
	/* Any other failure (a limit, memory, no valid pattern) needs a decision: it must not pass as a miss. */
	return r >= 0 ? RULE_HIT : RULE_LIMIT;
}

void matcher_next_text(struct matcher *m)
{
	m->text += MATCHER_VARIANTS;
}

int pattern_match_once(const struct pattern *p, const char *text, size_t len, unsigned variant, struct matcher *m)
{
	struct known *k = &m->known[(((uintptr_t)p->regex >> 5) ^ variant * 73) & (KNOWN - 1)];
	if (k->regex != p->regex || k->text != m->text + variant)
		*k = (struct known){p->regex, m->text + variant, pattern_match(p, text, len, m)};
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
	const rule_regex *code = pattern_code(p);
	return code && pcre2_substring_number_from_name(code, (PCRE2_SPTR)name) > 0;
}

bool pattern_group(const struct pattern *p, const char *text, const char *name, size_t *from, size_t *to)
{
	const rule_regex *code = pattern_code(p);
	int group = code ? pcre2_substring_number_from_name(code, (PCRE2_SPTR)name) : 0;
	struct matcher *m = group > 0 ? matcher_new() : NULL;
	pcre2_match_data *pairs = m ? pcre2_match_data_create_from_pattern(code, NULL) : NULL;
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
