/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_source.c - the table of sources. */
#include "principal/secret_source.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "principal/secret_memory.h"
#include "util/loop.h"

static const struct secret_source_kind kinds[] = {
	[SECRET_ENV] = {"env:", secret_env_parse, secret_env_fetch, false},
	[SECRET_FILE] = {"file:", secret_file_parse, secret_file_fetch, false},
	[SECRET_COMMAND] = {"command:", secret_command_parse, secret_command_fetch, true},
	[SECRET_KEYRING] = {"keyring:", secret_keyring_parse, secret_command_fetch, true},
	[SECRET_VAULT] = {"vault://", secret_vault_parse, secret_vault_fetch, true},
	[SECRET_GITHUB_APP] = {"github-app:", secret_github_parse, secret_github_fetch, true},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const struct secret_source_kind *secret_source_kind(const struct secret *s)
{
	return &kinds[s->source];
}

bool secret_source_begins(const char *s, size_t n, const char *prefix)
{
	size_t k = strlen(prefix);
	return n > k && !memcmp(s, prefix, k);
}

const char *secret_source_keep(char **to, const char *text, size_t n)
{
	free(*to);
	*to = strndup(text, n);
	return *to ? NULL : "";
}

int secret_source_fail(struct secret_got *got, int err, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(got->why, sizeof got->why, fmt, ap);
	va_end(ap);
	return err;
}

uint64_t secret_source_until(const char *expires)
{
	enum { MARGIN_MS = 300000 };
	struct tm t = {0};
	const char *end = expires ? strptime(expires, "%Y-%m-%dT%H:%M:%S", &t) : NULL;
	long long left = end ? ((long long)timegm(&t) - (long long)time(NULL)) * 1000 - MARGIN_MS : 0;
	return loop_now() + (left > 0 ? (uint64_t)left : 1);
}

static const char *secret_source_hold(struct secret *s)
{
	s->held = calloc(1, sizeof *s->held);
	if (s->held)
		pthread_mutex_init(&s->held->lock, NULL);
	return s->held ? NULL : "";
}

const char *secret_source_parse(struct secret *s, const char *text, size_t n)
{
	size_t i = 0;
	while (i < KINDS && !secret_source_begins(text, n, kinds[i].prefix))
		i++;
	if (i == KINDS)
		return "a source is env:VARIABLE, file:/PATH[#KEY], command:PROGRAM [ARGUMENT...], "
		       "keyring:ATTRIBUTE=VALUE..., vault://MOUNT/PATH#FIELD or github-app:id=NUMBER...";
	size_t k = strlen(kinds[i].prefix);
	s->source = (enum secret_source)i;
	const char *err = secret_source_keep(&s->spelled, text, n);
	if (!err)
		err = kinds[i].parse(s, text + k, n - k);
	return err || !kinds[i].held ? err : secret_source_hold(s);
}

/* --- env ---------------------------------------------------------------------------------------------------------- */

const char *secret_env_parse(struct secret *s, const char *text, size_t n)
{
	return secret_is_variable(text, n) ? secret_source_keep(&s->from, text, n) :
					     "env: takes the name of a variable";
}

int secret_env_fetch(const struct secret *s, struct secret_got *got)
{
	if (!s->value)
		return secret_source_fail(got, -ENOENT, "the variable is not set");
	got->value = secret_memory_copy(s->value, strlen(s->value));
	return got->value ? 0 : secret_source_fail(got, -ENOMEM, "memory is out");
}
