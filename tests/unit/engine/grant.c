/* SPDX-License-Identifier: BSD-2-Clause */
/* grant.c - asking a person, and what an answer for the session covers. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "support/fixture.h"

#define RULE(id, word, more)                                                                                 \
	"rule: " id "\non: exec\nprogram: tool\nmatch: \\b" word "\\b\nreason: " word " is dangerous\n" more \
	"hit: tool " word "\nmiss: tool --help\n\n"

static const char pack[] = RULE("t.drop", "drop", "severity: danger\n") RULE("t.purge", "purge", "severity: critical\n")
	RULE("t.never", "never", "severity: danger\naction: deny\n")
		RULE("t.note", "note", "severity: critical\naction: log\n");

static const char stack[] =
	"exec sufficient gate_rules\n"
	"exec sufficient gate_timestamp scope=session\n"
	"exec requisite gate_confirm timeout=7s typed=critical\n";

#define DESKTOP (GATE_QUESTION_DESKTOP | GATE_QUESTION_DESKTOP_YES) /* test_desktop() looks at these */

static struct fixture fx;

/* The conversation: what was asked last, how often, and what it will answer. */
static struct {
	unsigned asked, timeout_ms, flags;
	size_t nfindings;
	char rule[64], covers[256], word[64], trace[256];
	int ret;
	enum gate_choice choice;
	const char *text;
	bool desktop;
} talk;

static int ask(const struct gate_question *q, struct gate_answer *a, void *data)
{
	talk.asked++;
	talk.timeout_ms = q->timeout_ms;
	talk.flags = q->flags;
	talk.nfindings = q->nfindings;
	snprintf(talk.rule, sizeof talk.rule, "%s", q->findings->rule);
	snprintf(talk.covers, sizeof talk.covers, "%s", q->covers ? q->covers : "");
	snprintf(talk.word, sizeof talk.word, "%s", q->word ? q->word : "");
	talk.trace[0] = '\0';
	for (size_t i = 0, n = 0; i < q->ntrace; i++)
		n += (size_t)snprintf(talk.trace + n, sizeof talk.trace - n, "%s %s %s;", q->trace[i].module,
				      gate_strret(q->trace[i].ret), q->trace[i].action);
	a->choice = talk.choice;
	a->desktop = talk.desktop;
	strcpy(a->by, "a test");
	snprintf(a->text, sizeof a->text, "%s", talk.text ? talk.text : "");
	return talk.ret;
}

static void ignore_text(enum gate_style style, const char *text, void *data)
{
}

static const struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .ask = ask, .tell = ignore_text};

static int open_fixture(void **state)
{
	fixture_open(&fx);
	fixture_write(fx.packs, "t.rules", pack);
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

static gate_handle_t *start(const char *text, const struct gate_conv *with)
{
	gate_handle_t *h;
	memset(&talk, 0, sizeof talk);
	fixture_write(fx.etc, "agent", text);
	assert_int_equal(gate_start_with("agent", &fx.dirs, with, &h), 0);
	return h;
}

/* Check `tool WORDS...` in cwd. */
static int run_in(gate_handle_t *h, const char *cwd, const char *a, const char *b, unsigned flags)
{
	const char *const argv[] = {"tool", a, b, NULL};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.exe = "/usr/bin/tool",
				.argv = argv,
				.argc = 1 + !!a + (a && b),
				.cwd = cwd};
	return gate_check(h, &ev, flags);
}

static int run(gate_handle_t *h, const char *a, const char *b)
{
	return run_in(h, "/srv", a, b, 0);
}

static void test_answers(void **state)
{
	gate_handle_t *h = start(stack, &conv);
	assert_int_equal(run(h, "list", NULL), GATE_SUCCESS);
	assert_null(gate_answer(h));
	assert_int_equal(talk.asked, 0);

	talk.choice = GATE_ANSWER_ONCE;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_string_equal(talk.rule, "t.drop");
	assert_string_equal(talk.covers, "t.drop with exactly these arguments in /srv");
	assert_int_equal(talk.timeout_ms, 7000);
	assert_int_equal(talk.flags & ~(unsigned)DESKTOP, 0);
	assert_string_equal(gate_answer(h)->by, "a test");
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS); /* once is once */
	assert_int_equal(talk.asked, 2);

	talk.choice = GATE_ANSWER_NO;
	talk.text = "use trash";
	assert_int_equal(run(h, "drop", NULL), GATE_DENY);
	assert_string_equal(gate_get_item(h, GATE_ITEM_REASON),
			    "t.drop: drop is dangerous; refused by a test: use trash");
	assert_int_equal(run(h, "list", NULL), GATE_SUCCESS);
	assert_null(gate_get_item(h, GATE_ITEM_REASON));
	gate_end(h, 0);
}

/* What a notification may say yes to is the policy's, and the engine does not take more from it. */
static void test_desktop(void **state)
{
	static const struct {
		const char *args, *word;
		unsigned flags;
	} table[] = {{"", "drop", GATE_QUESTION_DESKTOP | GATE_QUESTION_DESKTOP_YES},
		     {"", "purge", GATE_QUESTION_DESKTOP},
		     {"desktop=none", "drop", 0},
		     {"desktop=warning", "drop", GATE_QUESTION_DESKTOP},
		     {"desktop=critical", "purge", GATE_QUESTION_DESKTOP | GATE_QUESTION_DESKTOP_YES},
		     {"desktop=critical typed=danger", "drop", GATE_QUESTION_DESKTOP | GATE_QUESTION_TYPED}};
	char text[128];
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		bool yes = table[i].flags & GATE_QUESTION_DESKTOP_YES;
		snprintf(text, sizeof text, "exec requisite gate_confirm %s\n", table[i].args);
		gate_handle_t *h = start(text, &conv);
		talk.desktop = true;
		talk.choice = GATE_ANSWER_ONCE;
		assert_int_equal(run(h, table[i].word, NULL), yes ? GATE_SUCCESS : GATE_CONV_ERR);
		assert_int_equal(talk.flags & ~(unsigned)GATE_QUESTION_NO_SESSION, table[i].flags);
		talk.choice = GATE_ANSWER_SESSION;
		assert_int_equal(run(h, table[i].word, NULL), GATE_CONV_ERR);
		talk.choice = GATE_ANSWER_NO;
		assert_int_equal(run(h, table[i].word, NULL), GATE_DENY);
		gate_end(h, 0);
	}
	gate_handle_t *h = start("exec required gate_confirm\nexec required gate_confirm desktop=warning\n", &conv);
	talk.choice = GATE_ANSWER_ONCE;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 1);
	talk.desktop = true; /* the second line does not take that yes, and asks again */
	assert_int_equal(run(h, "drop", NULL), GATE_CONV_ERR);
	assert_int_equal(talk.asked, 3);
	gate_end(h, 0);
}

static void test_no_answer(void **state)
{
	static const struct {
		int says, want;
	} table[] = {{GATE_TIMEOUT, GATE_TIMEOUT}, {GATE_NO_AGENT, GATE_NO_AGENT}, {GATE_CONV_ERR, GATE_CONV_ERR},
		     {GATE_IGNORE, GATE_CONV_ERR}, {GATE_FINDING, GATE_CONV_ERR},  {-1, GATE_CONV_ERR},
		     {77, GATE_CONV_ERR}};
	gate_handle_t *h = start(stack, &conv);
	talk.choice = GATE_ANSWER_SESSION; /* a yes that comes with a failure is none */
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		talk.ret = table[i].says;
		assert_int_equal(run(h, "drop", NULL), table[i].want);
		assert_null(gate_answer(h));
	}
	talk.ret = GATE_SUCCESS;
	talk.choice = (enum gate_choice)9;
	assert_int_equal(run(h, "drop", NULL), GATE_CONV_ERR);
	talk.asked = 0;
	assert_int_equal(run_in(h, "/srv", "drop", NULL, GATE_CHECK_NO_ASK), GATE_NO_AGENT);
	assert_int_equal(talk.asked, 0);
	gate_end(h, 0);
	h = start(stack, &(struct gate_conv){.struct_size = sizeof(struct gate_conv), .tell = ignore_text});
	assert_int_equal(run(h, "drop", NULL), GATE_NO_AGENT);
	gate_end(h, 0);
}

static int count(const struct gate_grant_info *g, void *data)
{
	unsigned *n = data;
	assert_string_equal(g->text, "t.drop: tool drop, in /srv");
	assert_string_equal(g->rule, "t.drop");
	assert_string_equal(g->by, "a test");
	assert_int_equal(g->id, 1);
	assert_int_equal(g->used, 2);
	assert_true(g->since > 1500000000);
	return ++*n > 9;
}

static int last_id(const struct gate_grant_info *g, void *data)
{
	*(unsigned *)data = g->id;
	return 0;
}

static int stop(const struct gate_grant_info *g, void *data)
{
	return 5;
}

static void test_session_grant(void **state)
{
	unsigned listed = 0;
	gate_handle_t *h = start(stack, &conv), *other;
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 1);
	talk.choice = GATE_ANSWER_NO; /* from here on only a grant can allow */
	assert_int_equal(gate_dup(h, NULL, &other), 0);
	assert_int_equal(run(other, "drop", NULL), GATE_SUCCESS);
	gate_end(other, 0);
	assert_int_equal(run(h, "drop", "now"), GATE_DENY); /* other arguments */
	assert_int_equal(run_in(h, "/home", "drop", NULL, 0), GATE_DENY);
	assert_int_equal(run_in(h, NULL, "drop", NULL, 0), GATE_DENY);
	assert_int_equal(gate_grants(h, count, &listed), 0);
	assert_int_equal(listed, 1);
	gate_forget(h);
	assert_int_equal(run(h, "drop", NULL), GATE_DENY);
	gate_end(h, 0);
}

static const char files[] =
	"unlink sufficient gate_rules\nunlink sufficient gate_keep\n"
	"unlink sufficient gate_timestamp\nunlink requisite gate_confirm\n";

static int remove_file(gate_handle_t *h, const char *path, const char *top, const char *unkept)
{
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_UNLINK,
				.exe = "/bin/rm",
				.path = path,
				.top = top,
				.unkept = unkept};
	return gate_check(h, &ev, 0);
}

/* Of files: this rule under this directory, whoever does it. */
static void test_files(void **state)
{
	fixture_write(fx.packs, "f.rules",
		      "rule: f.data\non: unlink\npath: /srv/ *.db\nexcept: /srv/keep/\nseverity: danger\nreason: why\n"
		      "hit: /srv/x\nmiss: x\n\n"
		      "rule: f.key\non: unlink\npath: *.key\nseverity: critical\nreason: why\nhit: x.key\nmiss: x\n");
	gate_handle_t *h = start(files, &conv);
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(remove_file(h, "/srv/a/x", "/srv/a", NULL), GATE_SUCCESS);
	assert_string_equal(talk.covers, "f.data under /srv/a");
	assert_int_equal(remove_file(h, "/srv/b/y.db", NULL, NULL), GATE_SUCCESS);
	assert_string_equal(talk.covers, "f.data under /srv/b/y.db");
	assert_int_equal(remove_file(h, "/w/big", "/w", "too large"), GATE_SUCCESS);
	assert_string_equal(talk.covers, "gate_keep under /w");
	assert_int_equal(remove_file(h, "/srv/a/x.key", "/srv/a", NULL), GATE_SUCCESS); /* once */
	assert_string_equal(talk.covers, "");
	talk.choice = GATE_ANSWER_NO;
	talk.asked = 0;
	assert_int_equal(remove_file(h, "/srv/a/sub/z", "/srv/a/sub", NULL), GATE_SUCCESS);
	assert_int_equal(remove_file(h, "/srv/b/y.db", "/srv/b", NULL), GATE_SUCCESS);
	assert_int_equal(remove_file(h, "/w/bigger", "/w", "too large"), GATE_SUCCESS);
	assert_int_equal(remove_file(h, "/w/small", "/w", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 0);
	assert_int_equal(remove_file(h, "/srv/ab", "/srv", NULL), GATE_DENY);
	assert_int_equal(remove_file(h, "/srv/b/z.db", "/srv/b", NULL), GATE_DENY);
	assert_int_equal(remove_file(h, "/srv/a/x.key", "/srv/a", NULL), GATE_DENY);
	gate_forget(h);
	assert_int_equal(remove_file(h, "/srv/a/x", "/srv/a", NULL), GATE_DENY);
	gate_end(h, 0);
}

/* One of several is taken back, and its id is not given to another. */
static void test_revoke(void **state)
{
	unsigned id = 0;
	gate_handle_t *h = start(stack, &conv);
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "drop", "a"), GATE_SUCCESS);
	assert_int_equal(run(h, "drop", "b"), GATE_SUCCESS);
	assert_int_equal(gate_grants(h, stop, NULL), 5);
	assert_int_equal(gate_revoke(h, 9), -ENOENT);
	assert_int_equal(gate_revoke(h, 2), 0);
	assert_int_equal(gate_revoke(h, 2), -ENOENT);
	assert_int_equal(gate_grants(h, last_id, &id), 0);
	assert_int_equal(id, 1);
	talk.choice = GATE_ANSWER_NO;
	assert_int_equal(run(h, "drop", "b"), GATE_DENY);
	assert_int_equal(run(h, "drop", "a"), GATE_SUCCESS);
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "drop", "b"), GATE_SUCCESS);
	assert_int_equal(gate_grants(h, last_id, &id), 0);
	assert_int_equal(id, 3);
	gate_end(h, 0);
}

/* What was said by then is part of the question. */
static void test_trace_of_a_question(void **state)
{
	gate_handle_t *h = start(stack, &conv);
	assert_int_equal(run(h, "drop", NULL), GATE_DENY);
	assert_string_equal(talk.trace, "gate_rules finding ignore;gate_timestamp finding ignore;");
	gate_end(h, 0);
}

/* What looks alike when shown is not the same to a grant. */
static void test_grant_is_exact(void **state)
{
	gate_handle_t *h = start(stack, &conv);
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "drop", "a\\nb"), GATE_SUCCESS);
	talk.choice = GATE_ANSWER_NO;
	assert_int_equal(run(h, "drop", "a\\nb"), GATE_SUCCESS);
	assert_int_equal(run(h, "drop", "a\nb"), GATE_DENY);
	const char *const argv[] = {"tool", "drop", "a\\nb", NULL};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .exe = "./tool", .argv = argv, .argc = 3, .cwd = "/srv"};
	assert_int_equal(gate_check(h, &ev, 0), GATE_DENY); /* another program of that name */
	gate_end(h, 0);
}

static void test_critical(void **state)
{
	gate_handle_t *h = start(stack, &conv);
	talk.choice = GATE_ANSWER_SESSION; /* not offered: counts once, and makes no grant */
	assert_int_equal(run(h, "purge", NULL), GATE_SUCCESS);
	assert_int_equal(talk.flags & ~(unsigned)DESKTOP, GATE_QUESTION_TYPED | GATE_QUESTION_NO_SESSION);
	assert_string_equal(talk.word, "purge");
	assert_string_equal(talk.covers, "");
	assert_int_equal(gate_answer(h)->choice, GATE_ANSWER_ONCE);
	assert_int_equal(run(h, "purge", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 2);
	assert_int_equal(run(h, "purge", "drop"), GATE_SUCCESS); /* two findings, the worst first */
	assert_int_equal(talk.nfindings, 2);
	assert_string_equal(talk.rule, "t.purge");
	talk.choice = GATE_ANSWER_NO;
	assert_int_equal(run(h, "purge", "drop"), GATE_DENY);
	gate_end(h, 0);
}

static void test_deny_and_log(void **state)
{
	gate_handle_t *h = start(stack, &conv);
	size_t n;
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "never", NULL), GATE_DENY);
	assert_string_equal(gate_get_item(h, GATE_ITEM_REASON), "t.never: never is dangerous");
	assert_int_equal(run(h, "never", "drop"), GATE_DENY);
	assert_int_equal(talk.asked, 0);
	assert_int_equal(run(h, "note", NULL), GATE_SUCCESS);
	assert_int_equal(gate_findings(h, &n)->action, GATE_ACTION_LOG);
	assert_int_equal(n, 1);
	assert_int_equal(talk.asked, 0);
	assert_int_equal(run(h, "note", "drop"), GATE_SUCCESS); /* a log finding is no part of the question */
	assert_int_equal(talk.nfindings, 1);
	assert_int_equal(talk.flags & ~(unsigned)DESKTOP, 0);
	gate_end(h, 0);
}

static void test_no_session(void **state)
{
	gate_handle_t *h = start("exec requisite gate_confirm session=no\n", &conv);
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.flags & ~(unsigned)DESKTOP, GATE_QUESTION_NO_SESSION);
	assert_int_equal(talk.timeout_ms, 300000);
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 2);
	gate_end(h, 0);
}

/* Stacks on top of each other ask once, unless the second wants more. */
static void test_layers_ask_once(void **state)
{
	fx.dirs.user = fx.user;
	fixture_write(fx.user, "gate.d/agent", "exec requisite gate_confirm\n");
	gate_handle_t *h = start(stack, &conv);
	talk.choice = GATE_ANSWER_ONCE;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 1);
	gate_end(h, 0);
	fixture_write(fx.user, "gate.d/agent", "exec requisite gate_confirm typed=notice\n");
	h = start(stack, &conv);
	talk.choice = GATE_ANSWER_ONCE;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 2);
	gate_end(h, 0);
	fixture_write(fx.user, "gate.d/agent",
		      "exec optional gate_debug return=finding\nexec requisite gate_confirm\n");
	h = start(stack, &conv);
	talk.choice = GATE_ANSWER_ONCE;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	assert_int_equal(talk.asked, 2);
	assert_int_equal(talk.nfindings, 2);
	gate_end(h, 0);
	fx.dirs.user = NULL;
}

/* A module's finding is asked about too, rule or no rule. */
static void test_module_finding(void **state)
{
	size_t n;
	gate_handle_t *h = start("exec sufficient gate_debug return=finding\nexec requisite gate_confirm\n", &conv);
	talk.choice = GATE_ANSWER_NO;
	assert_int_equal(run(h, "list", NULL), GATE_DENY);
	assert_int_equal(talk.asked, 1);
	assert_string_equal(talk.rule, "gate_debug");
	assert_string_equal(gate_findings(h, &n)->subject, "tool list");
	gate_end(h, 0);
}

enum { THREADS = 8, CHECKS = 400 };

static void *hammer(void *data)
{
	gate_handle_t *h;
	long wrong = gate_dup(data, NULL, &h) != 0;
	for (int i = 0; !wrong && i < CHECKS; i++) {
		const char *const argv[] = {"tool", i % 3 ? "drop" : "list", NULL};
		struct gate_event ev = {
			.struct_size = sizeof(struct gate_event), .exe = "/usr/bin/tool", .argv = argv, .argc = 2};
		ev.cwd = i % 2 ? "/srv" : "/home";
		int want = i % 3 && i % 2 ? GATE_SUCCESS : i % 3 ? GATE_NO_AGENT : GATE_SUCCESS;
		wrong += gate_check(h, &ev, GATE_CHECK_NO_ASK) != want;
	}
	gate_end(h, 0);
	return (void *)wrong;
}

/* Many handles on one policy at once; the sanitizer builds look for the races. */
static void test_threads(void **state)
{
	gate_handle_t *h = start(stack, &conv);
	pthread_t thread[THREADS];
	talk.choice = GATE_ANSWER_SESSION;
	assert_int_equal(run(h, "drop", NULL), GATE_SUCCESS);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, hammer, h), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;
		assert_int_equal(pthread_join(thread[i], &wrong), 0);
		assert_null(wrong);
	}
	gate_end(h, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),        cmocka_unit_test(test_desktop),
		cmocka_unit_test(test_no_answer),      cmocka_unit_test(test_session_grant),
		cmocka_unit_test(test_files),          cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_grant_is_exact), cmocka_unit_test(test_trace_of_a_question),
		cmocka_unit_test(test_critical),       cmocka_unit_test(test_deny_and_log),
		cmocka_unit_test(test_no_session),     cmocka_unit_test(test_layers_ask_once),
		cmocka_unit_test(test_module_finding), cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
