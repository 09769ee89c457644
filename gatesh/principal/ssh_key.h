/* SPDX-License-Identifier: BSD-2-Clause */
/* ssh_key.h - an `ssh-key:` line of gate.principal(5): a key that the session's ssh agent has. */
#ifndef GATESH_PRINCIPAL_SSH_KEY_H
#define GATESH_PRINCIPAL_SSH_KEY_H

#include <stddef.h>

enum { SSH_KEY_NAME_MAX = 32 };

/* Owned; ssh_key_free(). */
struct ssh_key {
	char name[SSH_KEY_NAME_MAX];
	char *path;   /* of the private key, absolute */
	char **hosts; /* names of known_hosts where it signs in without a question; NULL-terminated, or NULL */
};

/* Parse the value of the field: NAME from file:/PATH [for HOST ...].  Returns NULL, or what is wrong (static storage) with the
 * offset in *at; "" if memory is out. */
const char *ssh_key_parse(const char *text, struct ssh_key *out, size_t *at);
void ssh_key_free(struct ssh_key *k);

#endif
