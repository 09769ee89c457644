/* SPDX-License-Identifier: BSD-2-Clause */
/* principal.h - who an agent is, and what it may have: a file of gate.principal(5). */
#ifndef GATESH_PRINCIPAL_PRINCIPAL_H
#define GATESH_PRINCIPAL_PRINCIPAL_H

#include <limits.h>
#include <stdbool.h>

#include "base/diag.h"
#include "principal/secret.h"
#include "principal/ssh_key.h"

enum { PRINCIPAL_NAME_MAX = 64 };

/* Owned; principal_free(). */
struct principal {
	char file[PATH_MAX];           /* where it was read */
	char name[PRINCIPAL_NAME_MAX]; /* name: */
	char *git_name, *git_mail;     /* git-author: NAME <MAIL>; or NULL */
	char *service;                 /* service: of gate.d(5); or NULL */
	char **allow;                  /* network-allow: words of a list file, NULL-terminated; NULL: not limited */
	char **deny;                   /* deny: globs of host names */
	char **keep;                   /* keep-env: variables that stay although they look like credentials */
	bool confirm;                  /* confirm-destructive: true */
	struct secret *secrets;        /* secret: lines */
	size_t nsecrets;
	struct ssh_key *ssh_keys; /* ssh-key: lines */
	size_t nssh_keys;
	struct vault *vault; /* secrets-from: vault ...; or NULL */
};

/* Is it a name that a file can have: letters, digits, '.', '_' and '-', not first a dot? */
bool principal_is_name(const char *name);

/* Read the principal `name`: /etc/gate/NAME.principal, else ~/.config/gate/NAME.principal.  Returns 0; -ENOENT, without
 * a message, if neither is there; -EINVAL for bad content, reported to d with file, line and column; -ENOMEM. */
int principal_load(const char *name, struct diag *d, struct principal *out);

/* Parse a file's text.  Returns 0, -EINVAL (reported) or -ENOMEM.  Defined in principal_parse.c. */
int principal_parse(const struct source *src, struct diag *d, struct principal *out);
void principal_free(struct principal *p);

/* Call `each` for every principal's name, sorted, each once.  Returns 0, -ENOMEM, or what `each` returned. */
int principal_each(int (*each)(const char *name, void *data), void *data);

/* The names of the principals that there are, for "did you mean": NULL-terminated, owned; NULL if memory is out. */
char **principal_names(void);
void principal_names_free(char **names);

/* Take what secrets need from this process's environment into memory that is not swapped, before it is scrubbed.  Returns 0 or
 * -ENOMEM. */
int principal_take_secrets(struct principal *p);

/* Take on the principal's identity in this process's environment, which the session inherits: git's author and committer.
 * Returns 0 or a negative errno. */
int principal_identify(const struct principal *p);

#endif
