/* remove_tree.h - remove a directory tree without ever leaving it. */
#ifndef GATESH_UTIL_REMOVE_TREE_H
#define GATESH_UTIL_REMOVE_TREE_H

/* Remove `name` in the open directory `dir`, and everything under it; symbolic links are removed, not followed. 0 or
 * the first negative errno: what can go goes. */
int remove_tree_at(int dir, const char *name);

#endif
