/* fixture.h - a temporary tree of services, packs and modules for the tests of the policy side. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "base/strbuf.h"
#include "policy/policy.h"

struct fixture {
	char dir[64];
	char etc[96], lib[96], packs[96], user[96], project[96], modules[96];
	struct policy_dirs dirs; /* etc over lib, packs; user and project are NULL until set to the paths above */
	struct diag d;
	struct strbuf told; /* everything the diag was told, a newline after each */
};

/* The tree, with copies of the built modules; fails the test when it can't. */
void fixture_open(struct fixture *fx);
void fixture_close(struct fixture *fx);
void fixture_forget(struct fixture *fx); /* what was told so far */

/* Write DIR/NAME (its directory is made). */
void fixture_write(const char *dir, const char *name, const char *text);
void fixture_path(char *out, size_t size, const char *dir, const char *name);

#endif
