/* SPDX-License-Identifier: BSD-2-Clause */
/* scrub.h - takes the credentials out of an environment before a session inherits it. */
#ifndef GATESH_PRINCIPAL_SCRUB_H
#define GATESH_PRINCIPAL_SCRUB_H

#include <stdbool.h>
#include <stddef.h>

#include "principal/credential.h"

/* How a variable is taken out. */
enum scrub_way {
	SCRUB_SENTINEL, /* a sentinel stands in its place */
	SCRUB_WITHHELD, /* the variable is gone: a sentinel would break a local use, or can't be made part by part */
	SCRUB_KEPT,     /* left as it is, because the principal says so */
};

struct scrubbed {
	char *name; /* owned */
	enum credential_kind kind;
	enum scrub_way way;
};

/* Owned; zero-initialise. */
struct scrub {
	struct scrubbed *v;
	size_t n;
};

/* Look which variables of `envp` hold credentials, in its order, and which of them stay because their name is in `keep`
 * (NULL-terminated, or NULL).  Changes nothing.  Returns 0 or -ENOMEM; *out is to be freed in both cases. */
int scrub_look(char *const *envp, char *const *keep, struct scrub *out);

/* The same, and do it to this process's environment.  The old values are overwritten in place, so that /proc/PID/environ
 * does not show them.  Call it before there are threads and children.  Returns 0 or a negative errno; after an error the
 * environment may be changed in part, and no session may start with it. */
int scrub_environment(char *const *keep, struct scrub *out);

void scrub_free(struct scrub *s);

/* Print the two lines for the person, "gate: sentinels stand for A, B" and "gate: C is withheld".  Names only. */
void scrub_tell(const struct scrub *s);

/* "sentinel", "withheld", "kept".  Static storage. */
const char *scrub_way_name(enum scrub_way way);

#endif
