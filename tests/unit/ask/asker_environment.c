/* SPDX-License-Identifier: BSD-2-Clause */
/* asker_environment.c - the variables of an asker that choose a target: what is taken, said and applied. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask/asker_environment.h"

static void differences_are_described(void **state)
{
	static const struct {
		const char *envp[5], *program, *text;
	} rows[] = {
		{{"KUBECONFIG=/own", "HOME=/h", NULL}, "kubectl", ""},
		{{"KUBECONFIG=/x", "HOME=/h", "OTHER=1", NULL}, "kubectl", "KUBECONFIG=/x"},
		{{"KUBECONFIG=/x", "HOME=/h", NULL}, "git", ""},
		{{"KUBECONFIG=/x", "HOME=/h", NULL}, "unheard-of", ""},
		{{"HOME=/y", NULL}, "kubectl", "HOME=/y, KUBECONFIG is not set"},
		{{"HOME=/h", "PGHOST=db", "PGPASSWORD=hush", NULL}, "dropdb", "PGHOST=db, PGPASSWORD=…"},
		{{"DATABASE_URL=postgres://ada:hush@db/shop", NULL}, "prisma", "DATABASE_URL=postgres://ada:…@db/shop"},
		{{"DATABASE_URL=postgres://db/shop", NULL}, "prisma", "DATABASE_URL=postgres://db/shop"},
	};
	clearenv();
	setenv("HOME", "/h", 1);
	setenv("KUBECONFIG", "/own", 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct asker_environment e = {0};
		char text[512];
		asker_environment_read(&e, 0, (char *const *)rows[i].envp);
		assert_int_equal(e.err, 0);
		asker_environment_describe(&e, rows[i].program, text, sizeof text);
		assert_string_equal(text, rows[i].text);
		asker_environment_free(&e);
	}
}

/* A preview has the asker's values, none of gatesh's of the same names, and gatesh's of all others. */
static void variables_are_applied(void **state)
{
	char *const asker[] = {(char *)"PGHOST=db", (char *)"PATH=/evil", NULL};
	char *const own[] = {(char *)"PATH=/bin", (char *)"PGHOST=local", (char *)"KUBECONFIG=/own", NULL};
	struct asker_environment e = {0};
	asker_environment_read(&e, 0, asker);
	char **envp = asker_environment_apply(&e, own);
	assert_non_null(envp);
	assert_string_equal(envp[0], "PATH=/bin");
	assert_string_equal(envp[1], "PGHOST=db");
	assert_null(envp[2]);
	free(envp);
	asker_environment_free(&e);
}

static void what_is_too_much_is_unknown(void **state)
{
	char *big = malloc(ASKER_ENVIRONMENT_MAX + 16);
	assert_non_null(big);
	memset(big, 'x', ASKER_ENVIRONMENT_MAX + 15);
	memcpy(big, "PGHOST=", 7);
	big[ASKER_ENVIRONMENT_MAX + 15] = '\0';
	char *const envp[] = {big, NULL};
	struct asker_environment e = {0}, none = {0};
	asker_environment_read(&e, 0, envp);
	assert_int_equal(e.err, -E2BIG);
	assert_false(asker_environment_same(&e, &none));
	asker_environment_free(&e);
	free(big);
	asker_environment_read(&e, -1, NULL);
	assert_int_not_equal(e.err, 0);
}

static void a_process_is_read(void **state)
{
	struct asker_environment e = {0};
	asker_environment_read(&e, getpid(), NULL);
	assert_int_equal(e.err, 0);
	assert_true(e.read);
	assert_true(asker_environment_same(&e, &e));
	asker_environment_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_are_described),
		cmocka_unit_test(variables_are_applied),
		cmocka_unit_test(what_is_too_much_is_unknown),
		cmocka_unit_test(a_process_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
