/* SPDX-License-Identifier: BSD-2-Clause */
/* identity.h - another user for the session's programs: gatesh run --user. */
#ifndef GATESH_UTIL_IDENTITY_H
#define GATESH_UTIL_IDENTITY_H

#include <sys/types.h>

enum { IDENTITY_GROUPS_MAX = 256 };

/* Owned; identity_free(). */
struct identity {
	uid_t uid;
	gid_t gid;
	gid_t groups[IDENTITY_GROUPS_MAX];
	int ngroups;
	char *home, *user, *logname, *shell; /* NAME=VALUE */
};

/* Look a user up in the user database.  Returns 0; -ENOENT: there is none; -E2BIG: more groups than fit; or another negative
 * errno. */
int identity_find(const char *name, struct identity *out);
void identity_free(struct identity *i);

/* Become the user for good: groups, gid and uid, and with them no capability.  In a child, before it executes something:
 * async-signal-safe.  Returns 0 or a negative errno. */
int identity_take(const struct identity *i);

/* The environment of the user: `envp` with HOME, USER, LOGNAME and SHELL, and without what names directories of another user (XDG_*,
 * MAIL).  One allocation, whose strings are envp's and the identity's; NULL if memory is out. */
char **identity_environment(const struct identity *i, char *const *envp);

#endif
