/* SPDX-License-Identifier: BSD-2-Clause */
/* shelltext.c - which commands a shell text runs: a table of texts and their commands. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "subject/shell/shell.h"
#include "subject/subject.h"

/* Words are joined by one blank, commands parted by " ; ". */
static int collect(const struct shell_command *command, void *data)
{
	struct strbuf *out = data;
	if (out->len)
		strbuf_puts(out, " ; ");
	for (size_t i = 0; i < command->n; i++) {
		if (i)
			strbuf_putc(out, ' ');
		strbuf_puts(out, command->words[i]);
	}
	assert_null(command->words[command->n]);
	return 0;
}

static const struct row {
	const char *text, *commands;
} rows[] = {
	/* words and quotes */
	{"git push -f", "git push -f"},
	{"  git\tpush  ", "git push"},
	{"", ""},
	{" \n\t", ""},
	{"echo 'a  b'", "echo a  b"},
	{"echo \"a  b\"", "echo a  b"},
	{"g'i't p\"us\"h", "git push"},
	{"gi\\t push", "git push"},
	{"git \\\npush", "git push"},
	{"gi\\\nt push", "git push"},
	{"echo 'it'\\''s'", "echo it's"},
	{"echo \"a\\\"b\\$c\\n\"", "echo a\"b$c\\n"},
	{"echo $'a\\tb\\x41\\101\\u00e9\\'q'", "echo a\tbAA\xc3\xa9'q"},
	{"$'\\x72\\x6d' -rf /", "rm -rf /"},
	{"echo $\"hi there\"", "echo hi there"},
	{"echo a\\ b", "echo a b"},
	{"echo ''", "echo "},
	{"rm -rf \"$HOME\"/x", "rm -rf $HOME/x"},
	{"echo ${x:-a b} $x $1 $$", "echo ${x:-a b} $x $1 $$"},
	{"echo \"${x:-'}\"; ls", "echo ${x:-'} ; ls"},
	{"ls {a,b}", "ls a b"},
	{"{rm,-rf,/}", "rm -rf /"},
	{"rm /{bin,'e t'c}/x{1,{2,3}}", "rm /bin/x1 /bin/x2 /bin/x3 /e tc/x1 /e tc/x2 /e tc/x3"},
	{"ls {a} {} {,b} ${x,y} \"{a,b}\" \\{a,b} {a,b", "ls {a} {} b ${x,y} {a,b} {a,b} {a,b"},
	{"ls {a,$(b c,d)} x{1,}y", "b c,d ; ls a $(b c,d) x1y xy"},
	{"x={a,b} ls", "ls"},
	{"echo a#b #comment; rm x", "echo a#b"},
	{"# only; rm\nls", "ls"},
	{"ls x!(a|b) @(c|d)", "ls x!(a|b) @(c|d)"},
	/* lists */
	{"a;b", "a ; b"},
	{"a && b || c", "a ; b ; c"},
	{"a | b |& c", "a ; b ; c"},
	{"a & b&", "a ; b"},
	{"a\nb\r", "a ; b\r"},
	{"a;;b", "a ; b"},
	{"! grep x f", "grep x f"},
	{"time -p make all", "make all"},
	{"time make", "make"},
	/* quoted or echoed text is no command */
	{"echo \"rm -rf /; ls\"", "echo rm -rf /; ls"},
	{"git commit -m 'x; rm -rf /'", "git commit -m x; rm -rf /"},
	{"echo 'a`rm x`b' '$(rm y)'", "echo a`rm x`b $(rm y)"},
	{"echo \\$(rm x)", "echo $ ; rm x"},
	{"echo \"\\$(rm x) \\`rm y\\`\"", "echo $(rm x) `rm y`"},
	/* substitutions */
	{"echo $(rm x)", "rm x ; echo $(rm x)"},
	{"echo \"$(rm x)\"", "rm x ; echo $(rm x)"},
	{"echo `rm x`", "rm x ; echo `rm x`"},
	{"echo \"`rm x`\"", "rm x ; echo `rm x`"},
	{"echo `echo \\`rm x\\``", "rm x ; echo `rm x` ; echo `echo \\`rm x\\``"},
	{"echo $(a $(b \"$(c)\"))", "c ; b $(c) ; a $(b \"$(c)\") ; echo $(a $(b \"$(c)\"))"},
	{"$(which rm) x", "which rm ; $(which rm) x"},
	{"x=$(rm y)", "rm y"},
	{"echo ${x:-$(rm y)} \"${z:=`ls`}\"", "rm y ; ls ; echo ${x:-$(rm y)} ${z:=`ls`}"},
	{"diff <(sort a) <(rm b)", "sort a ; rm b ; diff <(sort a) <(rm b)"},
	{"tee >(rm a) x", "rm a ; tee >(rm a) x"},
	{"echo \"a $(echo \")\" ; rm x) b\"", "echo ) ; rm x ; echo a $(echo \")\" ; rm x) b"},
	{"echo $(case x in a) rm y;; esac) z", "rm y ; echo $(case x in a) rm y;; esac) z"},
	{"echo $((1+2)) $((x=$(rm y)))", "rm y ; echo $((1+2)) $((x=$(rm y)))"},
	{"echo \"$(( rm -rf /x ))\"", "echo $(( rm -rf /x ))"},
	{"echo $((rm a) | b)", "rm a ; b ; echo $((rm a) | b)"},
	/* grouping */
	{"(rm x)", "rm x"},
	{"(cd a && (rm b); ls)", "cd a ; rm b ; ls"},
	{"{ rm x; }", "rm x"},
	{"((x=1)) && rm y", "rm y"},
	{"((rm a); rm b)", "rm a ; rm b"},
	{"((x = $(rm y)))", "rm y"},
	/* reserved words */
	{"if true; then rm x; elif b; then c; else d; fi", "true ; rm x ; b ; c ; d"},
	{"while read x; do rm $x; done < list", "read x ; rm $x"},
	{"until a; do b; done", "a ; b"},
	{"for f in a rm b; do rm \"$f\"; done", "rm $f"},
	{"for f in $(ls); do :; done", "ls ; :"},
	{"for f do rm $f; done", "rm $f"},
	{"for f\nin a b\ndo rm $f\ndone", "rm $f"},
	{"for ((i=0;i<3;i++)); do rm $i; done", "rm $i"},
	{"select x in rm ls; do break; done", "break"},
	{"case $x in a|rm) ls;; (b) rm y;& *) c;;& esac; d", "ls ; rm y ; c ; d"},
	{"case x in a) case y in b) rm z;; esac;; esac", "rm z"},
	{"case x in\n# note\na)\nrm z\n;;\nesac\nls", "rm z ; ls"},
	{"case $(a) in esac; b", "a ; b"},
	{"[[ -f x && $y < rm ]] && ls", "ls"},
	{"[[ -n $(rm x) ]]", "rm x"},
	{"[ -f x ] && rm x", "[ -f x ] ; rm x"},
	{"f() { rm x; }; f", "rm x ; f"},
	{"f ( ) rm x", "rm x"},
	{"function f { rm x; }", "rm x"},
	{"function f() { rm x; }", "rm x"},
	{"coproc rm x", "rm x"},
	{"coproc NAME { rm x; }", "rm x"},
	{"echo if then rm", "echo if then rm"},
	{"'if' x", "if x"},
	/* assignments */
	{"A=1 B='x y' rm z", "rm z"},
	{"A=1", ""},
	{"A\\\nB=1 rm x", "rm x"},
	{"a[1]=x b+=y rm z", "rm z"},
	{"a=(rm x); ls", "ls"},
	{"a=(x\n$(rm y)\n) ls", "rm y ; ls"},
	{"echo A=1", "echo A=1"},
	{"1A=2 x", "1A=2 x"},
	/* redirections */
	{"rm x >/dev/null 2>&1", "rm x"},
	{">out rm x", "rm x"},
	{">out if rm; then ls; fi", "if rm ; ls"},
	{"if >out; then rm x; fi", "rm x"},
	{"rm 2>err x", "rm x"},
	{"rm x2>err", "rm x2"},
	{"a &>f b &>>g c", "a b c"},
	{"a >|f <>g >&2 <&- b", "a b"},
	{"exec {fd}>f", "exec"},
	{"a > $(rm x) b", "rm x ; a b"},
	{"cat <<< 'rm x' y", "cat y"},
	/* here-documents */
	{"cat <<EOF\nrm x\nEOF\nls", "cat ; ls"},
	{"cat <<EOF | sh\nrm x\nEOF\nls", "cat ; sh ; ls"},
	{"cat <<EOF\n$(rm x) `rm y` \\$(rm z)\nEOF\n", "cat ; rm x ; rm y"},
	{"cat <<'EOF'\n$(rm x)\nEOF\nls", "cat ; ls"},
	{"cat <<-E\\OF\n\t$(rm x)\n\tEOF\nls", "cat ; ls"},
	{"cat <<A <<B\n$(a)\nA\n$(b)\nB\nls", "cat ; a ; b ; ls"},
	{"x=$(cat <<EOF\n$(rm y)\nEOF\n)\nls", "cat ; rm y ; ls"},
	{"cat <<EOF\nno end $(rm x)", "cat ; rm x"},
	/* unfinished and broken text is judged as far as it goes */
	{"rm 'x", "rm x"},
	{"rm \"x", "rm x"},
	{"echo $(rm x", "rm x ; echo $(rm x"},
	{"echo `rm x", "rm x ; echo `rm x"},
	{"echo ${x", "echo ${x"},
	{"rm x\\", "rm x\\"},
	{"(rm x", "rm x"},
	{"rm x)", "rm x"},
	{") rm x", "rm x"},
	{"case x in a", ""},
	{"for", ""},
	{"((", ""},
	{"a <", "a"},
	{"a <<", "a"},
	{"echo (rm x)", "echo ; rm x"},
	{"fi; done; esac; }", "esac"},
};

static void table(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf out = {0};
		assert_int_equal(shell_commands(rows[i].text, strlen(rows[i].text), NULL, collect, &out), 0);
		const char *got = out.s ? out.s : "";
		if (strcmp(got, rows[i].commands)) {
			print_error("%s\n  gave     %s\n  expected %s\n", rows[i].text, got, rows[i].commands);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static void nul_bytes_are_dropped_as_by_a_shell(void **state)
{
	cleanup_strbuf struct strbuf out = {0};
	assert_int_equal(shell_commands("r\0m x\0;ls", 9, NULL, collect, &out), 0);
	assert_string_equal(out.s, "rm x ; ls");
}

static void deep_nesting_is_refused(void **state)
{
	static const char *const openers[] = {"$(", "(", "`", "${x:-", "\"$(", "<(", "((", "a@("};
	for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
		cleanup_strbuf struct strbuf deep = {0}, out = {0};
		for (int n = 0; n < 20000; n++)
			strbuf_puts(&deep, openers[i]);
		int r = shell_commands(deep.s, deep.len, NULL, collect, &out);
		assert_int_equal(r, *openers[i] == '`' ? 0 : -E2BIG);
	}
}

static int stop(const struct shell_command *command, void *data)
{
	++*(int *)data;
	return -7;
}

static void the_callers_result_ends_it(void **state)
{
	int calls = 0;
	assert_int_equal(shell_commands("a $(b); c", 9, NULL, stop, &calls), -7);
	assert_int_equal(calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(nul_bytes_are_dropped_as_by_a_shell),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(the_callers_result_ends_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
