/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_show_plan.c - prints what an undo would do, as a tree and as JSON lines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "undo/undo_record.h"
#include "undo/undo_show.h"
#include "undo/undo_tree.h"
#include "util/json.h"
#include "util/out.h"

static const char *undo_show_plan_word(const struct undo_item *i)
{
	switch (i->act) {
	case UNDO_REMOVE: return "removed again";
	case UNDO_AWAY: return "kept and removed";
	case UNDO_OPEN:
	case UNDO_ATTRIBUTES: return "attributes back";
	case UNDO_EXCHANGE: return "exchanged back";
	case UNDO_ASIDE:
	case UNDO_MOVE: return "moved back";
	default: return i->newer ? "back, present one kept" : "back";
	}
}

static void undo_show_plan_count(const struct undo_plan *p)
{
	size_t back = 0, gone = 0, newer = 0, directories = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct undo_item *item = &p->v[i];
		if (item->cannot || item->between)
			continue;
		bool directory = item->act == UNDO_MKDIR;
		gone += item->act == UNDO_REMOVE || item->act == UNDO_AWAY;
		directories += directory;
		back += item->act != UNDO_REMOVE && item->act != UNDO_AWAY && !directory;
		newer += item->newer;
	}
	printf("%zu file%s", back, back == 1 ? "" : "s");
	if (directories)
		printf(" and %zu director%s", directories, directories == 1 ? "y" : "ies");
	printf(" to restore");
	if (gone)
		printf(", %zu to remove again", gone);
	if (newer)
		printf("; the %zu there now %s kept as well", newer, newer == 1 ? "is" : "are");
	if (p->able < p->n)
		printf("; %zu can't be done", p->n - p->able);
	printf(".\n");
}

static struct tree_leaf undo_show_plan_leaf(const struct undo_item *item)
{
	return (struct tree_leaf){
		.path = item->path,
		.what = item->cannot ? "can't" : undo_show_plan_word(item),
		.sgr = item->cannot ? SGR_RED :
		       item->newer  ? SGR_YELLOW :
				      SGR_GREEN,
		.of = item,
		.directory = item->act == UNDO_MKDIR,
		.size = undo_record_size(item->k->r),
		.secret = !item->cannot && item->act == UNDO_PUT && undo_record_is_secret(item->k, false),
	};
}

static char *undo_show_plan_note(const struct tree_leaf *leaf)
{
	const struct undo_item *item = leaf->of;
	if (item->cannot)
		return strdup(item->cannot);
	if (undo_was_moved(item)) {
		char *note;
		const char *secret = leaf->secret ? "holds secrets; " : "";
		return asprintf(&note, "%swas moved to %s", secret, item->k->r->path) < 0 ? NULL : note;
	}
	if (!undo_in_workspace(item->k->session, item->path))
		return strdup(leaf->secret ? "outside the workspace, holds secrets" : "outside the workspace");
	return leaf->secret ? strdup("holds secrets") : NULL;
}

int undo_show_plan(const struct undo_plan *p, bool all)
{
	struct tree_leaf *leaves = calloc(p->n + 1, sizeof *leaves);
	if (!leaves)
		return -ENOMEM;
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++)
		if (!p->v[i].between)
			leaves[n++] = undo_show_plan_leaf(&p->v[i]);
	qsort(leaves, n, sizeof *leaves, tree_compare);
	const struct store_entry *e = p->n ? p->v[0].k->session->entry : NULL;
	int err = tree_print(leaves, n, e && e->workspaces[0] ? e->workspaces[0] : "/", all, undo_show_plan_note);
	free(leaves);
	if (!err)
		undo_show_plan_count(p);
	return err;
}

int undo_show_plan_json(const struct undo_plan *p)
{
	int err = 0;
	for (size_t i = 0; !err && i < p->n; i++) {
		const struct undo_item *item = &p->v[i];
		json_t *o = undo_record_json(item->k);
		json_put(o, "to", item->path);
		json_put(o, "from", item->from);
		json_object_set_new(o, "newer", json_boolean(item->newer));
		json_put(o, "cannot", item->cannot);
		err = json_line(o, stdout);
	}
	return err;
}
