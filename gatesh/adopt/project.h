/* SPDX-License-Identifier: BSD-2-Clause */
/* project.h - a project's own .gate/, which gatesh init writes: a pack of its rules, a principal for its agent, and the list of
 * hosts that the agent needs. */
#ifndef GATESH_ADOPT_PROJECT_H
#define GATESH_ADOPT_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

enum { PROJECT_NAME_MAX = 64 };

/* A person's answers; the lists are words between blanks.  Zero-initialize; free with project_free(). */
struct project {
	char name[PROJECT_NAME_MAX]; /* of the pack and the principal: a-z, 0-9 and -, as a pack is called */
	struct strbuf hosts;         /* names, in which * stands for anything, and addresses */
	struct strbuf commands;      /* base names of programs that ask */
};

/* Guess all three from the directory `dirfd`, whose path is `path`: its name; the servers of the agents on this machine, the
 * registries of its languages and the host of its remote; its scripts that deploy or release.  Returns 0 or -ENOMEM. */
int project_guess(struct project *p, int dirfd, const char *path);

/* Make a name of `text`, in which other characters become dashes; `project` if nothing is left. */
void project_set_name(struct project *p, const char *text);

/* The first word of a list that can't stand in a file of .gate/, or NULL; *n gets its length. */
const char *project_bad_host(const char *list, size_t *n);
const char *project_bad_command(const char *list, size_t *n);

void project_free(struct project *p);

/* The files of .gate/, the last one with a NULL tail: where below .gate/, and how its text is made. */
struct project_file {
	const char *dir, *tail; /* DIR/NAME.TAIL, or DIR/TAIL if `named` is not set; dir may be "" */
	bool named;
	void (*put)(const struct project *p, struct strbuf *text);
};
extern const struct project_file project_files[];

/* The path of a file below .gate/.  Returns 0 or -ENAMETOOLONG. */
int project_file_path(const struct project_file *f, const struct project *p, char *buf, size_t size);

#endif
