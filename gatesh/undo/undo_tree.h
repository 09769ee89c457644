/* undo_tree.h - paths with what happened to them, printed as a tree. */
#ifndef GATESH_UNDO_UNDO_TREE_H
#define GATESH_UNDO_UNDO_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct tree_leaf {
	const char *path; /* absolute */
	const char *what; /* "removed" */
	const char *sgr;  /* of `what`; NULL: none */
	char *note;       /* owned, behind the size; NULL: none */
	long long size;   /* of a file's content; -1: none */
	bool directory;
};

/* Print the leaves, which are sorted by path with '/' before all (tree_compare), relative to `top` when they are under
 * it.  Big subtrees as one line, unless `all`.  0 or -ENOMEM. */
int tree_print(const struct tree_leaf *v, size_t n, const char *top, bool all);

/* For qsort(3): a directory's paths stand together. */
int tree_compare(const void *a, const void *b);

#endif
