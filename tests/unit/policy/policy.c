/* SPDX-License-Identifier: BSD-2-Clause */
/* policy.c - what a service is loaded from: precedence, layers, packs, owners, and everything refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "support/fixture.h"

#define PACK(id) \
	"rule: " id "\non: exec\nprogram: tool\nmatch: x\nseverity: danger\nreason: why\nhit: tool x\nmiss: tool y\n"
#define PERMIT "exec required gate_permit\n"

static struct fixture fx;

static int open_fixture(void **state)
{
	fixture_open(&fx);
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

static int load(const char *service, struct policy **p)
{
	fixture_forget(&fx);
	return policy_load(service, &fx.dirs, &fx.d, p);
}

static void refused(const char *service, int err, const char *why)
{
	struct policy *p = (struct policy *)1;
	assert_int_equal(load(service, &p), err);
	assert_null(p);
	if (!fx.told.s || !strstr(fx.told.s, why))
		fail_msg("says: %s\nnot:  %s", fx.told.s ? fx.told.s : "nothing", why);
}

static void test_precedence(void **state)
{
	struct policy *p;
	fixture_write(fx.lib, "agent", PERMIT);
	assert_int_equal(load("agent", &p), 0);
	assert_non_null(strstr(p->stacks[0]->name, "/lib/agent"));
	policy_unref(p);
	fixture_write(fx.etc, "agent", PERMIT PERMIT);
	assert_int_equal(load("agent", &p), 0);
	assert_int_equal(p->nstacks, 1);
	assert_int_equal(p->stacks[0]->n, 2);
	assert_non_null(strstr(p->stacks[0]->name, "/etc/agent"));
	policy_unref(p);
}

static void test_layers(void **state)
{
	struct policy *p;
	fixture_write(fx.packs, "a.rules", PACK("a.a"));
	fixture_write(fx.user, "gate.d/agent", PERMIT);
	fixture_write(fx.user, "rules/u.rules", PACK("u.u"));
	fixture_write(fx.project, "gate.d/agent", PERMIT);
	fixture_write(fx.project, "rules/p.rules", PACK("p.p"));
	fx.dirs.user = fx.user;
	fx.dirs.project = fx.project;
	assert_int_equal(load("agent", &p), 0);
	assert_int_equal(p->nstacks, 3);
	assert_int_equal(p->rules.n, 3);
	assert_non_null(ruleset_find(&p->rules, "p.p"));
	struct policy *same = policy_ref(p);
	policy_unref(p);
	assert_int_equal(same->rules.n, 3); /* lives until the last reference */
	policy_unref(same);
	fx.dirs.user = fx.dirs.project = "/nonexistent";
	assert_int_equal(load("agent", &p), 0); /* neither has to exist */
	assert_int_equal(p->nstacks, 1);
	policy_unref(p);
	fx.dirs.user = fx.dirs.project = NULL;
}

static void test_refusals(void **state)
{
	refused("nothere", -ENOENT, "nothere: no such service in ");
	refused("", -EINVAL, "not a service name");
	refused("../agent", -EINVAL, "not a service name");
	refused(".agent", -EINVAL, "not a service name");
	fixture_write(fx.etc, "bad", "exec required gate_nothing\n");
	refused("bad", -EINVAL, "/etc/bad:1:15: no module 'gate_nothing'");
	fixture_write(fx.etc, "dir/x", "");
	refused("dir", -EINVAL, "/etc/dir: cannot be read: Is a directory");
	/* every layer's problems in one reading, and any one of them refuses everything */
	fixture_write(fx.user, "gate.d/bad", "exec requird gate_permit\n");
	fixture_write(fx.project, "gate.d/bad", "exec required gate_exec -- /bin/true\n");
	fixture_write(fx.project, "rules/bad.rules", "rule: x.x\nmatch: (\n");
	fx.dirs.user = fx.user;
	fx.dirs.project = fx.project;
	refused("bad", -EINVAL, "/etc/bad:1:15:");
	assert_non_null(strstr(fx.told.s, "/user/gate.d/bad:1:6:"));
	assert_non_null(strstr(fx.told.s, "/project/gate.d/bad:1:15: a project's file may not name programs"));
	assert_non_null(strstr(fx.told.s, "/project/rules/bad.rules:2:"));
	fixture_write(fx.etc, "bad", PERMIT);
	fixture_write(fx.user, "gate.d/bad", PERMIT);
	fixture_write(fx.project, "gate.d/bad", PERMIT);
	refused("bad", -EINVAL, "/project/rules/bad.rules:2:"); /* a project's bad pack alone refuses too */
	fixture_write(fx.project, "rules/bad.rules", "");
	fx.dirs.user = fx.dirs.project = NULL;
}

static void change(const char *dir, const char *name, mode_t mode, uid_t uid)
{
	char path[256];
	fixture_path(path, sizeof path, dir, name);
	assert_int_equal(chmod(path, mode), 0);
	assert_int_equal(chown(path, uid, (gid_t)-1), 0);
}

/* Who could have written a file of policy matters: an error for the system's and the user's, a warning for a
 * project's. */
static void test_owners(void **state)
{
	struct policy *p;
	fx.dirs.user = fx.user;
	fx.dirs.project = fx.project;
	fixture_write(fx.etc, "own", PERMIT);
	fixture_write(fx.user, "gate.d/own", PERMIT);
	fixture_write(fx.project, "gate.d/own", PERMIT);
	change(fx.user, "gate.d/own", 0666, geteuid());
	refused("own", -EINVAL, "/user/gate.d/own: anybody can write to it");
	change(fx.user, "gate.d/own", 0644, geteuid());
	change(fx.user, "rules/u.rules", 0666, geteuid());
	refused("own", -EINVAL, "/user/rules/u.rules: anybody can write to it");
	change(fx.user, "rules/u.rules", 0664, geteuid());
	change(fx.etc, "own", 0646, geteuid());
	refused("own", -EINVAL, "/etc/own: anybody can write to it");
	change(fx.etc, "own", 0644, geteuid());
	change(fx.project, "gate.d/own", 0666, geteuid());
	assert_int_equal(load("own", &p), 0);
	assert_int_equal(fx.d.warnings, 1);
	assert_non_null(strstr(fx.told.s, "/project/gate.d/own: warning: anybody can write to it"));
	policy_unref(p);
	if (geteuid()) {
		print_message("not root: files of another owner can't be made here\n");
	} else {
		change(fx.user, "gate.d/own", 0644, 12345);
		refused("own", -EINVAL, "/user/gate.d/own: not owned by root or the caller: it belongs to uid 12345");
	}
	fx.dirs.user = fx.dirs.project = NULL;
}

static unsigned lines_told;

static void count_lines(enum gate_style style, const char *text, void *data)
{
	lines_told += style == GATE_STYLE_ERROR;
}

/* gate_start_with() hands problems to the conversation, and leaves nothing half-made. */
static void test_start(void **state)
{
	const struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = count_lines};
	gate_handle_t *h = (gate_handle_t *)1;
	fixture_write(fx.etc, "twice", "exec requird gate_permit\nexce required gate_permit\n");
	assert_int_equal(gate_start_with("twice", &fx.dirs, &conv, &h), -EINVAL);
	assert_null(h);
	assert_int_equal(lines_told, 2);
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
	assert_string_equal(gate_get_item(h, GATE_ITEM_SERVICE), "agent");
	assert_int_equal(gate_set_item(h, GATE_ITEM_SERVICE, "x"), -EINVAL);
	assert_int_equal(gate_set_item(h, GATE_ITEM_COUNT, "x"), -EINVAL);
	assert_int_equal(gate_set_item(h, GATE_ITEM_AGENT, "claude"), 0);
	gate_handle_t *other;
	assert_int_equal(gate_dup(h, NULL, &other), 0);
	gate_end(h, 0);
	assert_string_equal(gate_get_item(other, GATE_ITEM_AGENT), "claude");
	gate_end(other, 0);
	gate_end(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_precedence), cmocka_unit_test(test_layers), cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_owners),     cmocka_unit_test(test_start),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
