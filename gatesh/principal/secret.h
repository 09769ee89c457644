/* SPDX-License-Identifier: BSD-2-Clause */
/* secret.h - a `secret:` line of gate.principal(5): a credential that gatesh uses for the session and does not hand to it. */
#ifndef GATESH_PRINCIPAL_SECRET_H
#define GATESH_PRINCIPAL_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

enum { SECRET_VALUE_MAX = 16384, SECRET_NAME_MAX = 32 };

enum secret_source { SECRET_ENV, SECRET_FILE, SECRET_COMMAND, SECRET_KEYRING, SECRET_VAULT, SECRET_GITHUB_APP };

/* tool=: a program that gatesh configures for the secret, so that it needs neither env= nor base=. */
enum secret_tool { SECRET_TOOL_NONE, SECRET_TOOL_AWS, SECRET_TOOL_GIT, SECRET_TOOL_KUBECTL, SECRET_TOOL_NPM };

/* scope=: two lines of one name, of which one reads and the other is used for what was judged alone. */
enum secret_scope { SECRET_SCOPE_ANY, SECRET_SCOPE_READ, SECRET_SCOPE_WRITE };

struct github_app;
struct secret_held;
struct secret_program;
struct vault;

/* Owned; secret_free(). */
struct secret {
	char name[SECRET_NAME_MAX];
	enum secret_source source;
	char *spelled; /* SOURCE as it stands in the file, for people */
	char *from; /* env: a variable; file: an absolute path; command, keyring: the program; vault: MOUNT/PATH; github-app: its id */
	char *key;                      /* file, vault: the member or line; NULL: the whole file */
	char *value;                    /* env: taken at the start of the session (secret_memory.h); else NULL */
	struct secret_program *program; /* command, keyring */
	struct secret_held *held;       /* of a source that is asked at the first use alone; or NULL */
	struct vault *vault;            /* vault: the principal's, not owned */
	struct github_app *github;      /* github-app */
	char *host;   /* of the server: a name, or an address without brackets; with tool=aws also "*.DOMAIN" */
	char *port;   /* decimal */
	char *path;   /* a prefix of every request's path: "" or "/v1" */
	char *header; /* the field that carries it, as "x-api-key"; NULL: Authorization */
	char *user;   /* with Authorization: Basic's user; NULL: Bearer */
	char *env;    /* the session's variable that gets a sentinel; NULL with a tool, or with SECRET_SCOPE_WRITE */
	char *base;   /* the session's variable that gets the address; NULL as well */
	enum secret_tool tool; /* with SECRET_SCOPE_WRITE that of the line with scope=read */
	enum secret_scope scope;
	char *ca; /* a file with the roots that the server's certificate is checked by; NULL: the system's */
	bool tls;
};

/* Parse the value of the field: NAME from SOURCE for URL env=VAR base=VAR [header=FIELD | basic=USER] [ca=/FILE] [scope=read], with
 * tool=TOOL in place of env= and base=, or NAME from SOURCE for URL scope=write.  Returns NULL, or what is wrong (static storage)
 * with the offset in *at; "" if memory is out. */
const char *secret_parse(const char *text, struct secret *out, size_t *at);
void secret_free(struct secret *s);

/* Read a URL into host, port, path and tls.  Returns as secret_parse(). */
const char *secret_parse_url(struct secret *out, const char *s, size_t n);

/* May both lines be in one principal: not the same name or variable, except that `s` is the stronger credential of `other`? */
bool secret_goes_with(const struct secret *s, const struct secret *other);

/* The one of the same name with the stronger scope; NULL if there is none. */
const struct secret *secret_stronger(const struct secret *list, size_t n, const struct secret *s);

/* "aws", "git", "kubectl", "npm"; "" without a tool.  "read", "write"; "" without a scope.  Static storage. */
const char *secret_tool_name(enum secret_tool tool);
const char *secret_scope_name(enum secret_scope scope);

/* Is it the name of an environment variable? */
bool secret_is_variable(const char *s, size_t n);

/* Take what the session's start takes away, in the environment of the person: env's value, command's environment and program.
 * Returns 0 or -ENOMEM. */
int secret_take(struct secret *s);

/* Lock its memory in this process: a lock is not inherited over fork(2). */
void secret_lock(const struct secret *s);

/* Is a value of tool=kubectl a client certificate with its key, in PEM, and not a token? */
bool secret_is_certificate(const struct secret *s, const char *value);

/* Append the credential from its source: env's value; what the file holds now; what a command, the keyring or Vault answered
 * at the first use.  Without the newline at its end.  Returns 0, or a negative errno with the reason in *why (valid until the
 * thread's next call): -EACCES, the source refuses it.  Blocks as long as the source takes, at most about 30 s.  Any thread,
 * after crypto_load(). */
int secret_fetch(const struct secret *s, struct strbuf *out, const char **why);

/* The end of the session: give tokens back to Vault, overwrite what was kept.  No other thread uses the secret. */
void secret_end(const struct secret *s);

/* The server does not take the value any more: the next use asks the source again.  Any thread. */
void secret_forget(const struct secret *s);

#endif
