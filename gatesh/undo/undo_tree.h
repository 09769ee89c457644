/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_tree.h - prints paths as a tree, each with what happened to it. */
#ifndef GATESH_UNDO_UNDO_TREE_H
#define GATESH_UNDO_UNDO_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct tree_leaf {
	const char *path; /* absolute */
	const char *what; /* "removed" */
	const char *sgr;  /* of `what`; NULL: none */
	const void *of;   /* for tree_note */
	long long size;   /* of the file's content in bytes; -1: none */
	bool directory;
	bool secret; /* it holds secrets; the note says so */
};

/* Make the text that is shown after the size; NULL: none.  tree_print() frees it.  It is called only for leaves that are
 * shown one by one, so it may look at the file. */
typedef char *tree_note(const struct tree_leaf *leaf);

/* Print the leaves, which must be sorted by tree_compare().  Paths are relative to `top` if all are under it.  A big
 * subtree is one line, unless `all`.  Returns 0 or -ENOMEM. */
int tree_print(const struct tree_leaf *v, size_t n, const char *top, bool all, tree_note *note);

/* For qsort(3): sorts by path with '/' before any other byte, so that a directory's paths are adjacent. */
int tree_compare(const void *a, const void *b);

#endif
