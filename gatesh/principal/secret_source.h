/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_source.h - where secrets come from: one row a kind of source, with its way to read the principal's line and its way to get
 * the value.  secret_fetch() (secret.h) is what other rooms call. */
#ifndef GATESH_PRINCIPAL_SECRET_SOURCE_H
#define GATESH_PRINCIPAL_SECRET_SOURCE_H

#include <pthread.h>
#include <stdint.h>

#include "principal/secret.h"

enum { SECRET_WHY_MAX = 320 };

/* A value on its way from a source. */
struct secret_got {
	char *value;              /* secret_memory_free(); NULL: none */
	double until;             /* loop_now() in ms when it expires; 0: it does not */
	char why[SECRET_WHY_MAX]; /* why there is none */
};

/* The state of a secret whose value is kept between its uses.  Owned by the secret. */
struct secret_held {
	pthread_mutex_t lock; /* held while it is fetched: two requests make one fetch */
	char *value;          /* secret_memory_free(); NULL until its first use */
	uint64_t until;
};

/* One kind of source.  fetch: 0, or a negative errno with got->why; any thread. */
struct secret_source_kind {
	const char *prefix; /* as "file:" */
	const char *(*parse)(struct secret *s, const char *t,
			     size_t n); /* of what is behind the prefix; as secret_parse() */
	int (*fetch)(const struct secret *s, struct secret_got *got);
	bool held; /* fetched at the first use and kept, instead of read at each */
};

/* Read SOURCE of a `secret:` line. */
const char *secret_source_parse(struct secret *s, const char *text, size_t n);
const struct secret_source_kind *secret_source_kind(const struct secret *s);

/* --- among the files of sources ----------------------------------------------------------------------------------- */

/* Format got->why and return err. */
int secret_source_fail(struct secret_got *got, int err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* When to ask again for what expires at "2026-11-30T20:00:00Z", on the clock of loop_now(): some minutes before. */
uint64_t secret_source_until(const char *expires);

/* Copy text[0..n) to *to, and free what was there.  Returns NULL, or "" if memory is out. */
const char *secret_source_keep(char **to, const char *text, size_t n);

/* Does this text begin with the prefix, with something behind it? */
bool secret_source_begins(const char *s, size_t n, const char *prefix);

/* The kinds: secret_file.c, secret_command.c, secret_vault.c, secret_github.c. */
const char *secret_env_parse(struct secret *s, const char *text, size_t n);
int secret_env_fetch(const struct secret *s, struct secret_got *got);
const char *secret_file_parse(struct secret *s, const char *text, size_t n);
int secret_file_fetch(const struct secret *s, struct secret_got *got);
const char *secret_command_parse(struct secret *s, const char *text, size_t n);
int secret_command_fetch(const struct secret *s, struct secret_got *got);
const char *secret_keyring_parse(struct secret *s, const char *text, size_t n);
const char *secret_vault_parse(struct secret *s, const char *text, size_t n);
int secret_vault_fetch(const struct secret *s, struct secret_got *got);
const char *secret_github_parse(struct secret *s, const char *text, size_t n);
int secret_github_fetch(const struct secret *s, struct secret_got *got);
void secret_github_free(struct github_app *a);

/* The file with the app's private key.  Owned by the app. */
const char *secret_github_key(const struct github_app *a);

/* Read the value of KEY, or all, of a file that belongs to root or the user and that nobody else may read. */
int secret_file_read(const char *path, const char *key, struct secret_got *got);

#endif
