/* SPDX-License-Identifier: BSD-2-Clause */
/* asker_environment.h - the variables of an asker that choose the target of its command (rules/target.h): a preview has to look
 * where the command would act, not where gatesh would. */
#ifndef GATESH_ASK_ASKER_ENVIRONMENT_H
#define GATESH_ASK_ASKER_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { ASKER_ENVIRONMENT_MAX = 64 << 10 }; /* bytes of the variables that are taken */

/* Owned; zero-initialize.  Immutable once it is read, so that other threads may read it as long as the asker waits. */
struct asker_environment {
	char *block; /* NAME=VALUE strings, each with its NUL; NULL: none */
	size_t len;
	int err;   /* why it is not known, a negative errno; 0: it is */
	bool read; /* asker_environment_read() was called */
};

/* Take the variables that choose a target from `envp`, or, if that is NULL, from the environment that the process `pid` was
 * started with.  The result is in e->err. */
void asker_environment_read(struct asker_environment *e, pid_t pid, char *const *envp);

/* The name of the program of an exec: what its file is, or else what it is called.  Borrowed from the event. */
struct gate_event;
const char *asker_program(const struct gate_event *ev);

void asker_environment_free(struct asker_environment *e);

bool asker_environment_same(const struct asker_environment *a, const struct asker_environment *b);

/* Describe the variables of `program`'s tool that differ from gatesh's own: "KUBECONFIG=/srv/prod.yaml,
 * AWS_PROFILE is not set".  A secret's value and the password of an address are left out.  "" if there are none; says so if they are not known. */
void asker_environment_describe(const struct asker_environment *e, const char *program, char *text, size_t size);

/* Return `base` with the asker's variables in place of those of the same names, or NULL if memory is out.  The strings are
 * borrowed from both; the caller frees the array. */
char **asker_environment_apply(const struct asker_environment *e, char *const *base);

#endif
