/* SPDX-License-Identifier: BSD-2-Clause */
/* sql.c - SQL texts and their parts, for psql, mysql and sqlite3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "subject/code/sql.h"
#include "subject/code/sql_temp.h"

static const struct row {
	enum sql_dialect dialect;
	const char *text;
	const char *
		parts; /* parted by " | ": statements with '' for strings, ! and shell text, @ the server's, < and file */
} rows[] = {
	/* statements and comments */
	{SQL_POSTGRES, "drop table a; select 1", "drop table a | select 1"},
	{SQL_POSTGRES, " ;; \n;", ""},
	{SQL_POSTGRES, "drop\n\t table\r\n a", "drop table a"},
	{SQL_POSTGRES, "-- drop table a;\nselect 1", "select 1"},
	{SQL_POSTGRES, "/* drop /* nested; */ still; */ select 1", "select 1"},
	{SQL_POSTGRES, "drop/**/table--x\na", "drop table a"},
	{SQL_POSTGRES, "select 1 /* never closed; drop table a", "select 1"},
	{SQL_POSTGRES, "select 2 # 3; drop table a", "select 2 # 3 | drop table a"},
	{SQL_SQLITE, "/* a /* b */ drop table c", "drop table c"},
	{SQL_MYSQL, "# drop table a\nselect 1-- 2\n", "select 1"},
	{SQL_MYSQL, "select 5--2; drop table a", "select 5--2 | drop table a"},
	{SQL_MYSQL, "/*!50001 drop table a */; /*! set x=1 */", "drop table a | set x=1"},
	{SQL_MYSQL, "/*M!100100 drop table a */;select /*+ hint */ 1", "drop table a | select 1"},
	{SQL_POSTGRES, "/*! drop table a */ select 1", "select 1"},
	/* strings and identifiers */
	{SQL_POSTGRES, "insert into a values ('x; drop table b;')", "insert into a values ('')"},
	{SQL_POSTGRES, "select 'it''s; x'; drop table a", "select '' | drop table a"},
	{SQL_POSTGRES, "select 'a\\'; drop table a; --'", "select '' | drop table a"},
	{SQL_POSTGRES, "select E'a\\'; drop table a; --'", "select E''"},
	{SQL_POSTGRES, "select likeE 'a\\'; drop table a", "select likeE '' | drop table a"},
	{SQL_MYSQL, "select 'a\\'; drop table a; -- ';", "select ''"},
	{SQL_MYSQL, "select \"; drop table a;\" from `b;c`", "select '' from `b;c`"},
	{SQL_POSTGRES, "drop table \"a;b\"\"c\"; x", "drop table \"a;b\"\"c\" | x"},
	{SQL_SQLITE, "drop table [a;b]; select `c;`", "drop table [a;b] | select `c;`"},
	{SQL_POSTGRES, "select a[1]; drop table b", "select a[1] | drop table b"},
	{SQL_POSTGRES, "select 'never closed; drop table a", "select ''"},
	/* dollar quotes */
	{SQL_POSTGRES, "select $$; drop table a;$$, $t$ $$ ; $t$", "select '', ''"},
	{SQL_POSTGRES, "select $1; drop table a$b$c", "select $1 | drop table a$b$c"},
	{SQL_POSTGRES, "create function f() as $x$ begin drop table a; end $x$", "create function f() as ''"},
	{SQL_MYSQL, "select $$; drop table a", "select $$ | drop table a"},
	/* strings that are run */
	{SQL_POSTGRES, "DO $$ begin if x then drop table a; end if; end $$",
	 "DO '' | if x | drop table a | end if | end"},
	{SQL_POSTGRES, "do $$begin execute 'drop table a'; end$$", "do '' | execute '' | drop table a | end"},
	{SQL_POSTGRES, "do 'begin execute ''drop table a''; end'", "do '' | execute '' | drop table a | end"},
	{SQL_MYSQL, "prepare s from 'drop table a'", "prepare s from '' | drop table a"},
	{SQL_POSTGRES, "copy t from program 'rm -rf /'", "copy t from program '' | @rm -rf /"},
	{SQL_POSTGRES, "document '' 'drop table a'", "document '' ''"},
	/* data */
	{SQL_POSTGRES, "copy t from stdin;\n1\tdrop table a;\n'\n\\.\ndrop table b",
	 "copy t from stdin | drop table b"},
	{SQL_POSTGRES, "COPY t (a) FROM stdin WITH csv;\nno end", "COPY t (a) FROM stdin WITH csv"},
	/* psql */
	{SQL_POSTGRES, "\\! rm -rf /\ndrop table a", "!rm -rf / | drop table a"},
	{SQL_POSTGRES, "\\i 'a b.sql'\n\\ir c.sql\n\\include d", "<a b.sql | <c.sql | <d"},
	{SQL_POSTGRES, "\\c drop\n\\set x 'drop table a;'\nselect 1 \\g | sh -x\nselect 2",
	 "select 1 | !sh -x | select 2"},
	{SQL_POSTGRES, "drop table a \\; select 1\\gx\n", "drop table a | select 1"},
	{SQL_POSTGRES, "\\copy t to program 'gzip >x'\n\\copy t from f\n\\o |less", "!gzip >x | !less"},
	{SQL_POSTGRES, "select '\\! x'", "select ''"},
	{SQL_POSTGRES, "\\", ""},
	/* mysql */
	{SQL_MYSQL, "DELIMITER //\ncreate x; y//\ndelimiter ;\ndrop table a", "create x; y | drop table a"},
	{SQL_MYSQL, "source a.sql\n\\. b.sql\nsystem ls -l\n\\! rm x", "<a.sql | <b.sql | !ls -l | !rm x"},
	{SQL_MYSQL, "drop table a\\G select 1\\g", "drop table a | select 1"},
	{SQL_MYSQL, "select source from t", "select source from t"},
	/* sqlite3 */
	{SQL_SQLITE, ".shell rm x\n.system ls\n.read a.sql\n.read '|cat b'\n.import '|ps' t",
	 "!rm x | !ls | <a.sql | !cat b | !ps"},
	{SQL_SQLITE, ".mode csv\n.import drop.csv t\nselect 1\n.5;\ndrop table a", "select 1 .5 | drop table a"},
	{SQL_SQLITE, "\\! rm x", "\\! rm x"},
	{SQL_SQLITE, "", ""},
};

static int each(const struct sql_part *part, void *data)
{
	static const char *const marks[] = {"", "!", "@", "<"};
	struct strbuf *out = data;
	strbuf_printf(out, "%s%s%s", out->len ? " | " : "", marks[part->kind],
		      part->blanked ? part->blanked : part->text);
	return 0;
}

static void parts(void **state)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct strbuf out = {0};
		assert_int_equal(sql_parts(rows[i].dialect, rows[i].text, strlen(rows[i].text), each, &out), 0);
		if (strcmp(out.s ? out.s : "", rows[i].parts)) {
			print_error("%s\n  gave     %s\n  expected %s\n", rows[i].text, out.s ? out.s : "",
				    rows[i].parts);
			wrong++;
		}
		strbuf_free(&out);
	}
	assert_int_equal(wrong, 0);
}

static int keeps_strings(const struct sql_part *part, void *data)
{
	assert_string_equal(part->text, "select 'a; b' from t");
	return -7;
}

static void texts(void **state)
{
	assert_int_equal(sql_parts(SQL_POSTGRES, "select 'a; b'\nfrom t; x", 25, keeps_strings, NULL), -7);
}

/* A script of statements, and which of them (counted from 1) do no more than drop what it made as temporary. */
static void temporary_tables(void **state)
{
	static const struct {
		const char *statements[6];
		const char *harmless;
	} scripts[] = {
		{{"create temp table a as select 1", "drop table a"}, "2"},
		{{"CREATE TEMPORARY TABLE IF NOT EXISTS A (x int)", "drop table if exists a cascade"}, "2"},
		{{"create global temp table \"A\" (x int)", "drop table a", "drop table \"A\""}, "3"},
		{{"create temp table a(x int)", "create temp table b(x int)", "drop table a, b"}, "3"},
		{{"create temp table a(x int)", "drop table a", "drop table a"}, "2"},
		{{"create temp table a(x int)", "drop table a, users"}, ""},
		{{"create temp table a(x int)", "drop table public.a", "drop table ab", "drop table"}, ""},
		{{"create table a(x int)", "drop table a"}, ""},
		{{"create temp view a as select 1", "drop table a"}, ""},
		{{"create temporary table `a b` (x int)", "drop temporary table `a b`"}, "2"},
	};
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct sql_temp t = {0};
		cleanup_strbuf struct strbuf got = {0};
		strbuf_puts(&got, "");
		for (int k = 0; k < 6 && scripts[i].statements[k]; k++)
			if (sql_temp_statement(&t, scripts[i].statements[k]))
				strbuf_printf(&got, "%d", k + 1);
		assert_string_equal(got.s, scripts[i].harmless);
		strbuf_free(&t.names);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(temporary_tables), cmocka_unit_test(parts),
					   cmocka_unit_test(texts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
