/* SPDX-License-Identifier: BSD-2-Clause */
/* secret.h - a `secret:` line of gate.principal(5): a credential that gatesh uses for the session and does not hand to it. */
#ifndef GATESH_PRINCIPAL_SECRET_H
#define GATESH_PRINCIPAL_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

enum { SECRET_VALUE_MAX = 16384, SECRET_NAME_MAX = 32 };

enum secret_source { SECRET_ENV, SECRET_FILE };

/* Owned; secret_free(). */
struct secret {
	char name[SECRET_NAME_MAX];
	enum secret_source source;
	char *from;   /* env: a variable; file: an absolute path */
	char *key;    /* file: the line KEY=VALUE; NULL: the whole file */
	char *value;  /* env: taken at the start of the session; else NULL */
	char *host;   /* of the server: a name, or an address without brackets */
	char *port;   /* decimal */
	char *path;   /* a prefix of every request's path: "" or "/v1" */
	char *header; /* the field that carries it, as "x-api-key"; NULL: Authorization */
	char *user;   /* with Authorization: Basic's user; NULL: Bearer */
	char *env;    /* the session's variable that gets a sentinel */
	char *base;   /* the session's variable that gets the address */
	bool tls;
};

/* Parse the value of the field: NAME from SOURCE for URL env=VAR base=VAR [header=FIELD | basic=USER].  Returns NULL, or
 * what is wrong (static storage) with the offset in *at; "" if memory is out. */
const char *secret_parse(const char *text, struct secret *out, size_t *at);
void secret_free(struct secret *s);

/* Append the credential: SECRET_ENV's value, or what the file holds now, without the newline at its end.  The file must
 * belong to root or the user, and nobody else may read it.  Returns 0, or a negative errno with the reason in *why (static
 * storage).  Any thread. */
int secret_fetch(const struct secret *s, struct strbuf *out, const char **why);

#endif
