/* SPDX-License-Identifier: BSD-2-Clause */
/* command.c - `command` stanzas: what is accepted, what a command line means by one, and what rules make of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "grammar/canonical.h"
#include "grammar/command_words.h"
#include "rules/ruleset.h"

#define GIT                                                                                          \
	"command: git\nabbreviates: options\nglobals: first\nenv: GIT_DIR GIT_WORK_TREE\n"           \
	"options: -C:* -c:* --git-dir: -p|--paginate\n"                                              \
	"verb: push\noptions: -f|--force! -n|--dry-run! -o|--push-option:* -q|--quiet! --signed?!\n" \
	"options: --force-with-lease?! --force-if-includes!\n"                                       \
	"verb: reset\noptions: --hard --soft --mixed\n"                                              \
	"verb: stash\noptions: -q|--quiet\nverb: stash drop\n"
#define KUBE                                                                                    \
	"command: kubectl k kk\nenv: KUBECONFIG\noptions: -n|--namespace: --context: -v|--v:\n" \
	"verb: delete\noptions: --all! --dry-run?! -l|--selector: -f|--filename:*\n"            \
	"verb: rollout undo\nverb: exec\nrest-after: 1\noptions: -c|--container: -i|--stdin! -t|--tty!\n"
#define BTRFS                                                             \
	"command: btrfs\nabbreviates: verbs\noptions: -v|--verbose* -q\n" \
	"verb: subvolume delete\noptions: -c|--commit-after\nverb: subvolume show\nverb: device remove|delete\n"
#define AWS "command: aws\ndepth: 2\noptions: --region: --dry-run!\n"
#define CARGO "command: cargo\noptions: + -q|--quiet* --offline\nverb: run|r\nrest-after: 1\nverb: publish\n"
#define TERRAFORM "command: terraform\nglobals: first\noptions: -chdir:\nverb: apply\noptions: -auto-approve! -var:*\n"
#define RULE(id, body) "rule: " id "\non: exec\nseverity: danger\nreason: r\n" body "hit: x\nmiss: y\n"

static void collect(enum diag_level level, const char *text, void *data)
{
	struct strbuf *out = data;
	if (out->len)
		strbuf_putc(out, '\n');
	strbuf_puts(out, text);
}

static int parse(struct ruleset *rs, const char *text, enum ruleset_trust trust, struct strbuf *out)
{
	struct diag d = {.emit = collect, .data = out};
	struct source src = {.name = "p", .text = text, .len = strlen(text)};
	return ruleset_parse(rs, &src, trust, &d);
}

static void load(struct ruleset *rs, const char *text)
{
	cleanup_strbuf struct strbuf out = {0};
	struct diag d = {0};
	int err = parse(rs, text, TRUST_SYSTEM, &out);
	if (err)
		print_error("%s\n", out.s);
	assert_int_equal(err, 0);
	assert_int_equal(ruleset_finish(rs, &d), 0);
}

static void every_mistake_has_its_place(void **state)
{
	static const struct {
		const char *text, *report;
	} rows[] = {
		{"command: x\noptions: -a|-b:x\n",
		 "p:2:16: an option is written -x|--long, with marks of `:` or `?`, `!` and `*` behind it\n"
		 "  options: -a|-b:x\n                 ^"},
		{"command: x\noptions: all\n",
		 "p:2:10: an option is written -x|--long, with marks of `:` or `?`, `!` and `*` behind it\n"
		 "  options: all\n           ^"},
		{"command: x\noptions: -a:?\n",
		 "p:2:12: an option is written -x|--long, with marks of `:` or `?`, `!` and `*` behind it\n"
		 "  options: -a:?\n             ^"},
		{"command: x\noptions: -a -b|-a\n",
		 "p:2:16: -a is named twice\n  options: -a -b|-a\n                 ^"},
		{"command: x\nabbreviates: operands\n",
		 "p:2:14: unknown thing to abbreviate\n  abbreviates: operands\n               ^"},
		{"command: x\ndepth: 12\n", "p:2:8: expected a number from 0 to 6\n  depth: 12\n         ^"},
		{"command: x\nverb: y\nrest-after: 0\n",
		 "p:3:13: expected a number from 1 to 9\n  rest-after: 0\n              ^"},
		{"command: x\nenv: A-B\n",
		 "p:2:7: the name of a variable consists of letters, digits and '_'\n  env: A-B\n        ^"},
		{"command: x\nverb: a b\nverb: a b\n", "p:3:7: this verb already stands above\n  verb: a b\n        ^"},
		{"command: x\nverb: a|\nverb: -v\n",
		 "p:3:7: a verb is a word, or words with `|` between them\n  verb: -v\n        ^"},
		{"command: x\nverb: a b c d e f g\n",
		 "p:2:19: a verb has at most 6 words\n  verb: a b c d e f g\n                    ^"},
		{"command: /bin/x\n", "p:1:10: a program is named by its base name\n  command: /bin/x\n           ^"},
		{"command: x y\n\ncommand: y\n",
		 "p:3:10: y already has a command stanza, at p:1\n  command: y\n           ^"},
		{"command: x\nfoo: y\n", "p:2:1: unknown field of command\n  foo: y\n  ^"},
		{"command: x\nkeyword: y\n", "p:2:1: unknown field of command\n  keyword: y\n  ^"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct ruleset rs = {0};
		assert_int_equal(parse(&rs, rows[i].text, TRUST_SYSTEM, &out), -EINVAL);
		assert_string_equal(out.s, rows[i].report);
		assert_null(rs.commands);
		ruleset_free(&rs);
	}
}

/* Two packs of one ruleset: the second has no say over the first one's name. */
static void a_name_has_one_stanza(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	struct ruleset rs = {0};
	assert_int_equal(parse(&rs, GIT, TRUST_SYSTEM, &out), 0);
	assert_int_equal(parse(&rs, "command: git\n", TRUST_PROJECT, &out), -EINVAL);
	assert_string_equal(out.s, "p:1:10: git already has a command stanza, at p:1\n  command: git\n           ^");
	assert_int_equal(rs.commands->n, 1);
	ruleset_free(&rs);
}

/* A quote that closes in the middle of a word ends no word, so as many words as spaces leave are enough.  (Without that, such a
 * text was written behind the end of the list: the fuzzer found it.) */
static void a_word_ends_at_a_space(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{"git 'a b' c", "git|a b|c"},       {"'a'\\''b' c", "a'b|c"}, {"x 'a''b'c d", "x|a'b'c|d"},
		{"x 'a''''''' b'", "x|a''''''|b'"}, {"x ''", "x|"},           {"''''''", "''''"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf out = {0};
		struct command_words words = {0};
		assert_int_equal(command_words_split(rows[i].text, &words), 0);
		for (size_t w = 0; w < words.n; w++)
			strbuf_printf(&out, "%s%s", w ? "|" : "", words.v[w]);
		assert_string_equal(out.s, rows[i].words);
		command_words_free(&words);
	}
}

/* Compare one of the texts; NULL: it is the same as an earlier one. */
static void same_text(const char *typed, const char *text, const char *expected)
{
	if (strcmp(text ? text : "=", expected ? expected : "="))
		print_message("%s\n", typed);
	assert_string_equal(text ? text : "=", expected ? expected : "=");
}

static void a_command_has_one_meaning(void **state)
{
	/* typed, canonical, with the options behind the operands, in the typed order */
	static const char *const rows[][4] = {
		{"git push origin main", "git push origin main", NULL, NULL},
		{"git push -f origin", "git push --force origin", "git push origin --force", "git push -f origin"},
		{"git push origin -fq", "git push --force --quiet origin", "git push origin --force --quiet",
		 "git push origin -f -q"},
		{"git -C /srv -c a=b push", "git -C /srv -c a=b push", NULL, NULL},
		{"git --git-dir /x push", "git --git-dir=/x push", NULL, NULL},
		{"git push -C /srv", "git push -C /srv", "git push /srv -C", NULL},
		{"git push --dry-run --no-dry-run -f", "git push --force", NULL, "git push -f"},
		{"git push --no-dry-run --dry-run", "git push --dry-run", NULL, NULL},
		{"git push -o --dry-run --force", "git push --force --push-option=\\x2D-dry-run", NULL,
		 "git push -o \\x2D-dry-run --force"},
		{"git push -o 'a -n' -oc", "git push '--push-option=a \\x2Dn' --push-option=c", NULL,
		 "git push -o 'a \\x2Dn' -o c"},
		{"git push --signed=no", "git push", NULL, NULL},
		{"git push --signed origin", "git push --signed origin", "git push origin --signed", NULL},
		{"git push --forc x", "git push --force x", "git push x --force", "git push --forc x"},
		{"git push --force-w x", "git push --force-with-lease x", "git push x --force-with-lease",
		 "git push --force-w x"},
		{"git push --s x", "git push --signed x", "git push x --signed", "git push --s x"},
		{"git push -fz x", "git push --force -z x", "git push x --force -z", "git push -f -z x"},
		{"git push -zf x", "git push --force -z x", "git push x --force -z", "git push -z -f x"},
		{"git push -zx y", "git push -zx y", "git push y -zx", NULL},
		{"terraform apply -auto-approv", "terraform apply -auto-approv", NULL, NULL},
		{"git reset --h x", "git reset --hard x", "git reset x --hard", "git reset --h x"},
		{"git push -f -- -n", "git push --force -- \\x2Dn", NULL, "git push -f -- \\x2Dn"},
		{"git push a -- -f b", "git push a -- \\x2Df b", NULL, NULL},
		{"git push -- ", "git push", NULL, "git push --"},
		{"git stash -q drop x", "git stash drop --quiet x", "git stash drop x --quiet", "git stash -q drop x"},
		{"git status -x", "git status -x", NULL, NULL},
		{"kubectl delete -n x ns y", "kubectl delete --namespace=x ns y", "kubectl delete ns y --namespace=x",
		 "kubectl delete -n x ns y"},
		{"kubectl -nx delete ns y", "kubectl delete --namespace=x ns y", "kubectl delete ns y --namespace=x",
		 "kubectl -n x delete ns y"},
		{"kubectl rollout -n x undo d", "kubectl rollout undo --namespace=x d",
		 "kubectl rollout undo d --namespace=x", "kubectl rollout -n x undo d"},
		{"k delete --dry-run=client --dry-run=none x", "k delete x", NULL, NULL},
		{"k delete --dry-run=none --dry-run=client x", "k delete --dry-run=client x",
		 "k delete x --dry-run=client", NULL},
		{"k delete --dry-run x --all=false", "k delete --dry-run x", "k delete x --dry-run", NULL},
		{"k delete --all=true", "k delete --all", NULL, NULL},
		{"k delete -f a -f b -l x -l y", "k delete --filename=a --filename=b --selector=y", NULL,
		 "k delete -f a -f b -l y"},
		{"k delete -n '' x", "k delete --namespace= x", "k delete x --namespace=", "k delete -n '' x"},
		{"k exec -it p ls -n", "k exec --stdin --tty p ls \\x2Dn", "k exec p --stdin --tty ls \\x2Dn",
		 "k exec -i -t p ls \\x2Dn"},
		{"btrfs -v su d -c x", "btrfs subvolume delete --commit-after --verbose x",
		 "btrfs subvolume delete x --commit-after --verbose", "btrfs -v su d -c x"},
		{"btrfs dev del x", "btrfs device remove x", NULL, "btrfs dev del x"},
		{"aws ec2 --region r terminate", "aws ec2 terminate --region=r", NULL, "aws ec2 --region=r terminate"},
		{"cargo +nightly publish -q", "cargo publish +nightly --quiet", NULL, "cargo +nightly publish -q"},
		{"cargo r x -q", "cargo run x \\x2Dq", NULL, "cargo r x \\x2Dq"},
		{"terraform -chdir=a apply --auto-approve", "terraform -chdir=a apply -auto-approve", NULL,
		 "terraform -chdir=a apply --auto-approve"},
		{"terraform apply -auto-approve=false", "terraform apply", NULL, NULL},
	};
	struct ruleset rs = {0};
	load(&rs, GIT "\n" KUBE "\n" BTRFS "\n" AWS "\n" CARGO "\n" TERRAFORM);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct canonical c = {0};
		struct subjects s = {0};
		struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = rows[i][0]};
		assert_int_equal(subjects_of_exec(&e, &s), 0);
		const struct grammar *g = grammars_find(rs.commands, s.v[0].program);
		assert_non_null(g);
		assert_int_equal(canonical_make(g, s.v[0].text, &c), 0);
		for (size_t order = 0; order < CANONICAL_ORDERS; order++)
			same_text(rows[i][0], c.readings[0].texts[order], rows[i][order + 1]);
		canonical_free(&c);
		subjects_free(&s);
	}
	ruleset_free(&rs);
}

static int found_rule(const struct rule *r, const struct subject *s, int how, void *data)
{
	const struct rule **wanted = data;
	if (r == *wanted)
		*wanted = NULL;
	return 0;
}

/* Does the rule `place` match the command?  Asked alone and through the index. */
static bool judged(const struct ruleset *rs, size_t place, const char *line)
{
	struct subjects s = {0};
	struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = line};
	const struct rule *wanted = rs->rules[place];
	assert_int_equal(subjects_of_exec(&e, &s), 0);
	bool alone = rule_match(rs->rules[place], &s.v[0]) == RULE_HIT;
	assert_int_equal(ruleset_match(rs, GATE_EVENT_EXEC, &s, found_rule, &wanted), 0);
	if (alone != !wanted)
		print_message("%s\n", line);
	assert_int_equal(alone, !wanted);
	subjects_free(&s);
	return alone;
}

static void rules_judge_the_command_and_not_its_spelling(void **state)
{
	struct ruleset rs = {0};
	load(&rs, GIT
	     "\n" KUBE "\n" AWS
	     "\n" RULE("a.push", "program: git\nmatch: ^git(?: -\\S+ \\S+)* push .*--force(?: |$)\nunless: --dry-run(?: |$)\nunless: ^git push -q -f x$\n") "\n" RULE("a.ns", "program: kubectl k\nmatch: ^(?:kubectl|k) delete ns\\b\nunless: --dry-run(?: |=client|$)\n") "\n" RULE(
		     "a.end",
		     "program: aws\nmatch: ^aws ec2 terminate\\b\nunless: --dry-run\n") "\n" RULE("a.mv",
												  "program: aws\nmatch: ^aws s3 mv s3://\\S+ .*--recursive\n"));
	static const struct {
		const char *line;
		size_t rule;
		bool hit;
	} rows[] = {
		{"git push --force", 0, true},
		{"git push -qf origin", 0, true},
		{"git push --forc", 0, true},
		{"git push -zf", 0, true},  /* -z may be a flag, ... */
		{"git push -zfn", 0, true}, /* ... or take the rest */
		{"git push origin", 0, false},
		{"git push --force --dry-run", 0, false},
		{"git push -fn", 0, false},
		{"git push -f --dry-r", 0, false},
		{"git push --dry-run --no-dry-run --force", 0, true},
		{"git push -o --dry-run --force", 0, true},
		{"git push --force -- --dry-run", 0, true},
		{"git push -o 'x --dry-run y' --force", 0, true},
		{"git push -q -f x", 0, false}, /* an unless on the typed order */
		{"kubectl delete -n x ns y", 1, true},
		{"k -nx delete ns y", 1, true},
		{"k delete ns y --dry-run=client", 1, false},
		{"k delete ns y --dry-run=client --dry-run=none", 1, true},
		{"k delete -l --dry-run ns y", 1, true},
		{"aws ec2 --region r terminate", 2, true},
		{"aws --region r ec2 terminate --dry-run", 2, false},
		{"aws ec2 --new x terminate", 2, true}, /* an option that the stanza lacks may have a value ... */
		{"aws ec2 --new terminate", 2, true},   /* ... or none, ... */
		{"aws ec2 terminate --new x --dry-run", 2,
		 false}, /* ... which does not hide what is the same in both */
		{"aws s3 mv --recursive s3://a b", 3, true},
		{"aws s3 mv s3://a b", 3, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool hit = judged(&rs, rows[i].rule, rows[i].line);
		if (hit != rows[i].hit)
			print_message("%s\n", rows[i].line);
		assert_int_equal(hit, rows[i].hit);
	}
	ruleset_free(&rs);
}

static void a_tool_without_a_stanza_is_read_both_ways(void **state)
{
	struct ruleset rs = {0};
	load(&rs, RULE("a.zap", "program: zap\nmatch: ^zap db drop(?: |$)\nunless: ^zap db drop --dry-run\n") "\n" RULE(
			  "a.any", "keyword: zap\nmatch: ^zap db drop(?: |$)\n"));
	static const struct {
		const char *line;
		size_t rule;
		bool hit;
	} rows[] = {
		{"zap db drop", 0, true},
		{"zap --profile p db drop", 0, true},
		{"zap --profile=p db drop", 0, true},
		{"zap --quiet db drop", 0, true},
		{"zap db --quiet drop", 0, true},
		{"zap db -p x drop y", 0, true},
		{"zap -v db --p x drop y", 0, false}, /* both are flags, or both take a value */
		{"zap db drop --dry-run", 0, false},
		{"zap db drop x --dry-run", 0, true},
		{"zap --dry-run db drop", 0, false},
		{"zap --profile p db drop --dry-run", 0, false},
		{"zap --profile drop db", 0, false},
		{"zap db drop", 1, true},
		{"zap --quiet db drop", 1, false}, /* it names no program */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool hit = judged(&rs, rows[i].rule, rows[i].line);
		if (hit != rows[i].hit)
			print_message("%s\n", rows[i].line);
		assert_int_equal(hit, rows[i].hit);
	}
	ruleset_free(&rs);
}

/* A project's stanza could call --force a dry run. */
static void a_stanza_decides_for_rules_that_are_trusted_no_more(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	struct ruleset rs = {0};
	struct diag d = {0};
	assert_int_equal(parse(&rs, RULE("a.b", "program: x\nmatch: --force\nunless: --dry\n"), TRUST_SYSTEM, &out), 0);
	assert_int_equal(parse(&rs,
			       "command: x\noptions: --dry|--force\n\n" RULE(
				       "c.d", "program: x\nmatch: --force\nunless: --dry\n"),
			       TRUST_PROJECT, &out),
			 0);
	assert_int_equal(ruleset_finish(&rs, &d), 0);
	assert_true(judged(&rs, 0, "x --force"));
	assert_false(judged(&rs, 1, "x --force"));
	ruleset_free(&rs);
}

static void a_preview_names_the_parts_of_the_command(void **state)
{
	/* kk: a tool that target.h does not know, else that decides */
	static const struct {
		const char *line, *preview, *filled; /* NULL: it can't be filled in */
	} rows[] = {
		{"kk -n prod delete --context=c ns y", "kk {globals} get {operands}",
		 "kk --namespace=prod --context=c get ns y"},
		{"kk delete ns y", "kk {globals} get {--selector}", "kk  get "},
		{"kk delete ns y -l 'a b;c'", "kk get {--selector}", "kk get '--selector=a b;c'"},
		{"kk delete --unknown ns y", "kk {globals} get", NULL}, /* is ns an operand? */
		{"kk delete -l --all y", "kk get {--selector}", NULL},  /* a value that looks like an option */
		{"kk -n p delete ns y", "kk {which} get {x}",
		 "kk delete get {x}"}, /* a group of the canonical subject */
	};
	struct ruleset rs = {0};
	load(&rs, KUBE "\n" RULE("a.b", "program: kk\nmatch: ^kk (?<which>delete)\\b\n"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct subjects s = {0};
		struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = rows[i].line};
		char *filled = NULL;
		assert_int_equal(subjects_of_exec(&e, &s), 0);
		assert_int_equal(rule_fill(rs.rules[0], rows[i].preview, &s.v[0], &filled),
				 rows[i].filled ? 0 : -EINVAL);
		if (filled)
			assert_string_equal(filled, rows[i].filled);
		free(filled);
		subjects_free(&s);
	}
	assert_string_equal(command_environment(rs.rules[0], "kubectl")[0], "KUBECONFIG");
	assert_null(command_environment(rs.rules[0], "git"));
	ruleset_free(&rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_has_its_place),
		cmocka_unit_test(a_name_has_one_stanza),
		cmocka_unit_test(a_word_ends_at_a_space),
		cmocka_unit_test(a_command_has_one_meaning),
		cmocka_unit_test(rules_judge_the_command_and_not_its_spelling),
		cmocka_unit_test(a_tool_without_a_stanza_is_read_both_ways),
		cmocka_unit_test(a_stanza_decides_for_rules_that_are_trusted_no_more),
		cmocka_unit_test(a_preview_names_the_parts_of_the_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
