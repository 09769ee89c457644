/* SPDX-License-Identifier: BSD-2-Clause */
/* image_build_files.c - builds the policy image's tables for file events.  formats/image.h documents them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "image/image_internal.h"

struct builder {
	struct strbuf *out; /* strings are written at once, tables at the end */
	struct strbuf workspaces, temporary, stores, rules, globs, words, keys;
	struct strbuf raw; /* globs in the order of their rules */
	struct image_pairs pairs;
	struct strbuf any;
};

static uint32_t build_files_put_string(struct builder *b, const char *s)
{
	size_t at = b->out->len;
	strbuf_put(b->out, s, strlen(s) + 1);
	return (uint32_t)at;
}

static struct gate_image_span build_files_put_words(struct builder *b, char *const *words)
{
	struct gate_image_span span = {(uint32_t)(b->words.len / sizeof(uint32_t)), 0};
	for (; words && *words; words++, span.n++) {
		uint32_t at = build_files_put_string(b, *words);
		strbuf_put(&b->words, (const char *)&at, sizeof at);
	}
	return span;
}

static bool build_files_is_literal(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("*?[", s[i]))
			return false;
	return n;
}

/* Find what a path must contain for the glob to match it: the glob's longest literal component, or the suffix of its
 * last one. */
static bool build_files_key_of(const char *glob, uint32_t *hash)
{
	const char *best = NULL, *last = glob;
	size_t longest = 0;
	for (const char *s = glob; *s;) {
		size_t n = strcspn(s, "/");
		if (n > longest && build_files_is_literal(s, n) && !(s == glob && *s == '~')) {
			best = s;
			longest = n;
		}
		last = s;
		s += n + (s[n] == '/');
	}
	if (best) {
		*hash = image_hash(best, longest);
		return true;
	}
	if (last[0] != '*' || last[1] != '.' || strchr(last, '/') ||
	    !build_files_is_literal(last + 1, strlen(last + 1)))
		return false;
	*hash = gate_hash_byte(GATE_HASH_START, GATE_HASH_PREFIX_MARK);
	for (const char *s = last + 1; *s; s++)
		*hash = gate_hash_byte(*hash, (unsigned char)*s);
	return true;
}

static void build_files_add_glob(struct builder *b, const char *glob, uint32_t rule)
{
	uint32_t hash;
	struct gate_image_glob g = {glob ? build_files_put_string(b, glob) : 0, rule};
	if (glob && build_files_key_of(glob, &hash)) {
		image_pairs_add(&b->pairs, hash, b->raw.len / sizeof g);
		strbuf_put(&b->raw, (const char *)&g, sizeof g);
	} else {
		strbuf_put(&b->any, (const char *)&g, sizeof g);
	}
}

static void build_files_add_rule(struct builder *b, const struct rule *r)
{
	static const enum gate_class classes[] = {
		[GATE_ACTION_ASK] = GATE_CLASS_ASK,    [GATE_ACTION_DENY] = GATE_CLASS_DENY,
		[GATE_ACTION_ALLOW] = GATE_CLASS_PASS, [GATE_ACTION_LOG] = GATE_CLASS_NONE,
		[GATE_ACTION_KEEP] = GATE_CLASS_KEEP,
	};
	uint32_t index = (uint32_t)(b->rules.len / sizeof(struct gate_image_file_rule));
	struct gate_image_file_rule f = {
		.events = rule_judges(r),
		.class = classes[r->action],
		.severity = r->severity,
		.outside = r->outside,
		.within = r->within,
		.excepts = build_files_put_words(b, r->excepts),
		.programs = build_files_put_words(b, r->programs),
	};
	strbuf_put(&b->rules, (const char *)&f, sizeof f);
	if (!r->paths || !*r->paths)
		build_files_add_glob(b, NULL, index);
	for (char *const *g = r->paths; g && *g; g++)
		build_files_add_glob(b, *g, index);
}

static void build_files_put_paths(struct builder *b, struct strbuf *table, const char *const *paths)
{
	for (; paths && *paths; paths++) {
		uint32_t at = build_files_put_string(b, *paths);
		strbuf_put(table, (const char *)&at, sizeof at);
	}
}

static int build_files_put_stores(struct builder *b, const char *const *stores)
{
	struct stat st;
	for (; stores && *stores; stores++) {
		if (stat(*stores, &st))
			return -errno;
		struct gate_image_store s = {major(st.st_dev), minor(st.st_dev), build_files_put_string(b, *stores)};
		strbuf_put(&b->stores, (const char *)&s, sizeof s);
	}
	return 0;
}

/* Sort globs by key; globs without a key come last. */
static void build_files_sort_globs(struct builder *b, struct gate_image_files *f)
{
	cleanup_strbuf struct strbuf lists = {0};
	image_pairs_table(&b->pairs, &b->keys, &lists);
	const struct gate_image_glob *raw = (const struct gate_image_glob *)b->raw.s;
	const uint32_t *order = (const uint32_t *)lists.s;
	for (size_t i = 0; i < lists.len / sizeof *order; i++)
		strbuf_put(&b->globs, (const char *)&raw[order[i]], sizeof *raw);
	f->any = (struct gate_image_span){(uint32_t)(b->globs.len / sizeof *raw), (uint32_t)(b->any.len / sizeof *raw)};
	strbuf_put(&b->globs, b->any.s ? b->any.s : "", b->any.len);
	b->pairs.err = b->pairs.err ? b->pairs.err : lists.err;
}

static void build_files_put_tables(struct builder *b, struct gate_image_head *head, struct gate_image_files *f)
{
	static const char zeros[8];
	build_files_sort_globs(b, f);
	strbuf_put(b->out, zeros, -b->out->len % 8);
	f->workspaces = image_put_table(b->out, &b->workspaces, sizeof(uint32_t));
	f->temporary = image_put_table(b->out, &b->temporary, sizeof(uint32_t));
	f->stores = image_put_table(b->out, &b->stores, sizeof(struct gate_image_store));
	f->rules = image_put_table(b->out, &b->rules, sizeof(struct gate_image_file_rule));
	f->globs = image_put_table(b->out, &b->globs, sizeof(struct gate_image_glob));
	f->words = image_put_table(b->out, &b->words, sizeof(uint32_t));
	f->keys = image_put_table(b->out, &b->keys, sizeof(struct gate_image_name));
	strbuf_put(b->out, zeros, -b->out->len % 8);
	head->files = (uint32_t)b->out->len;
	strbuf_put(b->out, (const char *)f, sizeof *f);
}

int image_files_put(struct strbuf *out, struct gate_image_head *head, const struct ruleset *rs,
		    const struct image_files *files)
{
	const struct gate_image_options *o = files->options;
	struct builder b = {.out = out};
	struct gate_image_files f = {0};
	memcpy(f.keep, files->keep, sizeof f.keep);
	if (o->home)
		f.home = build_files_put_string(&b, o->home);
	build_files_put_paths(&b, &b.workspaces, o->workspaces);
	build_files_put_paths(&b, &b.temporary, o->temporary);
	int err = build_files_put_stores(&b, o->stores);
	for (size_t i = 0; i < rs->n; i++)
		if (rs->rules[i]->events & RULE_FILE_EVENTS)
			build_files_add_rule(&b, rs->rules[i]);
	build_files_put_tables(&b, head, &f);
	head->file_events = files->events & RULE_FILE_EVENTS;
	head->since = (uint64_t)o->since.tv_sec * 1000000000u + (uint64_t)o->since.tv_nsec;
	struct strbuf *all[] = {&b.workspaces, &b.temporary, &b.stores, &b.rules, &b.globs,
				&b.words,      &b.keys,      &b.raw,    &b.any};
	err = err ? err : b.pairs.err;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		err = err ? err : all[i]->err;
		strbuf_free(all[i]);
	}
	image_pairs_free(&b.pairs);
	return err;
}
