/* SPDX-License-Identifier: BSD-2-Clause */
/* diag.c - "did you mean": a slip finds its word, and another word finds none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"

static const char *const words[] = {"allow", "ask",  "deny", "log",  "on",     "pending", "permit",
				    "run",   "show", "test", "undo", "unlink", "user",    NULL};

static void near(const char *word, const char *want)
{
	const char *found = diag_nearest(word, words);
	if (!found != !want || (want && strcmp(found, want) != 0))
		fail_msg("%s: %s, not %s", word, found ? found : "nothing", want ? want : "nothing");
}

static void slips(void **state)
{
	(void)state;
	near("rnu", "run");
	near("aks", "ask");
	near("lgo", "log");
	near("runn", "run");
	near("alow", "allow");
	near("sohw", "show");
	near("udno", "undo");
	near("unlnik", "unlink");
	near("premti", "permit");
	near("pendign", "pending");
}

static void beginnings(void **state)
{
	(void)state;
	near("perm", "permit");
	near("und", "undo");
	near("p", NULL);
	near("unlinkunlink", NULL);
}

static void other_words(void **state)
{
	(void)state;
	near("", NULL);
	near("foo", NULL);
	near("ls", NULL);
	near("cat", NULL);
	near("sudo", NULL);
	near("make", NULL);
	near("exit", NULL);
	near("delete", NULL);
	near("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips),
		cmocka_unit_test(beginnings),
		cmocka_unit_test(other_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
