/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_fetch.c - gets a credential from its source, and keeps it if the source is asked once. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "principal/secret_command.h"
#include "principal/secret_memory.h"
#include "principal/secret_source.h"
#include "principal/vault.h"
#include "util/loop.h"

/* AWS's key is in three variables. */
static int secret_take_aws(struct secret *s, const char *value)
{
	const char *id = getenv("AWS_ACCESS_KEY_ID"), *token = getenv("AWS_SESSION_TOKEN");
	size_t size = strlen(value) + (id ? strlen(id) : 0) + (token ? strlen(token) : 0) + 3;
	s->value = id ? secret_memory_room(size) : NULL;
	if (s->value)
		snprintf(s->value, size, "%s:%s:%s", id, value, token ? token : "");
	return !id || s->value ? 0 : -ENOMEM;
}

int secret_take(struct secret *s)
{
	const char *value = s->source == SECRET_ENV && s->from ? getenv(s->from) : NULL;
	if (value && s->tool == SECRET_TOOL_AWS && !strcmp(s->from, "AWS_SECRET_ACCESS_KEY"))
		return secret_take_aws(s, value);
	if (value && !(s->value = secret_memory_copy(value, strlen(value))))
		return -ENOMEM;
	return s->program ? secret_program_take(s->program) : 0;
}

void secret_lock(const struct secret *s)
{
	secret_memory_lock(s->value);
	if (s->program)
		secret_program_lock(s->program);
}

bool secret_is_certificate(const struct secret *s, const char *value)
{
	return s->tool == SECRET_TOOL_KUBECTL && !strncmp(value, "-----BEGIN ", 11);
}

/* Is it something that a header field can carry?  The line's end at its end goes away. */
static int secret_fetch_check(const struct secret *s, struct secret_got *got)
{
	size_t n = strlen(got->value);
	while (n && (got->value[n - 1] == '\n' || got->value[n - 1] == '\r'))
		got->value[--n] = '\0';
	if (!n)
		return secret_source_fail(got, -ENODATA, "it is empty");
	bool json = s->tool == SECRET_TOOL_AWS && *got->value == '{'; /* of a credential_process */
	for (size_t i = 0; i < n && !json && !secret_is_certificate(s, got->value); i++)
		if ((unsigned char)got->value[i] < ' ' || got->value[i] == 0x7f)
			return secret_source_fail(got, -EINVAL,
						  "it has control characters, which no header field can carry");
	return 0;
}

/* A temporary key of AWS says when it ends: "Expiration": "2026-11-30T20:00:00Z". */
static void secret_fetch_expiry(const struct secret *s, struct secret_got *got)
{
	const char *at = s->tool == SECRET_TOOL_AWS ? strstr(got->value, "\"Expiration\"") : NULL;
	at = at ? strchr(at, ':') : NULL;
	at = at ? strchr(at, '"') : NULL;
	if (at)
		got->until = secret_source_until(at + 1);
}

static int secret_get(const struct secret *s, struct secret_got *got)
{
	int err = secret_source_kind(s)->fetch(s, got);
	if (!err)
		err = secret_fetch_check(s, got);
	if (!err)
		secret_fetch_expiry(s, got);
	if (err) {
		secret_memory_free(got->value);
		got->value = NULL;
	}
	return err;
}

/* Get it unless it is there.  Under the lock, so that a second request waits for the first one's answer. */
static int secret_hold(const struct secret *s, struct secret_got *got)
{
	struct secret_held *h = s->held;
	if (h->value && (!h->until || loop_now() < h->until))
		return 0;
	int err = secret_get(s, got);
	secret_memory_free(h->value);
	h->value = got->value;
	h->until = got->until;
	return err;
}

int secret_fetch(const struct secret *s, struct strbuf *out, const char **why)
{
	static _Thread_local struct secret_got got;
	got = (struct secret_got){.why = "memory is out"};
	*why = got.why;
	if (s->held)
		pthread_mutex_lock(&s->held->lock);
	int err = s->held ? secret_hold(s, &got) : secret_get(s, &got);
	if (!err)
		strbuf_puts(out, s->held ? s->held->value : got.value);
	if (s->held)
		pthread_mutex_unlock(&s->held->lock);
	else
		secret_memory_free(got.value);
	got.value = NULL;
	return err ? err : out->err;
}

void secret_forget(const struct secret *s)
{
	if (!s->held)
		return;
	pthread_mutex_lock(&s->held->lock);
	secret_memory_free(s->held->value);
	s->held->value = NULL;
	pthread_mutex_unlock(&s->held->lock);
}

void secret_end(const struct secret *s)
{
	secret_forget(s);
	if (s->vault)
		vault_end(s->vault);
}
