/* SPDX-License-Identifier: BSD-2-Clause */
/* read_name.c - the names that keep credentials: the quick look at a path finds each of them, wherever the path lies in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/read_name.h"

static const char *const listed[] = {".git-credentials",
				     ".netrc",
				     ".npmrc",
				     ".pypirc",
				     ".vault-token",
				     "access_tokens.db",
				     "application_default_credentials.json",
				     "config",
				     "config.json",
				     "credentials",
				     "credentials.db",
				     "credentials.tfrc.json",
				     "credentials.toml",
				     "hosts.yml",
				     "id_ed25519",
				     "id_",
				     "msal_token_cache.json"};
static const char *const others[] = {"",         "/",        "x",          "passwd",  "config.h",
				     "index.js", "identity", "hosts.yaml", ".netrc/", "Credentials"};

/* Each path at each offset, the last of which ends at the end of a page. */
static void is_read(const char *path, bool expected)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t n = strlen(path) + 1;
	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + page, (size_t)page, PROT_NONE), 0);
	for (size_t i = 0; i < 40; i++) {
		memset(map, '/', (size_t)page); /* neither what is before nor what is behind counts */
		char *at = map + page - n - i;
		memcpy(at, path, n);
		if (gate_read_name(at) != expected)
			fail_msg("%s at -%zu", path, n + i);
	}
	munmap(map, 2 * (size_t)page);
}

static void test_names(void **state)
{
	static const char *const before[] = {"", "/", "/home/u/.aws/", "../",
					     "a-long/directory/name-of-more-than/thirty-two-bytes/"};
	char path[256];
	for (size_t d = 0; d < sizeof before / sizeof *before; d++) {
		for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
			is_read(strcat(strcpy(path, before[d]), listed[i]), true);
		for (size_t i = 0; i < sizeof others / sizeof *others; i++)
			is_read(strcat(strcpy(path, before[d]), others[i]), false);
	}
}

/* Which rules make a session look at every name? */
static void test_needs_any(void **state)
{
	static const struct {
		const char *glob;
		bool any;
	} cases[] = {
		{"credentials", false}, {"id_*", false}, {"id_ed*", false}, {"id_rsa", false}, {"*.key", true},
		{"credentials*", true}, {"key", true},   {"*", true},       {"", true},        {"config.???n", true}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (gate_read_needs_any(cases[i].glob) != cases[i].any)
			fail_msg("%s", cases[i].glob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_needs_any)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
