/* SPDX-License-Identifier: BSD-2-Clause */
/* credential.c - which variables hold credentials, and what stands in their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "principal/credential.h"
#include "principal/sentinel.h"

/* A variable, the kind, and the part of the value that is secret (NULL: all of it). */
static const struct {
	const char *name, *value;
	enum credential_kind kind;
	const char *secret;
} rows[] = {
	{"GH_TOKEN", "ghp_aaaabbbbccccddddeeeeffff0000111122", CREDENTIAL_TOKEN, "aaaabbbbccccddddeeeeffff0000111122"},
	{"ANYTHING", "glpat-aaaabbbbccccddddeeee", CREDENTIAL_TOKEN, "aaaabbbbccccddddeeee"},
	{"MODEL", "sk-proj-aaaabbbbccccddddeeee", CREDENTIAL_TOKEN, "proj-aaaabbbbccccddddeeee"},
	{"MODEL", "task-aaaabbbbccccddddeeeeffff", CREDENTIAL_NONE, NULL},
	{"AWS_ACCESS_KEY_ID", "AKIAABCDEFGHIJKLMNOP", CREDENTIAL_TOKEN, "ABCDEFGHIJKLMNOP"},
	{"AWS_SECRET_ACCESS_KEY", "abc/DEF+ghi", CREDENTIAL_SECRET, NULL},
	{"AWS_REGION", "eu-west-1", CREDENTIAL_NONE, NULL},
	{"AWS_PROFILE", "prod", CREDENTIAL_NONE, NULL},
	{"PGPASSWORD", "hunter2", CREDENTIAL_SECRET, NULL},
	{"db_password", "correct horse", CREDENTIAL_SECRET, NULL},
	{"DATABASE_URL", "postgres://me:s3cret%40@db.example/shop", CREDENTIAL_URL, "s3cret%40"},
	{"DATABASE_URL", "postgres://db.example/shop", CREDENTIAL_NONE, NULL},
	{"HTTPS_PROXY", "http://proxy.example:3128", CREDENTIAL_NONE, NULL},
	{"PROXY", "http://me:pw@proxy.example:3128", CREDENTIAL_URL, "pw"},
	{"GIT_URL", "ssh://git@example.org/x.git", CREDENTIAL_NONE, NULL},
	{"ID", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMTIz", CREDENTIAL_JWT, "c2lnbmF0dXJlMTIz"},
	{"SSH_KEY", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg", CREDENTIAL_LOCAL_KEY, NULL},
	{"CERT", "-----BEGIN CERTIFICATE-----\nMIIB", CREDENTIAL_NONE, NULL},
	{"SOPS_AGE_KEY", "AGE-SECRET-KEY-1QQPQ", CREDENTIAL_LOCAL_KEY, NULL},
	{"DOCKER_AUTH_CONFIG", "{\"auths\":{\"r\":{\"auth\":\"bWU6cHc=\"}}}", CREDENTIAL_COMPOSITE, NULL},
	{"AZURE_STORAGE", "AccountName=a;AccountKey=aaaa==", CREDENTIAL_COMPOSITE, NULL},
	{"GCP_CREDENTIALS_B64", "eyJ0eXBlIjoic2VydmljZSJ9", CREDENTIAL_COMPOSITE, NULL},
	{"GOOGLE_APPLICATION_CREDENTIALS", "/home/me/key.json", CREDENTIAL_NONE, NULL},
	{"NEXT_PUBLIC_API_KEY", "AIzaaaaabbbbccccddddeeeeffff00001111222", CREDENTIAL_NONE, NULL},
	{"SSH_AUTH_SOCK", "/run/user/1000/keyring/ssh", CREDENTIAL_NONE, NULL},
	{"GIT_ASKPASS", "echo-it", CREDENTIAL_NONE, NULL},
	{"OAUTH_TOKEN", "", CREDENTIAL_NONE, NULL},
	{"USE_TOKEN", "true", CREDENTIAL_NONE, NULL},
	{"MAX_TOKEN", "4096", CREDENTIAL_NONE, NULL},
	{"KEYTIMEOUT", "1", CREDENTIAL_NONE, NULL},
	{"COMPASS", "north", CREDENTIAL_NONE, NULL},
	{"PWD", "/home/me/my secrets!", CREDENTIAL_NONE, NULL},
	{"PATH", "/usr/bin:/bin", CREDENTIAL_NONE, NULL},
};

static void credentials_are_known(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct credential c = credential_in(rows[i].name, rows[i].value);
		if (c.kind != rows[i].kind)
			fail_msg("%s=%s: %s", rows[i].name, rows[i].value, credential_kind_name(c.kind));
		if (!rows[i].secret)
			continue;
		assert_int_equal(c.to - c.from, strlen(rows[i].secret));
		assert_memory_equal(rows[i].value + c.from, rows[i].secret, strlen(rows[i].secret));
	}
}

static const struct sentinels keys = {.hmac = crypto_hmac, .person = {1}, .session = {2}},
			      later = {.hmac = crypto_hmac, .person = {1}, .session = {3}};

static char *sentinel(const struct sentinels *s, const char *name, const char *value)
{
	struct strbuf b = {0};
	struct credential c = credential_in(name, value);
	assert_int_equal(sentinel_put(s, value, &c, &b), 0);
	return strbuf_take(&b);
}

static void sentinels_keep_the_form(void **state)
{
	const char *value = "postgres://me:aB3-x%40Z9@db.example/shop";
	char *got = sentinel(&keys, "URL", value);
	assert_int_equal(strlen(got), strlen(value));
	assert_memory_equal(got, "postgres://me:", 14);
	assert_string_equal(strchr(got, '@'), "@db.example/shop");
	assert_memory_not_equal(got, value, strlen(value));
	for (const char *a = value, *b = got; *a; a++, b++) { /* a lower letter for a lower letter, and so on */
		assert_int_equal(*a >= 'a' && *a <= 'z', *b >= 'a' && *b <= 'z');
		assert_int_equal(*a >= 'A' && *a <= 'Z', *b >= 'A' && *b <= 'Z');
		assert_int_equal(*a >= '0' && *a <= '9', *b >= '0' && *b <= '9');
	}
	free(got);
}

static void sentinels_of_strong_credentials_are_stable(void **state)
{
	const char *strong = "ghp_aaaabbbbccccddddeeeeffff0000111122", *weak = "hunter2hunter2";
	char *a = sentinel(&keys, "A", strong), *b = sentinel(&later, "B", strong);
	char *c = sentinel(&keys, "PGPASSWORD", weak), *d = sentinel(&later, "PGPASSWORD", weak);
	assert_string_equal(a, b);     /* in the next session, and in another variable */
	assert_string_not_equal(c, d); /* who reads the person's key could try passwords */
	assert_memory_equal(a, "ghp_", 4);
	free(a);
	free(b);
	free(c);
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(credentials_are_known),
		cmocka_unit_test(sentinels_keep_the_form),
		cmocka_unit_test(sentinels_of_strong_credentials_are_stable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
