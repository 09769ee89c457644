/* SPDX-License-Identifier: BSD-2-Clause */
/* sentinel.h - what stands in a session's environment in place of a credential: a text of the same shape that no server
 * honours. */
#ifndef GATESH_PRINCIPAL_SENTINEL_H
#define GATESH_PRINCIPAL_SENTINEL_H

#include "base/strbuf.h"
#include "crypto/crypto.h"
#include "principal/credential.h"

enum { SENTINEL_KEY_SIZE = CRYPTO_KEY_SIZE };

struct sentinels {
	crypto_hmac_fn *hmac;
	unsigned char person[SENTINEL_KEY_SIZE];  /* of this person, from the state directory: for strong credentials */
	unsigned char session[SENTINEL_KEY_SIZE]; /* random: for those that somebody could guess and compare */
};

/* Read the person's key, or make it ($XDG_STATE_HOME/gate/sentinel.key, 0600), and draw the session's.  Returns 0 or a
 * negative errno; then no key may be used. */
int sentinels_open(struct sentinels *s);

/* Append the value with its secret part replaced: letters and digits by other ones of the same case from an alphabet
 * without 0, 1, l, I and O; everything else stays, so that length and form do.  A strong credential always gets the same
 * sentinel from the same person's key, because programs remember a key that they have asked about once; a weak one gets
 * another in each session, as its sentinel would tell whoever reads the person's key whether a guess is right.
 * Returns 0 or a negative errno. */
int sentinel_put(const struct sentinels *s, const char *value, const struct credential *c, struct strbuf *out);

#endif
