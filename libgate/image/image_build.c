/* SPDX-License-Identifier: BSD-2-Clause */
/* image_build.c - builds the policy image of a rule set.  formats/image.h documents the tables. */
#include "image/image_build.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image_internal.h"
#include "subject/wrappers/wrapper.h"

struct builder {
	struct gate_image_head head;
	struct image_pairs pairs;
	struct strbuf rules, groups, words, text, any;
	struct image_connect connect;
	void *wanting; /* tsearch(3) tree of struct wanting */
	int err;
};

static void image_build_put_u32(struct strbuf *b, size_t v)
{
	uint32_t u = (uint32_t)v;
	strbuf_put(b, (const char *)&u, sizeof u);
}

static void image_build_put_span(struct strbuf *b, size_t first, size_t n)
{
	image_build_put_u32(b, first);
	image_build_put_u32(b, n);
}

static void image_build_add_pair(struct builder *b, uint32_t hash, size_t rule)
{
	image_pairs_add(&b->pairs, hash, rule);
	gate_filter_add(b->head.name_filter, GATE_FILTER_NAMES, hash);
}

/* The interposer splits a carrier's arguments into parts.  A name that contains other characters is therefore also
 * entered by each of its parts. */
static void image_build_add_parts(struct builder *b, const char *name, size_t rule)
{
	static const char in_name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
	if (!name[strspn(name, in_name)])
		return;
	for (const char *p = name; *p;) {
		size_t n = strspn(p, in_name);
		if (n)
			image_build_add_pair(b, image_hash(p, n), rule);
		p += n ? n : 1;
	}
}

/* Returns false when the name stands for any program ("*"). */
static bool image_build_add_name(struct builder *b, const char *name, size_t rule)
{
	size_t n = strlen(name);
	if (!n || name[n - 1] != '*') {
		image_build_add_pair(b, image_hash(name, n), rule);
		image_build_add_parts(b, name, rule);
		return true;
	}
	if (--n == 0)
		return false;
	if (n > GATE_PREFIX_MAX)
		n = GATE_PREFIX_MAX;
	b->head.prefix_lengths |= 1u << n;
	image_build_add_pair(b, gate_hash_byte(image_hash(name, n), GATE_HASH_PREFIX_MARK), rule);
	return true;
}

/* Rules are matched against shown text.  A keyword that could occur in quoting or in an escape but not in the raw words
 * is left to the engine: the image gets an empty keyword, which always matches. */
static bool image_build_only_shown(const char *word)
{
	for (const char *p = word; *p; p++)
		if (!isgraph((unsigned char)*p) || strchr("\\'\"{}", *p))
			return true;
	return strlen(word) > 3 && !word[strspn(word, "0123456789abcdefABCDEF")];
}

/* A rule about content looks for its keywords in the program's input, not in its arguments. */
static size_t image_build_groups_of(const struct rule *r)
{
	return r->content ? 0 : r->nkeywords;
}

/* Rules with the same keywords share one entry in the prefilter. */
struct wanting {
	char *keywords; /* its keyword groups as text */
	size_t index;
};

static int image_build_by_keywords(const void *x, const void *y)
{
	return strcmp(((const struct wanting *)x)->keywords, ((const struct wanting *)y)->keywords);
}

static void image_build_wanting_free(void *wanting)
{
	free(((struct wanting *)wanting)->keywords);
	free(wanting);
}

/* Return the index of a rule with the same keywords.  If there is none, return the next index and set *fresh: the
 * caller adds the rule. */
static size_t image_build_index_of(struct builder *b, const struct rule *r, bool *fresh)
{
	struct strbuf text = {0};
	size_t next = b->rules.len / sizeof(struct gate_image_span);
	for (size_t g = 0; g < image_build_groups_of(r); g++) {
		for (char **w = r->keywords[g].words; *w; w++)
			strbuf_printf(&text, " %s", *w);
		strbuf_putc(&text, '\n');
	}
	strbuf_puts(&text, "");
	struct wanting *new = calloc(1, sizeof *new), *const *found = NULL;
	if (new && (new->keywords = strbuf_take(&text))) {
		new->index = next;
		found = tsearch(new, &b->wanting, image_build_by_keywords);
	}
	*fresh = found && *found == new;
	if (!found)
		b->err = -ENOMEM;
	size_t index = found ? (*found)->index : next;
	if (new && !*fresh)
		image_build_wanting_free(new);
	strbuf_free(&text);
	return index;
}

static void image_build_add_keywords(struct builder *b, const struct rule *r)
{
	size_t groups = image_build_groups_of(r);
	image_build_put_span(&b->rules, b->groups.len / sizeof(struct gate_image_span), groups);
	for (size_t g = 0; g < groups; g++) {
		size_t first = b->words.len / sizeof(uint32_t), n = 0;
		for (char **w = r->keywords[g].words; *w; w++, n++) {
			image_build_put_u32(&b->words, b->text.len); /* image_build_put_image() relocates it */
			for (const char *p = image_build_only_shown(*w) ? "" : *w; *p; p++)
				strbuf_putc(&b->text, (char)tolower((unsigned char)*p));
			strbuf_putc(&b->text, '\0');
		}
		image_build_put_span(&b->groups, first, n);
	}
}

static void image_build_add_rule(struct builder *b, const struct rule *r)
{
	char **programs = rule_exec_programs(r);
	bool any = !programs || !*programs, fresh;
	size_t index = image_build_index_of(b, r, &fresh);
	for (char **p = programs; p && *p; p++)
		any |= !image_build_add_name(b, *p, index);
	const uint32_t *anys = (const uint32_t *)b->any.s;
	for (size_t i = 0; any && i < b->any.len / sizeof *anys; i++)
		any = anys[i] != index;
	if (any)
		image_build_put_u32(&b->any, index);
	if (fresh)
		image_build_add_keywords(b, r);
}

static void image_build_add_carrier(const char *name, size_t len, bool is_away, void *data)
{
	struct builder *b = data;
	uint32_t *filter = is_away ? b->head.away_filter : b->head.script_filter;
	gate_filter_add(filter, GATE_FILTER_CARRIERS, image_hash(name, len));
}

/* Lay everything out behind the head.  The head is filled in last. */
static void image_build_put_image(struct builder *b, const char *standin, const struct ruleset *rs,
				  const struct image_files *files, const char *path, struct strbuf *out)
{
	cleanup_strbuf struct strbuf names = {0};
	cleanup_strbuf struct strbuf lists = {0};
	image_pairs_table(&b->pairs, &names, &lists);
	struct gate_image_head *h = &b->head;
	strbuf_put(out, (const char *)h, sizeof *h);
	h->names = image_put_table(out, &names, sizeof(struct gate_image_name));
	h->lists = image_put_table(out, &lists, sizeof(uint32_t));
	h->any = image_put_table(out, &b->any, sizeof(uint32_t));
	h->rules = image_put_table(out, &b->rules, sizeof(struct gate_image_span));
	h->groups = image_put_table(out, &b->groups, sizeof(struct gate_image_span));
	h->connect = image_put_table(out, &b->connect.rules, sizeof(struct gate_image_connect));
	h->nets = image_put_table(out, &b->connect.nets, sizeof(struct gate_net));
	h->ports = image_put_table(out, &b->connect.ports, sizeof(struct gate_ports));
	size_t text = out->len + b->words.len;
	uint32_t *words = (uint32_t *)b->words.s;
	for (size_t i = 0; i < b->words.len / sizeof *words; i++)
		words[i] += (uint32_t)text;
	h->words = image_put_table(out, &b->words, sizeof(uint32_t));
	strbuf_put(out, b->text.s ? b->text.s : "", b->text.len);
	if (files)
		b->err = b->err ? b->err : image_files_put(out, h, rs, files);
	b->err = b->err ? b->err : image_programs_put(out, h, rs, path);
	h->standin = (uint32_t)out->len;
	strbuf_put(out, standin, strlen(standin) + 1);
	h->size = (uint32_t)out->len;
	int err = out->err ? out->err : names.err ? names.err : lists.err;
	if (err)
		b->err = err;
	else if (out->len > GATE_IMAGE_MAX)
		b->err = -EFBIG;
	else
		memcpy(out->s, h, sizeof *h);
}

static int image_build_write_all(int fd, const char *s, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t w = write(fd, s + done, n - done);
		if (w < 0 && errno != EINTR)
			return -errno;
		done += w > 0 ? (size_t)w : 0;
	}
	return 0;
}

static bool image_build_concerns_exec(const struct rule *r, bool files)
{
	return rule_is_on_exec(r) && !(files && r->action == GATE_ACTION_DEFER);
}

int image_build(const struct ruleset *rs, const char *standin, unsigned flags, const struct image_files *files,
		const char *path, int fd)
{
	struct builder b = {.head = {.magic = GATE_IMAGE_MAGIC, .version = GATE_IMAGE_VERSION, .flags = flags}};
	cleanup_strbuf struct strbuf image = {0};
	if (strlen(standin) >= GATE_STANDIN_MAX)
		return -ENAMETOOLONG;
	b.connect = (struct image_connect){.words = &b.words, .text = &b.text};
	wrapper_carriers(image_build_add_carrier, &b);
	for (size_t i = 0; i < rs->n; i++) {
		if (image_build_concerns_exec(rs->rules[i], files))
			image_build_add_rule(&b, rs->rules[i]);
		image_connect_add(&b.connect, rs->rules[i]);
	}
	image_build_put_image(&b, standin, rs, files, path, &image);
	struct strbuf *parts[] = {&b.rules, &b.groups, &b.words, &b.text, &b.any};
	int connect_err = image_connect_end(&b.connect);
	int err = b.err ? b.err : b.pairs.err ? b.pairs.err : connect_err;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		err = err ? err : parts[i]->err;
	if (!err)
		err = image_build_write_all(fd, image.s, image.len);
	image_pairs_free(&b.pairs);
	tdestroy(b.wanting, image_build_wanting_free);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		strbuf_free(parts[i]);
	return err;
}
