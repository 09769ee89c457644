/* SPDX-License-Identifier: BSD-2-Clause */
/* vault.h - a server of secrets with the API of HashiCorp Vault and OpenBao: `secrets-from: vault URL ...` of gate.principal(5).
 * Version 2 of the key-value engine; a token of the person's, or an AppRole, by which gatesh logs in at the first use.
 * https://developer.hashicorp.com/vault/api-docs: secret/kv/kv-v2, auth/approle, auth/token. */
#ifndef GATESH_PRINCIPAL_VAULT_H
#define GATESH_PRINCIPAL_VAULT_H

#include "principal/secret_source.h"

/* Owned by the principal; vault_free(). */
struct vault {
	char *spelled;        /* the value of the field, for people */
	struct secret server; /* its URL, and where a token comes from, if there is no AppRole */
	char *approle;        /* the file with the role's id and secret; or NULL */
	char *namespace;      /* or NULL */
	pthread_mutex_t lock; /* held while the server is asked */
	char *token;          /* secret_memory_free(); NULL: not logged in */
	uint64_t until;       /* loop_now() when it expires; 0: it does not */
	uint64_t renew;       /* ... from when on it is renewed before its use */
};

/* Parse the value of the field: vault https://HOST[:PORT] approle=/FILE | token=SOURCE [namespace=NAME].  Returns as secret_parse(). */
const char *vault_parse(const char *text, struct vault *out, size_t *at);
void vault_free(struct vault *v);

/* Give the token of an AppRole back to the server, and forget it.  Blocks as secret_fetch().  Best effort, without a result. */
void vault_end(struct vault *v);

#endif
