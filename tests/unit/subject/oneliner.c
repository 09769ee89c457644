/* SPDX-License-Identifier: BSD-2-Clause */
/* oneliner.c - the commands in one-liners of six languages: what is found, and that ordinary code gives none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "subject/code/oneliner.h"

static const struct row {
	enum oneliner_language language;
	const char *code;
	const char *calls; /* parted by " | ": shell text as it is, words in [a][b] */
} rows[] = {
	/* Python */
	{ONELINER_PYTHON, "import os; os.system(\"rm -rf /\")", "rm -rf /"},
	{ONELINER_PYTHON, "os.system('a'); os.popen('b', 'r').read()", "a | b"},
	{ONELINER_PYTHON, "os.system('rm ' 'x')", "rm x"},
	{ONELINER_PYTHON, "os.system('rm -rf ' + path)", "rm -rf $computed"},
	{ONELINER_PYTHON, "os.system(\"\"\"git\npush\"\"\")", "git\npush"},
	{ONELINER_PYTHON, "os.system(r'a\\nb'); os.system(f'rm {x}')", "a\\nb | rm {x}"},
	{ONELINER_PYTHON, "os.system('rm\\x20-rf\\040/\\t')", "rm -rf /\t"},
	{ONELINER_PYTHON, "import subprocess as s; s.run(['rm', \"-rf\", d, '/'], check=True)",
	 "[rm][-rf][$computed][/]"},
	{ONELINER_PYTHON, "subprocess.run(args=['rm',\n  'x',\n])", "[rm][x]"},
	{ONELINER_PYTHON, "subprocess.run('rm x', shell=True)", "rm x"},
	{ONELINER_PYTHON, "subprocess.check_output('rm x'.split())", "rm x"},
	{ONELINER_PYTHON, "os.execvp('rm', ['rm', '-rf', '/'])", "[rm][-rf][/]"},
	{ONELINER_PYTHON, "os.execv(path, ['rm', '-rf'])", "[rm][-rf]"},
	{ONELINER_PYTHON, "os.spawnlp(os.P_WAIT, 'rm', 'rm', 'x')", "[rm][x]"},
	{ONELINER_PYTHON, "print('os.system(\"rm -rf /\")')", ""},
	{ONELINER_PYTHON, "# os.system('rm')\nprint(1)", ""},
	{ONELINER_PYTHON, "os.system(cmd); os.system()", ""},
	{ONELINER_PYTHON, "ecosystem('rm'); x = 'system'", ""},
	{ONELINER_PYTHON, "os.system('rm", ""},
	{ONELINER_PYTHON, "shutil.rmtree('/srv'); os.remove('a'); shutil.rmtree(p)",
	 "[rm][-rf][/srv] | [rm][a] | [rm][-rf][$computed]"},
	{ONELINER_PYTHON, "x = rmtree; print('rmtree(1)')", ""},
	{ONELINER_LUA, "os.execute('rm x'); os.remove(\"a\")", "rm x | [rm][a]"},
	{ONELINER_R, "unlink('d', recursive=TRUE); system(\"ls\")", "[rm][-rf][d] | ls"},
	{ONELINER_NODE, "fs.rmSync('/a', {recursive: true}); const {rm} = fs; unlink", "[rm][-rf][/a]"},
	{ONELINER_PERL, "unlink 'a', 'b'; rmtree('c')", "[rm][a][b] | [rm][-rf][c]"},
	{ONELINER_RUBY, "FileUtils.rm_rf 'a'; File.unlink('b')", "[rm][-rf][a] | [rm][b]"},
	{ONELINER_PHP, "unlink('a'); rmdir($d);", "[rm][a] | [rm][$computed]"},
	/* JavaScript */
	{ONELINER_NODE, "require('node:child_process').execSync('rm -rf /')", "rm -rf /"},
	{ONELINER_NODE, "cp.exec(`rm ${x}`, (e) => console.log('done'))", "rm ${x}"},
	{ONELINER_NODE, "spawn('rm', ['-rf', '/'], {stdio: 'inherit'})", "[rm][-rf][/]"},
	{ONELINER_NODE, "spawn('rm -rf /', {shell: true})", "rm -rf /"},
	{ONELINER_NODE, "$`rm -rf /`", "rm -rf /"},
	{ONELINER_NODE, "console.log(`rm -rf /`) // exec('x')", ""},
	{ONELINER_NODE, "/* exec('x') */ fetch('http://x//y')", ""},
	{ONELINER_NODE, "console.log(\"it's\"); execSync('a')", "a"},
	/* Perl */
	{ONELINER_PERL, "system('rm -rf /')", "rm -rf /"},
	{ONELINER_PERL, "system 'rm', '-rf', '/' if $x; exec \"a\"", "[rm][-rf][/] | a"},
	{ONELINER_PERL, "print `git push -f`; print qx{rm {x}}; system(q(a b))", "git push -f | rm {x} | a b"},
	{ONELINER_PERL, "system(\"rm \" . $f)", "rm $computed"},
	{ONELINER_PERL, "for (0..$#ARGV) { system('a') }", "a"},
	{ONELINER_PERL, "print 'it''s'; print \"system('x')\"", ""},
	{ONELINER_PERL, "s/'//g; print", ""},
	{ONELINER_PERL, "q(q(q(q( system 'a'", "a"},
	/* Ruby */
	{ONELINER_RUBY, "system('rm -rf /'); `ls`; %x{a b}", "rm -rf / | ls | a b"},
	{ONELINER_RUBY, "IO.popen(['rm', 'x'])", "[rm][x]"},
	{ONELINER_RUBY, "Open3.capture3('git', 'push'); x = 7 %q", "[git][push]"},
	{ONELINER_RUBY, "puts 'system(1)' # `x`", ""},
	/* PHP */
	{ONELINER_PHP, "shell_exec('rm x'); echo `ls`; // system('x')", "rm x | ls"},
	{ONELINER_PHP, "$exec('x'); popen('a', 'r');", "a"},
	/* awk */
	{ONELINER_AWK, "BEGIN { system(\"rm\\040-rf\\x20/\") }", "rm -rf /"},
	{ONELINER_AWK, "BEGIN { \"date\" | getline d; print d | \"sort -u\" }", "date | sort -u"},
	{ONELINER_AWK, "$1 == \"a\" || \"b\" == $2 { print \"x\" }", ""},
	{ONELINER_AWK, "{ system($0); print \"system(1)\" }", ""},
	{ONELINER_AWK, "", ""},
};

static int each(const struct oneliner_call *call, void *data)
{
	struct strbuf *out = data;
	if (out->len)
		strbuf_puts(out, " | ");
	if (call->shell)
		strbuf_puts(out, call->shell);
	for (size_t i = 0; i < call->n; i++)
		strbuf_printf(out, "[%s]", call->words[i]);
	return 0;
}

static void calls(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct strbuf out = {0};
		assert_int_equal(oneliner_commands(rows[i].language, rows[i].code, each, &out), 0);
		if (strcmp(out.s ? out.s : "", rows[i].calls)) {
			print_error("%s\n  gave     %s\n  expected %s\n", rows[i].code, out.s ? out.s : "",
				    rows[i].calls);
			wrong++;
		}
		strbuf_free(&out);
	}
	assert_int_equal(wrong, 0);
}

static int stop(const struct oneliner_call *call, void *data)
{
	return -E2BIG;
}

static void ended(void **state)
{
	assert_int_equal(oneliner_commands(ONELINER_PYTHON, "os.system('a')", stop, NULL), -E2BIG);
	assert_int_equal(oneliner_commands(ONELINER_NONE, "os.system('a')", stop, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(calls), cmocka_unit_test(ended)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
