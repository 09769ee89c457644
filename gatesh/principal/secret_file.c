/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_file.c - file: sources. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/read_file.h"
#include "principal/secret_memory.h"
#include "principal/secret_source.h"
#include "principal/secret_text.h"

const char *secret_file_parse(struct secret *s, const char *text, size_t n)
{
	const char *hash = memchr(text, '#', n);
	if (*text != '/')
		return "file: takes an absolute path";
	if (memchr(text, ' ', n) || memchr(text, '\t', n))
		return "a path has no blanks here";
	if (hash && hash + 1 == text + n)
		return "no key behind the #";
	const char *err = secret_source_keep(&s->from, text, (size_t)((hash ? hash : text + n) - text));
	return err || !hash ? err : secret_source_keep(&s->key, hash + 1, (size_t)(text + n - hash - 1));
}

/* Take the part that is the secret. */
static int secret_file_take(const struct strbuf *text, const char *key, struct secret_got *got)
{
	const char *all = text->s ? text->s : "";
	got->value = secret_memory_room(SECRET_VALUE_MAX);
	if (!got->value)
		return secret_source_fail(got, -ENOMEM, "memory is out");
	const char *wrong = key ? secret_text_find(all, text->len, key, got->value, SECRET_VALUE_MAX) : NULL;
	if (!key)
		memcpy(got->value, all, strlen(all));
	return wrong ? secret_source_fail(got, -ENOENT, "%s", wrong) : 0;
}

int secret_file_read(const char *path, const char *key, struct secret_got *got)
{
	cleanup_strbuf struct strbuf text = {0};
	struct stat st;
	int err = read_file(path, SECRET_VALUE_MAX, &text, &st);
	if (err)
		return secret_source_fail(got, err, "%s", strerrordesc_np(-err));
	if (st.st_uid && st.st_uid != geteuid())
		err = secret_source_fail(got, -EPERM, "it belongs to somebody else");
	else if (st.st_mode & 077)
		err = secret_source_fail(got, -EPERM, "others can read it; chmod 600");
	else
		err = secret_file_take(&text, key, got);
	if (text.s)
		explicit_bzero(text.s, text.cap);
	return err;
}

/* A profile of ~/.aws/credentials, as one text. */
static int secret_file_read_profile(const struct secret *s, struct secret_got *got)
{
	struct secret_got all = {0};
	char id[128], secret[256], token[4096] = "", key[256];
	int err = secret_file_read(s->from, NULL, &all);
	const char *text = all.value ? all.value : "", *wrong = NULL;
	if (!err && snprintf(key, sizeof key, "%s.aws_access_key_id", s->key) < (int)sizeof key)
		wrong = secret_text_find(text, strlen(text), key, id, sizeof id);
	if (!err && !wrong && snprintf(key, sizeof key, "%s.aws_secret_access_key", s->key) < (int)sizeof key)
		wrong = secret_text_find(text, strlen(text), key, secret, sizeof secret);
	if (!err && !wrong && snprintf(key, sizeof key, "%s.aws_session_token", s->key) < (int)sizeof key)
		secret_text_find(text, strlen(text), key, token, sizeof token);
	if (err)
		secret_source_fail(got, err, "%s", all.why);
	else if (wrong)
		err = secret_source_fail(got, -ENOENT, "its profile %s has no key", s->key);
	else if (!(got->value = secret_memory_room(sizeof id + sizeof secret + sizeof token)))
		err = secret_source_fail(got, -ENOMEM, "memory is out");
	else
		snprintf(got->value, sizeof id + sizeof secret + sizeof token, "%s:%s:%s", id, secret, token);
	explicit_bzero(secret, sizeof secret);
	explicit_bzero(token, sizeof token);
	secret_memory_free(all.value);
	return err;
}

int secret_file_fetch(const struct secret *s, struct secret_got *got)
{
	bool profile = s->tool == SECRET_TOOL_AWS && s->key;
	return profile ? secret_file_read_profile(s, got) : secret_file_read(s->from, s->key, got);
}
