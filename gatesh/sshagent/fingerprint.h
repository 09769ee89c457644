/* SPDX-License-Identifier: BSD-2-Clause */
/* fingerprint.h - "SHA256:..." of a key, as ssh-keygen -l prints it.  SHA-256 is here so that a session with a key needs no
 * OpenSSL (crypto.h). */
#ifndef GATESH_SSHAGENT_FINGERPRINT_H
#define GATESH_SSHAGENT_FINGERPRINT_H

#include "base/strbuf.h"
#include "sshagent/agent_message.h"

enum { FINGERPRINT_SIZE = 51 }; /* with its NUL */

void fingerprint(struct ssh_bytes key, char out[FINGERPRINT_SIZE]);

/* Append the bytes in base64, with padding. */
void fingerprint_put_base64(struct strbuf *b, struct ssh_bytes bytes);

#endif
