/* SPDX-License-Identifier: BSD-2-Clause */
/* index.c - finds the rules that could match a program: by its name, then by their first keyword. */
#include "rules/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t index_hash(const char *s, size_t n)
{
	uint32_t h = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static struct bucket *index_bucket_of(const struct rule_index *x, const char *name, size_t len)
{
	size_t i = index_hash(name, len) & (x->size - 1);
	while (x->names[i].name && (x->names[i].len != len || memcmp(x->names[i].name, name, len)))
		i = (i + 1) & (x->size - 1);
	return &x->names[i];
}

static struct bucket *index_glob_of(struct rule_index *x, const char *name, size_t len)
{
	for (size_t i = 0; i < x->nglobs; i++)
		if (x->globs[i].len == len && !memcmp(x->globs[i].name, name, len))
			return &x->globs[i];
	return rules_append(&x->globs, &x->nglobs, sizeof *x->globs);
}

static int index_put_place(struct workspaces *p, uint32_t rule)
{
	if (p->n && p->v[p->n - 1] == rule) /* a rule can name its program or keyword twice */
		return 0;
	uint32_t *slot = rules_append(&p->v, &p->n, sizeof *slot);
	if (!slot)
		return -ENOMEM;
	*slot = rule;
	return 0;
}

/* Return the most selective of a rule's keyword lines, the one whose shortest word is longest; NULL when it has
 * none. */
static const struct any_of *index_telling_keyword(const struct rule *r)
{
	const struct any_of *best = NULL;
	size_t longest = 0;
	for (size_t i = 0; i < r->nkeywords; i++) {
		size_t shortest = SIZE_MAX;
		for (char **word = r->keywords[i].words; *word; word++)
			shortest = strlen(*word) < shortest ? strlen(*word) : shortest;
		if (!best || shortest > longest) {
			best = &r->keywords[i];
			longest = shortest;
		}
	}
	return best;
}

static int index_put_key(struct bucket *b, const char *word, uint32_t rule)
{
	for (size_t i = 0; i < b->nkeys; i++)
		if (!strcmp(b->keys[i].word, word))
			return index_put_place(&b->keys[i].rules, rule);
	struct key *key = rules_append(&b->keys, &b->nkeys, sizeof *key);
	if (!key)
		return -ENOMEM;
	key->word = word;
	return index_put_place(&key->rules, rule);
}

static int index_put(struct bucket *b, const char *name, size_t len, const struct rule *r, uint32_t place)
{
	const struct any_of *keyword = index_telling_keyword(r);
	int err = keyword ? 0 : index_put_place(&b->unkeyed, place);
	b->name = name;
	b->len = len;
	b->contents |= 1u << r->content;
	for (char **word = keyword ? keyword->words : NULL; !err && word && *word; word++)
		err = index_put_key(b, *word, place);
	return err;
}

static int index_rule(struct rule_index *x, const struct rule *r, uint32_t place)
{
	char **names = rule_exec_programs(r);
	if (!rule_is_on_exec(r))
		return 0; /* nothing looks other events up here */
	if (!names)
		return index_put(&x->any, "", 0, r, place);
	for (char **name = names; *name; name++) {
		size_t len = strlen(*name);
		bool glob = (*name)[len - 1] == '*';
		struct bucket *b = glob ? index_glob_of(x, *name, len - 1) : index_bucket_of(x, *name, len);
		if (!b || index_put(b, *name, len - glob, r, place))
			return -ENOMEM;
	}
	return 0;
}

int rules_index_build(struct ruleset *rs)
{
	struct rule_index *x = calloc(1, sizeof *x);
	size_t names = 0;
	rules_index_free(rs->index);
	rs->index = x;
	for (size_t i = 0; i < rs->n; i++)
		for (char **name = rule_exec_programs(rs->rules[i]); name && *name; name++)
			names++;
	if (!x || rs->n > UINT32_MAX)
		return -ENOMEM;
	for (x->size = 8; x->size < names * 2;)
		x->size *= 2;
	if (!(x->names = calloc(x->size, sizeof *x->names)))
		return -ENOMEM;
	for (size_t i = 0; i < rs->n; i++)
		if (index_rule(x, rs->rules[i], (uint32_t)i))
			return -ENOMEM;
	return 0;
}

static void index_bucket_free(struct bucket *b)
{
	for (size_t i = 0; i < b->nkeys; i++)
		free(b->keys[i].rules.v);
	free(b->keys);
	free(b->unkeyed.v);
}

void rules_index_free(void *index)
{
	struct rule_index *x = index;
	if (!x)
		return;
	for (size_t i = 0; x->names && i < x->size; i++)
		index_bucket_free(&x->names[i]);
	for (size_t i = 0; i < x->nglobs; i++)
		index_bucket_free(&x->globs[i]);
	index_bucket_free(&x->any);
	free(x->names);
	free(x->globs);
	free(x);
}

const struct bucket *rules_bucket(const struct rule_index *x, const char *program, size_t *i)
{
	for (; *i < x->nglobs; ++*i)
		if (!strncmp(x->globs[*i].name, program, x->globs[*i].len))
			return &x->globs[(*i)++];
	if (*i == x->nglobs) {
		++*i;
		return &x->any;
	}
	if (*i == x->nglobs + 1) {
		++*i;
		return index_bucket_of(x, program, strlen(program));
	}
	return NULL;
}

bool rules_index_content(const struct ruleset *rs, const char *program, enum subject_content content)
{
	size_t i = 0;
	for (const struct bucket *b; (b = rules_bucket(rs->index, program, &i));)
		if (b->contents & 1u << content)
			return true;
	return false;
}
