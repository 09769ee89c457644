/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_secret.h - is a kept file one that holds passwords or keys?  Such a file lives on in the store after its owner
 * has removed it, so the list names it. */
#ifndef GATESH_UNDO_UNDO_SECRET_H
#define GATESH_UNDO_UNDO_SECRET_H

#include <stdbool.h>

/* By the names that tools give such files: .env, id_ed25519, *.pem.  Templates (.env.example) and public keys are none. */
bool undo_secret_name(const char *path);

/* Does the file `name` in the open directory begin as a private key does (PEM, OpenSSH, PGP)? */
bool undo_secret_content(int dir, const char *name);

#endif
