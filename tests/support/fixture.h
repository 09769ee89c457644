/* SPDX-License-Identifier: BSD-2-Clause */
/* fixture.h - a temporary tree of services, packs and modules for the tests of the policy side. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "base/strbuf.h"
#include "policy/policy.h"

struct fixture {
	char dir[64];
	char etc[96], lib[96], packs[96], user[96], project[96], modules[96];
	struct policy_dirs dirs; /* etc over lib, and packs; user and project are NULL until a test sets them */
	struct diag d;
	struct strbuf told; /* every message of the diag, each followed by a newline */
};

/* Make the tree, with copies of the built modules.  Fails the test if that is not possible. */
void fixture_open(struct fixture *fx);
void fixture_close(struct fixture *fx);
void fixture_forget(struct fixture *fx); /* Drop the messages so far. */

/* Write DIR/NAME, and make its directory. */
void fixture_write(const char *dir, const char *name, const char *text);
void fixture_path(char *out, size_t size, const char *dir, const char *name);

#endif
