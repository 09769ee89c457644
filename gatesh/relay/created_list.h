/* SPDX-License-Identifier: BSD-2-Clause */
/* created_list.h - names of what the session created at servers: the last CREATED_MAX of them. */
#ifndef GATESH_RELAY_CREATED_LIST_H
#define GATESH_RELAY_CREATED_LIST_H

#include <stdbool.h>
#include <stddef.h>

enum {
	CREATED_MAX = 1024,     /* the oldest is forgotten, and asks again */
	CREATED_NAME_MAX = 512, /* bytes of a name, with its NUL; a longer one is not kept */
};

struct created_item {
	char *name; /* owned */
	bool temporary;
};

/* Zero-initialise. */
struct created_list {
	struct created_item *v;
	size_t n;
};

/* Without memory, the name is not kept. */
void created_list_add(struct created_list *l, const char *name, bool temporary);
bool created_list_has(const struct created_list *l, const char *name);
void created_list_forget(struct created_list *l, const char *name);

/* Forget all that begin so; "": all. */
void created_list_forget_all(struct created_list *l, const char *beginning);

/* Move the names to `to`, but for those of temporary things. */
void created_list_move(struct created_list *l, struct created_list *to);

void created_list_free(struct created_list *l);

#endif
