/* SPDX-License-Identifier: BSD-2-Clause */
/* agents.h - the coding agents that gatesh install knows: their programs, and where each reads its hooks.  The places and
 * names are those of the agents' own manuals, tried with Claude Code 2.1.197, Codex 0.171.0, Gemini CLI 0.61.0, opencode
 * 1.18.33, Qwen Code 0.15.10 and Copilot CLI 1.0.102. */
#ifndef GATESH_ADOPT_AGENTS_H
#define GATESH_ADOPT_AGENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct agent_event {
	const char *name;    /* as the agent calls it */
	const char *matcher; /* of tools; NULL: the event takes none */
};

struct agent {
	const char *name;                 /* on the command line */
	const char *title;                /* for people */
	const char *program;              /* in PATH */
	const char *env;                  /* the variable that names its directory of settings */
	const char *dir;                  /* that directory without it, below the home */
	const char *file;                 /* the file below it that gets the hooks */
	bool own;                         /* nobody else writes to that file: it is gatesh's alone */
	const struct agent_event *events; /* ends with a NULL name; own: NULL */
	const char *next;                 /* what is left to the person after the installation; or NULL */
};

/* The table; ends with a NULL name. */
extern const struct agent agents[];

/* Return the agent of this name, or NULL. */
const struct agent *agent_find(const char *name);

/* Write the path of its hooks' file to buf.  Returns 0, -ENOENT (no home) or -ENAMETOOLONG. */
int agent_file(const struct agent *a, char *buf, size_t size);

/* Is it on this machine: its program in PATH, or its directory of settings? */
bool agent_is_here(const struct agent *a);

/* Write the version of its package to buf, as the package.json above its program states it; the agent is not started.  Returns
 * whether there is one. */
bool agent_version(const struct agent *a, char *buf, size_t size);

/* The entry for one of its events, which runs `command`: a new reference, NULL if memory is out. */
json_t *agent_entry(const struct agent *a, const struct agent_event *e, const char *command);

/* The whole content of the hooks' file of an agent with a file of its own, allocated. */
char *agent_own_file(const struct agent *a, const char *command);

#endif
