/* SPDX-License-Identifier: BSD-2-Clause */
/* leak.h - finds sentinels on their way to a server that their credential is not for. */
#ifndef GATESH_BROKER_LEAK_H
#define GATESH_BROKER_LEAK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct request_head;
struct secret;

enum { LEAK_LENGTH_MIN = 12 }; /* shorter texts occur by chance */

/* A sentinel of the session. */
struct leak_word {
	char *name, *text; /* the secret's or the variable's; owned */
	bool told;         /* the log has it already (atomic) */
};

/* All of them.  Zero-initialise, leaks_free(). */
struct leaks {
	struct leak_word *words;
	size_t n;
};

/* Take the sentinels from this process's environment: those of the secrets, and those in place of the person's credentials.  Variables with
 * the broker's `key` are addresses.  Returns 0 or -ENOMEM. */
int leaks_collect(struct leaks *l, const struct secret *secrets, size_t n, const char *key);
void leaks_free(struct leaks *l);

/* The first one that is in the text, but for those called `own` (or NULL); NULL: none.  Any thread. */
struct leak_word *leaks_find(const struct leaks *l, const char *own, const char *text, size_t n);

/* ... in the target or in a field that the server would get.  Fields with credentials stay behind anyhow. */
struct leak_word *leaks_find_head(const struct leaks *l, const struct request_head *h, const struct secret *s);

#endif
