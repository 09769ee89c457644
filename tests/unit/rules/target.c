/* SPDX-License-Identifier: BSD-2-Clause */
/* target.c - what {target}, {operands} and {--NAME} of a preview stand for: the options that choose what a command acts on. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules/ruleset.h"
#include "rules/target.h"

static const struct target {
	const char *words, *preview, *filled; /* NULL: none, as the target can't be told */
} targets[] = {
	{"kubectl --context prod delete ns shop", "{program} {target} get {operands}",
	 "kubectl --context=prod get ns shop"},
	{"kubectl delete ns shop -nx --context=prod", "{target} / {operands}",
	 "--namespace=x --context=prod / ns shop"},
	{"kubectl delete pod -l app=web --grace-period 0 -Rf k8s",
	 "{--selector} {--recursive} {--filename} / {operands}", "--selector=app=web  --filename=k8s / pod"},
	{"kubectl delete pod -- --context prod", "{target} / {operands}", " / pod --context prod"},
	{"k --kubeconfig /x/a delete pod a", "{program} {target}", "k --kubeconfig=/x/a"},
	{"redis-cli -h prod -p 7000 flushall -h local", "{target}", "-h prod -p 7000"},
	{"redis-cli --cluster del-node cache:6379 a", "{target}", NULL},
	{"docker -H tcp://prod:2375 system prune -f", "{target}", "--host=tcp://prod:2375"},
	{"docker system prune -H x", "{target}", ""},
	{"psql -Uada -Atc drop shop", "{target} / {operands}", "--username=ada / shop"},
	{"dropdb -h db.example.org -e shop", "{target}", "--host=db.example.org"},
	{"mysqladmin -uroot -pX -p drop shop", "{target}", "--user=root --password=X"},
	{"terraform -chdir=infra destroy", "{target}", "-chdir=infra"},
	{"nomad job stop -namespace shop -purge web", "{target} / {operands}", "-namespace=shop / web"},
	{"rails db:drop RAILS_ENV=production", "{target} / {operands}", "RAILS_ENV=production / "},
	{"git push -df origin main", "{--delete} {operands}", "--delete origin main"},
	{"git -C /x push --repo=other main", "{target} {operands}", NULL},
	{"aws s3 rb s3://x --region", "{target}", "--region"},
	{"frobnicate --context prod", "{target}", NULL},
	{"frobnicate --context prod", "x {program} {}", "x frobnicate {}"},
};

static void the_target_is_filled_in(void **state)
{
	struct rule r = {.id = (char *)"t.a"};
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		char *copy = strdup(targets[i].words), *rest = copy, *filled;
		const char *words[16];
		struct subjects s = {0};
		size_t n = 0;
		while (n < 16 && (words[n] = strsep(&rest, " ")))
			n++;
		assert_int_equal(subjects_add(&s, words, n, false), 0);
		int err = rule_fill(&r, targets[i].preview, &s.v[0], &filled);
		assert_int_equal(err, targets[i].filled ? 0 : -EINVAL);
		if (targets[i].filled)
			assert_string_equal(filled, targets[i].filled);
		free(filled);
		free(copy);
		subjects_free(&s);
	}
}

/* A program's words go into a shell: whatever they are, they stay words. */
static void words_are_quoted(void **state)
{
	const char *words[] = {"kubectl", "--context", "a b;$(x)", "delete", "ns", "it's"};
	struct rule r = {.id = (char *)"t.a"};
	struct subjects s = {0};
	char *filled;
	assert_int_equal(subjects_add(&s, words, 6, false), 0);
	assert_int_equal(rule_fill(&r, "{target} {operands}", &s.v[0], &filled), 0);
	assert_string_equal(filled, "'--context=a b;$(x)' ns 'it'\\''s'");
	free(filled);
	subjects_free(&s);
}

static void a_statement_has_no_target(void **state)
{
	struct rule r = {.id = (char *)"t.a"};
	struct subject s = {0};
	char *filled;
	assert_int_equal(subject_of_text(&s, "psql", "drop table -h x", NULL), 0);
	s.content = SUBJECT_SQL;
	assert_int_equal(rule_fill(&r, "psql {target}", &s, &filled), -EINVAL);
	subject_free(&s);
}

/* sudo runs kubectl with root's kubeconfig, which the person's would not show. */
static void another_users_settings_are_told(void **state)
{
	static const struct {
		const char *text;
		bool as_other;
	} rows[] = {{"kubectl delete ns x", false},
		    {"sudo kubectl delete ns x", true},
		    {"doas -u web kubectl delete ns x", true},
		    {"env A=b kubectl delete ns x", false},
		    {"bundle exec kubectl delete ns x", false}};
	struct ruleset rs = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct subjects s = {0};
		const struct gate_event ev = {.struct_size = sizeof ev, .shell_text = rows[i].text};
		bool seen = false;
		assert_int_equal(ruleset_subjects(&rs, &ev, &s), 0);
		for (size_t k = 0; k < s.n; k++)
			if (!strcmp(s.v[k].program, "kubectl")) {
				assert_int_equal(s.v[k].as_other, rows[i].as_other);
				seen = true;
			}
		assert_true(seen);
		subjects_free(&s);
	}
}

static void count(const char *name, size_t len, void *data)
{
	size_t *n = data;
	*n += len == 10 && !strncmp(name, "KUBECONFIG", 10);
}

static void each_variable_comes_once(void **state)
{
	size_t n = 0;
	target_variables(count, &n);
	assert_int_equal(n, 1);
	assert_true(target_is_variable("KUBECONFIG", 10));
	assert_true(target_is_variable("CEPH_KEYRING", 12)); /* the last of the table */
	assert_false(target_is_variable("KUBECONFI", 9));
	assert_false(target_is_variable("KUBECONFIGS", 11));
}

static void secrets_are_not_shown(void **state)
{
	static const struct {
		const char *name;
		bool secret;
	} rows[] = {{"KUBECONFIG", false},       {"AWS_PROFILE", false}, {"AWS_SECRET_ACCESS_KEY", true},
		    {"PGPASSWORD", true},        {"MYSQL_PWD", true},    {"REDISCLI_AUTH", true},
		    {"VAULT_TOKEN", true},       {"PGHOST", false},      {"SSH_AUTH_SOCK", false},
		    {"CLOUDFLARE_API_KEY", true}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(target_variable_is_secret(rows[i].name, strlen(rows[i].name)), rows[i].secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_target_is_filled_in),   cmocka_unit_test(words_are_quoted),
		cmocka_unit_test(a_statement_has_no_target), cmocka_unit_test(each_variable_comes_once),
		cmocka_unit_test(secrets_are_not_shown),     cmocka_unit_test(another_users_settings_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
