/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch_pam.c - random stacks through real libpam with pam_debug.so, and through this dispatcher with gate_debug:
 * the decisions are the same, but for faults, where the difference is what is tested.
 *
 * GATE_TEST_SEED=N repeats a run, GATE_TEST_STACKS=N makes it longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_appl.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "policy/module.h"
#include "support/fixture.h"

enum { NFILES = 4, LINES_MAX = 5, STACKS = 6000 };

static struct fixture fx;
static char pam_dir[96];
static unsigned long seed;

/* The codes that mean the same.  Ours have no PAM name of their own where PAM has no such thing; any will do, as PAM's
 * dispatch knows no code but success and ignore. */
static const struct {
	const char *pam;
	int code;
} codes[GATE_RET_COUNT] = {
	[GATE_SUCCESS] = {"success", PAM_SUCCESS},
	[GATE_IGNORE] = {"ignore", PAM_IGNORE},
	[GATE_FINDING] = {"user_unknown", PAM_USER_UNKNOWN},
	[GATE_DENY] = {"perm_denied", PAM_PERM_DENIED},
	[GATE_TIMEOUT] = {"maxtries", PAM_MAXTRIES},
	[GATE_NO_AGENT] = {"authinfo_unavail", PAM_AUTHINFO_UNAVAIL},
	[GATE_SERVICE_ERR] = {"service_err", PAM_SERVICE_ERR},
	[GATE_SYSTEM_ERR] = {"system_err", PAM_SYSTEM_ERR},
	[GATE_BUF_ERR] = {"buf_err", PAM_BUF_ERR},
	[GATE_CONV_ERR] = {"conv_err", PAM_CONV_ERR},
	[GATE_MODULE_UNKNOWN] = {"module_unknown", PAM_MODULE_UNKNOWN},
	[GATE_ABORT] = {"abort", PAM_ABORT},
};

/* How `sufficient` is written for PAM: as the word, or as what it means here. */
enum fault_mode { SAME_WORD, WRITTEN_OUT };

static unsigned long state_of_random;

static unsigned pick(unsigned n)
{
	state_of_random ^= state_of_random << 13;
	state_of_random ^= state_of_random >> 7;
	state_of_random ^= state_of_random << 17;
	return (unsigned)(state_of_random >> 11) % n;
}

/* A control in both spellings. */
static void random_brackets(struct strbuf *gate, struct strbuf *pam)
{
	static const char *const actions[] = {"ignore", "ok", "done", "bad", "die", "reset"};
	strbuf_puts(gate, "[");
	strbuf_puts(pam, "[");
	unsigned set = pick(1u << GATE_RET_COUNT) & pick(1u << GATE_RET_COUNT);
	bool fallback = !set || pick(4);
	for (int i = 0; i < GATE_RET_COUNT; i++) {
		const char *action = actions[pick(6)];
		if (!(set & 1u << i))
			continue;
		strbuf_printf(gate, "%s=%s ", gate_strret(i), action);
		strbuf_printf(pam, "%s=%s ", codes[i].pam, action);
	}
	const char *action = actions[pick(6)];
	if (fallback) {
		strbuf_printf(gate, "default=%s", action);
		strbuf_printf(pam, "default=%s", action);
	}
	strbuf_puts(gate, "]");
	strbuf_puts(pam, "]");
}

static void random_module(struct strbuf *gate, struct strbuf *pam, enum fault_mode mode)
{
	static const char *const controls[] = {"required", "requisite", "optional", "sufficient"};
	static const char written_out[] =
		"[success=done ignore=ignore user_unknown=ignore perm_denied=ignore default=die]";
	static const int likely[] = {GATE_SUCCESS, GATE_SUCCESS, GATE_IGNORE, GATE_FINDING, GATE_DENY};
	unsigned control = pick(6);
	int code = pick(3) ? likely[pick(5)] : (int)pick(GATE_RET_COUNT);
	if (control == 3 && mode == SAME_WORD)
		code = likely[pick(5)]; /* where the two agree */
	strbuf_puts(gate, "exec ");
	strbuf_puts(pam, "auth ");
	if (control > 3) {
		random_brackets(gate, pam);
	} else {
		strbuf_puts(gate, controls[control]);
		strbuf_puts(pam, control < 3 || mode == SAME_WORD ? controls[control] : written_out);
	}
	strbuf_printf(gate, " gate_debug quiet exec=%s\n", gate_strret(code));
	strbuf_printf(pam, " pam_debug.so auth=%s\n", codes[code].pam);
}

/* Files name only those after them: no loops. */
static void random_file(unsigned index, struct strbuf *gate, struct strbuf *pam, enum fault_mode mode)
{
	for (unsigned n = pick(LINES_MAX + 1) + !index; n; n--) {
		if (index + 1 == NFILES || pick(4)) {
			random_module(gate, pam, mode);
			continue;
		}
		const char *how = pick(2) ? "include" : "substack";
		unsigned which = index + 1 + pick(NFILES - index - 1);
		strbuf_printf(gate, "exec %s f%u\n", how, which);
		strbuf_printf(pam, "auth %s %s/f%u\n", how, pam_dir, which); /* libpam 1.5 would look in /etc */
	}
}

static struct strbuf gate_files[NFILES], pam_files[NFILES];

/* A new f0 for every stack; what it includes is new now and then, which is enough and writes less. */
static void write_stacks(enum fault_mode mode)
{
	for (unsigned i = 0; i < NFILES; i++) {
		struct strbuf *gate = &gate_files[i], *pam = &pam_files[i];
		char name[8];
		if (i && gate->s && pick(4))
			continue;
		strbuf_free(gate);
		strbuf_free(pam);
		strbuf_puts(gate, "");
		strbuf_puts(pam, "");
		random_file(i, gate, pam, mode);
		snprintf(name, sizeof name, "f%u", i);
		fixture_write(fx.etc, name, gate->s);
		fixture_write(pam_dir, name, pam->s);
	}
}

static void forget_files(void)
{
	for (unsigned i = 0; i < NFILES; i++) {
		strbuf_free(&gate_files[i]);
		strbuf_free(&pam_files[i]);
	}
}

static int silent_pam(int n, const struct pam_message **message, struct pam_response **response, void *data)
{
	*response = calloc((size_t)n, sizeof **response);
	return *response ? PAM_SUCCESS : PAM_BUF_ERR;
}

static int ask_pam(void)
{
	const struct pam_conv conv = {.conv = silent_pam};
	pam_handle_t *pamh;
	assert_int_equal(pam_start_confdir("f0", "nobody", &conv, pam_dir, &pamh), PAM_SUCCESS);
	int ret = pam_authenticate(pamh, 0);
	pam_end(pamh, ret);
	return ret;
}

static void ignore_text(enum gate_style style, const char *text, void *data)
{
}

static int ask_gate(void)
{
	static const char *const words[] = {"true", NULL};
	static const struct gate_event event = {
		.struct_size = sizeof(struct gate_event), .exe = "/bin/true", .argv = words, .argc = 1, .cwd = "/"};
	const struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = ignore_text};
	gate_handle_t *h;
	assert_int_equal(gate_start_with("f0", &fx.dirs, &conv, &h), 0);
	int ret = gate_check(h, &event, 0);
	gate_end(h, ret);
	return ret;
}

/* PAM may hand out ignore as its last word; gate_check() calls that a refusal. */
static bool same(int gate, int pam)
{
	return codes[gate].code == pam || (gate == GATE_DENY && pam == PAM_IGNORE);
}

static unsigned long number(const char *name, unsigned long fallback)
{
	const char *s = getenv(name);
	return s ? strtoul(s, NULL, 0) : fallback;
}

static void compare(enum fault_mode mode, unsigned long stacks)
{
	unsigned allowed = 0;
	forget_files();
	for (unsigned long i = 0; i < stacks; i++) {
		write_stacks(mode);
		int pam = ask_pam(), gate = ask_gate();
		for (unsigned f = 0; f < NFILES && !same(gate, pam); f++)
			fprintf(stderr, "--- f%u\n%s\n%s", f, gate_files[f].s, pam_files[f].s);
		if (!same(gate, pam))
			fail_msg("stack %lu, GATE_TEST_SEED=%lu: pam says %d, gate says %s", i, seed, pam,
				 gate_strret(gate));
		allowed += gate == GATE_SUCCESS;
	}
	forget_files();
	print_message("%lu random stacks agree with libpam (%u allowed; seed %lu)\n", stacks, allowed, seed);
	assert_true(allowed > stacks / 20 && allowed < stacks * 19 / 20); /* not all of one kind */
}

static void test_same(void **state)
{
	compare(SAME_WORD, number("GATE_TEST_STACKS", STACKS));
}

/* Faults under `sufficient` too, spelled out for PAM: what differs is the word, not the dispatch. */
static void test_written_out(void **state)
{
	compare(WRITTEN_OUT, number("GATE_TEST_STACKS", STACKS) / 3);
}

/* The deliberate difference itself, code by code: PAM goes on and allows, Gate stops with the fault. */
static void test_fault_differs(void **state)
{
	for (int code = GATE_TIMEOUT; code < GATE_RET_COUNT; code++) {
		char text[128];
		snprintf(text, sizeof text, "exec sufficient gate_debug quiet exec=%s\nexec required gate_permit\n",
			 gate_strret(code));
		fixture_write(fx.etc, "f0", text);
		snprintf(text, sizeof text, "auth sufficient pam_debug.so auth=%s\nauth required pam_permit.so\n",
			 codes[code].pam);
		fixture_write(pam_dir, "f0", text);
		assert_int_equal(ask_pam(), PAM_SUCCESS);
		assert_int_equal(ask_gate(), code);
	}
}

static int open_fixture(void **state)
{
	static struct module *kept; /* loaded already, and so no file work for each stack */
	struct strbuf why = {0};
	fixture_open(&fx);
	assert_int_equal(module_open(fx.modules, "gate_debug", &kept, &why), 0);
	fixture_path(pam_dir, sizeof pam_dir, fx.dir, "pam");
	assert_int_equal(mkdir(pam_dir, 0755), 0);
	seed = number("GATE_TEST_SEED", (unsigned long)time(NULL) ^ (unsigned long)getpid() << 20);
	state_of_random = seed ? seed : 1;
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

/* pam_debug.so is found by libpam itself; a stack that it alone allows tells whether it is there. */
static bool have_pam_debug(void)
{
	fixture_write(pam_dir, "f0", "auth required pam_debug.so auth=success\n");
	return ask_pam() == PAM_SUCCESS;
}

static void test_all(void **state)
{
	if (!have_pam_debug()) {
		print_message("pam_debug.so is not installed: nothing to compare with\n");
		skip();
	}
	test_fault_differs(state);
	test_same(state);
	test_written_out(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
