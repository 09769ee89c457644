/* rules_load.c - rule packs from files and directories; a ruleset's life. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "readfile.h"
#include "rules_int.h"

enum { PACK_MAX_BYTES = 64 << 20 };

static bool is_pack(const char *name)
{
	size_t n = strlen(name);
	return n > 6 && !strcmp(name + n - 6, ".rules") && *name != '.';
}

static int load_file(struct ruleset *rs, const char *path, enum ruleset_trust trust, struct diag *d)
{
	cleanup_strbuf struct strbuf b = {0};
	int r = readfile(path, PACK_MAX_BYTES, &b, NULL);
	struct source src = {.name = path, .text = b.s ? b.s : "", .len = b.len};
	if (!r)
		return ruleset_parse(rs, &src, trust, d);
	if (r == -EINVAL)
		diag_at(d, DIAG_ERROR, &src, 0, 0, "not a regular file");
	else
		diag_at(d, DIAG_ERROR, &src, 0, 0, "%s", strerror(-r));
	return r;
}

static int pack_filter(const struct dirent *e)
{
	return is_pack(e->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); /* not alphasort(): the locale must not change the order */
}

static int load_dir(struct ruleset *rs, const char *dir, enum ruleset_trust trust, struct diag *d)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, pack_filter, by_name), r = 0;
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		char path[PATH_MAX];
		int len = snprintf(path, sizeof path, "%s/%s", dir, entries[i]->d_name);
		int err = len < 0 || (size_t)len >= sizeof path ? -ENAMETOOLONG : load_file(rs, path, trust, d);
		if (err && !r) /* go on: the problems of the other packs are worth telling too */
			r = err;
		free(entries[i]);
	}
	free(entries);
	return r;
}

int ruleset_load(struct ruleset *rs, const char *path, enum ruleset_trust trust, struct diag *d)
{
	struct stat st;
	struct source src = {.name = path, .text = ""};
	int r = stat(path, &st) ? -errno : 0;
	const char *slash = strrchr(path, '/');
	if (r == -ENOENT && !is_pack(slash ? slash + 1 : path))
		return 0;
	if (!r && !S_ISDIR(st.st_mode))
		return load_file(rs, path, trust, d);
	unsigned told = d->errors;
	if (!r)
		r = load_dir(rs, path, trust, d);
	if (r && d->errors == told)
		diag_at(d, DIAG_ERROR, &src, 0, 0, "%s", strerror(-r));
	return r;
}

int ruleset_finish(struct ruleset *rs, struct diag *d)
{
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule **slot = NULL;
		if (rs->rules[i]->content && !(slot = rules_append(&rs->content, &rs->ncontent, sizeof *slot)))
			return -ENOMEM;
		if (slot)
			*slot = rs->rules[i];
	}
	return rules_index_build(rs);
}

int rules_by_id(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	return strcmp(x->id, y->id);
}

struct rule *rules_lookup(void *const *ids, const char *id)
{
	struct rule key = {.id = (char *)id};
	struct rule *const *node = tfind(&key, ids, rules_by_id);
	return node ? *node : NULL;
}

static void keep(void *rule)
{
}

void rules_tree_free(void **ids)
{
	tdestroy(*ids, keep);
	*ids = NULL;
}

const struct rule *ruleset_find(const struct ruleset *rs, const char *id)
{
	return rules_lookup(&rs->ids, id);
}

static void words_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}

static void patterns_free(struct pattern *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].text);
		pcre2_code_free(v[i].code);
	}
	free(v);
}

static void examples_free(struct example *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].text);
	free(v);
}

void rule_free(struct rule *r)
{
	if (!r)
		return;
	free(r->id);
	words_free(r->programs);
	words_free(r->paths);
	words_free(r->excepts);
	for (size_t i = 0; i < r->nkeywords; i++)
		words_free(r->keywords[i].words);
	free(r->keywords);
	patterns_free(r->match, r->nmatch);
	patterns_free(r->unless, r->nunless);
	free(r->reason);
	free(r->instead);
	free(r->preview);
	free(r->when);
	examples_free(r->hits, r->nhits);
	examples_free(r->misses, r->nmisses);
	free(r);
}

void ruleset_free(struct ruleset *rs)
{
	rules_index_free(rs->index);
	rules_tree_free(&rs->ids);
	for (size_t i = 0; i < rs->n; i++)
		rule_free(rs->rules[i]);
	for (size_t i = 0; i < rs->nfiles; i++)
		free(rs->files[i]);
	free(rs->rules);
	free(rs->content);
	free(rs->files);
	*rs = (struct ruleset){0};
}
