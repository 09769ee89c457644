/* SPDX-License-Identifier: BSD-2-Clause */
/* load.c - finishes a loaded ruleset, looks rules up by id, and frees them. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules_internal.h"

static int load_put(const struct rule ***list, size_t *n, const struct rule *r)
{
	const struct rule **slot = rules_append(list, n, sizeof *slot);
	if (slot)
		*slot = r;
	return slot ? 0 : -ENOMEM;
}

/* List the rules that some events alone concern. */
static int load_list(struct ruleset *rs)
{
	int err = 0;
	for (size_t i = 0; !err && i < rs->n; i++) {
		const struct rule *r = rs->rules[i];
		if (r->content)
			err = load_put(&rs->content, &rs->ncontent, r);
		if (!err && r->events & RULE_FILE_EVENTS)
			err = load_put(&rs->on_files, &rs->non_files, r);
	}
	return err;
}

int ruleset_finish(struct ruleset *rs, struct diag *d)
{
	unsigned errors = d->errors;
	rules_require(rs, d);
	int r = rules_adjust(rs, d);
	if (r)
		return r;
	r = rules_add_moved_homes(rs);
	if (!r)
		r = load_list(rs);
	if (!r)
		r = rules_share_commands(rs);
	if (!r)
		r = rules_index_build(rs);
	return r ? r : d->errors > errors ? -EINVAL : 0;
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

static void load_keep(void *rule)
{
}

void rules_tree_free(void **ids)
{
	tdestroy(*ids, load_keep);
	*ids = NULL;
}

const struct rule *ruleset_find(const struct ruleset *rs, const char *id)
{
	return rules_lookup(&rs->ids, id);
}

void ruleset_free(struct ruleset *rs)
{
	rules_index_free(rs->index);
	rules_tree_free(&rs->ids);
	patterns_forget(rs);
	for (size_t i = 0; i < rs->n; i++)
		rule_free(rs->rules[i]);
	for (size_t i = 0; i < rs->ndisabled; i++)
		rule_free(rs->disabled[i]);
	for (size_t i = 0; i < rs->nadjustments; i++)
		adjustment_free(&rs->adjustments[i]);
	for (size_t i = 0; i < rs->npacks; i++)
		rule_pack_free(rs->packs[i]);
	for (size_t i = 0; i < rs->nfiles; i++)
		free(rs->files[i]);
	grammars_free(rs->commands);
	free(rs->rules);
	free(rs->disabled);
	free(rs->adjustments);
	free(rs->packs);
	free(rs->read);
	free(rs->content);
	free(rs->on_files);
	free(rs->files);
	*rs = (struct ruleset){0};
}
