/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_tree.c - prints sorted paths as an indented tree and collapses big subtrees. */
#include "undo/undo_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "store/store.h"
#include "util/out.h"
#include "util/size_text.h"
#include "util/table.h"

enum {
	SMALL = 12, /* a subtree of at most this many leaves is shown whole */
	LINES = 24, /* shown per level */
	INDENT = 6,
};

/* A slash sorts before every other byte, so that "a/b" comes directly after "a" and not after "a-b". */
static int undo_tree_compare_paths(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	int x = *a == '/' ? 1 : *a ? (unsigned char)*a + 1 : 0, y = *b == '/' ? 1 : *b ? (unsigned char)*b + 1 : 0;
	return x - y;
}

int tree_compare(const void *a, const void *b)
{
	return undo_tree_compare_paths(((const struct tree_leaf *)a)->path, ((const struct tree_leaf *)b)->path);
}

struct printer {
	struct table t;
	bool all;
	tree_note *note;
};

/* The columns after the name. */
struct row {
	const char *sgr, *what, *note; /* may be NULL */
	long long size;
};

/* Add one row: the name of n bytes, indented, and the other columns. */
static void undo_tree_row(struct printer *p, unsigned depth, const char *name, size_t n, const char *end,
			  const struct row *row)
{
	cleanup_strbuf struct strbuf b = {0};
	char text[SIZE_TEXT_MAX] = "";
	strbuf_printf(&b, "%*s", (int)(INDENT + 2 * depth), "");
	strbuf_put(&b, name, n);
	strbuf_puts(&b, end);
	if (row->size >= 0)
		size_text(row->size, text);
	table_put(&p->t, NULL, b.err ? "" : b.s);
	table_put(&p->t, row->sgr, row->what);
	table_put(&p->t, NULL, text);
	table_put(&p->t, SGR_DIM, row->note);
}

/* The note for leaves that are not shown one by one, in `buf`. */
static char *undo_tree_secrets(const struct tree_leaf *v, size_t n, char *buf, size_t size)
{
	size_t secret = 0;
	for (size_t i = 0; i < n; i++)
		secret += v[i].secret;
	snprintf(buf, size, "%zu hold%s secrets", secret, secret == 1 ? "s" : "");
	return secret ? buf : NULL;
}

static void undo_tree_collapsed(struct printer *p, unsigned depth, const struct tree_leaf *v, size_t n,
				const char *name, size_t len)
{
	char what[64], note[40];
	long long size = -1;
	size_t files = 0;
	const char *word = v->what;
	for (size_t i = 0; i < n; i++) {
		files += !v[i].directory;
		if (v[i].size >= 0)
			size = (size < 0 ? 0 : size) + v[i].size;
		if (!v[i].directory)
			word = v[i].what;
	}
	bool same = true;
	for (size_t i = 0; i < n; i++)
		same = same && (v[i].directory || !strcmp(v[i].what, word));
	snprintf(what, sizeof what, "%zu %s%s%s", files, files == 1 ? "file" : "files", same ? " " : "",
		 same ? word : "");
	const struct row sum = {same ? v[n - 1].sgr : NULL, what, undo_tree_secrets(v, n, note, sizeof note), size};
	undo_tree_row(p, depth, name, len, "/", &sum);
}

/* The row of one leaf, or of a directory without one. */
static void undo_tree_entry(struct printer *p, unsigned depth, const char *name, size_t len,
			    const struct tree_leaf *leaf)
{
	char *note = leaf ? p->note(leaf) : NULL;
	const struct row row = {leaf ? leaf->sgr : NULL, leaf ? leaf->what : "", note, leaf ? leaf->size : -1};
	undo_tree_row(p, depth, name, len, !leaf || leaf->directory ? "/" : "", &row);
	free(note);
}

/* How many of v[0..n) share the first `len` bytes of v[0] and end there or continue with a slash. */
static size_t undo_tree_extent(const struct tree_leaf *v, size_t n, size_t len)
{
	size_t i = 1;
	while (i < n && !strncmp(v[i].path, v[0].path, len) && (!v[i].path[len] || v[i].path[len] == '/'))
		i++;
	return i;
}

/* How many of v[0..n) are leaves at the path of `len` bytes: two, if a file gets back its content and its mode. */
static size_t undo_tree_own(const struct tree_leaf *v, size_t n, size_t len)
{
	size_t own = 0;
	while (own < n && !v[own].path[len])
		own++;
	return own;
}

/* Add the leaves v[0..n), which are all under one directory; its path has `at` bytes with its slash. */
static void undo_tree_level(struct printer *p, const struct tree_leaf *v, size_t n, size_t at, unsigned depth)
{
	unsigned lines = 0;
	for (size_t i = 0, group; i < n; i += group) {
		size_t start = at, len = at + strcspn(v[i].path + at, "/");
		group = undo_tree_extent(v + i, n - i, len);
		if (!p->all && n > SMALL && ++lines > LINES) {
			char what[48], note[40];
			const struct row rest = {NULL, "", undo_tree_secrets(v + i, n - i, note, sizeof note), -1};
			snprintf(what, sizeof what, "... and %zu more", n - i);
			undo_tree_row(p, depth, what, strlen(what), "", &rest);
			return;
		}
		/* A directory without a leaf of its own and with a single entry shares that entry's line. */
		while (v[i].path[len] &&
		       undo_tree_extent(v + i, group, len + 1 + strcspn(v[i].path + len + 1, "/")) == group)
			len += 1 + strcspn(v[i].path + len + 1, "/");
		size_t own = undo_tree_own(v + i, group, len), under = group - own;
		if (under && !p->all && group > SMALL && depth) {
			undo_tree_collapsed(p, depth, v + i, group, v[i].path + start, len - start);
			continue;
		}
		for (size_t k = 0; k < own || !k; k++)
			undo_tree_entry(p, depth, v[i].path + start, len - start, own ? &v[i + k] : NULL);
		if (under)
			undo_tree_level(p, v + i + own, under, len + 1, depth + 1);
	}
}

int tree_print(const struct tree_leaf *v, size_t n, const char *top, bool all, tree_note *note)
{
	struct printer p = {.t = {.columns = 4}, .all = all, .note = note};
	size_t at = 1;
	bool inside = true;
	for (size_t i = 0; i < n && inside; i++)
		inside = store_under(v[i].path, top) && v[i].path[strlen(top)];
	if (inside && strcmp(top, "/"))
		at = strlen(top) + 1;
	undo_tree_level(&p, v, n, at, 0);
	return table_print(&p.t, stdout);
}
