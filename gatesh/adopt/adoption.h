/* SPDX-License-Identifier: BSD-2-Clause */
/* adoption.h - what gatesh install and uninstall do for the agents and shells that a person names, and what stands there now. */
#ifndef GATESH_ADOPT_ADOPTION_H
#define GATESH_ADOPT_ADOPTION_H

#include "adopt/change.h"

enum { ADOPTION_FILES_MAX = 24, ADOPTION_SHIM = 1, ADOPTION_HOOKS = 2 };

/* The settings files of what was named.  Zero-initialize; free with adoption_free(). */
struct adoption {
	struct settings_file files[ADOPTION_FILES_MAX];
	size_t n;
	unsigned ways;    /* ADOPTION_SHIM and ADOPTION_HOOKS */
	bool allow_tools; /* the hooks answer the agent's own permission prompts */
	bool uninstalls;
};

/* Add the files of an agent; of a shell, whose startup file asks; or the startup file that needs the shims in its PATH: that of
 * $SHELL, if it has nothing of gatesh's yet.  Return 0, or a negative errno: -EINVAL for a name that is neither. */
int adoption_add(struct adoption *a, const char *name);
int adoption_add_path(struct adoption *a);
void adoption_free(struct adoption *a);

/* How an agent is gated.  `stale`: by hooks or a shim of another installation of gatesh, or with other options. */
struct adoption_state {
	bool here;       /* the agent is on this machine */
	bool shim;       /* its shim is installed */
	bool shim_first; /* and PATH leads to it */
	bool hooks, stale;
	char settings[PATH_MAX]; /* the file of its hooks */
	char version[32];        /* of the agent; empty: not known */
	char since[32];          /* the version of Gate that installed the shim or the hooks; empty: not known */
};
void adoption_look(const struct agent *a, struct adoption_state *s);

/* The same in words: "starts in a session, tells Gate of each tool call (shim and hooks, since Gate 0.1.0; version 2.1.197)". */
void adoption_describe(const struct adoption_state *s, char *text, size_t size);

#endif
