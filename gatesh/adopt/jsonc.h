/* SPDX-License-Identifier: BSD-2-Clause */
/* jsonc.h - finds the places of values in JSON with comments, so that a settings file can be edited as text.  Agents accept
 * what JSON itself does not have: comments of both kinds, and a comma behind the last item.
 *
 * Places are offsets in bytes into the caller's text, which need not end with a NUL.  Nothing is allocated.  Functions
 * return 0 or -EBADMSG where the text is not such JSON. */
#ifndef GATESH_ADOPT_JSONC_H
#define GATESH_ADOPT_JSONC_H

#include <stdbool.h>
#include <stddef.h>

enum { JSONC_DEPTH_MAX = 64 }; /* containers in each other; deeper ones are -EBADMSG */

struct jsonc {
	const char *s;
	size_t len;
};

/* A member of an object, or an element of an array. */
struct jsonc_item {
	size_t key, key_end;     /* a member's key, with its quotes; in an array, both are the value's start */
	size_t value, value_end; /* the value's first byte, and the one behind its last */
	size_t comma;            /* the comma behind it; 0: none */
};

/* The items of a container, in order.  After the last, `close` is the place of its bracket. */
struct jsonc_walk {
	struct jsonc text;
	size_t at, close;
	bool object;
};

/* Find the one value of the whole text in *root.  -EBADMSG also if something follows it; *bad is where the text stops being JSON. */
int jsonc_root(struct jsonc text, struct jsonc_item *root, size_t *bad);

/* Begin with the container at `value`, which jsonc_root() or jsonc_next() has found.  -EINVAL if it is none. */
int jsonc_enter(struct jsonc_walk *w, struct jsonc text, size_t value);

/* The next item.  Returns 1, 0 after the last, or -EBADMSG. */
int jsonc_next(struct jsonc_walk *w, struct jsonc_item *item);

/* Find the member `key` of the object at `value`: the last of that name, as JSON's readers do.  Returns 0, -ENOENT, -EINVAL
 * (not an object) or -EBADMSG. */
int jsonc_member(struct jsonc text, size_t value, const char *key, struct jsonc_item *item);

/* Skip white space and comments from `at` on. */
size_t jsonc_skip(struct jsonc text, size_t at);

/* The end of what belongs to `at` on its line: behind the last comment there, or `at` if no comment follows. */
size_t jsonc_line_tail(struct jsonc text, size_t at);

#endif
