/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_words.c - the hooks' look at a statement never passes one that has an effect, and passes ordinary ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "effects/effects.h"
#include "preload/statements/statement_words.h"
#include "subject/code/sql.h"

static const struct row {
	enum effect_engine engine;
	const char *text;
} effects[] = {
#define PG EFFECT_POSTGRESQL
#define MY EFFECT_MYSQL
	{PG, "DROP TABLE users"},
	{PG, "SELECT 1;drop table users"},
	{PG, "TRUNCATE users"},
	{PG, "delete from users"},
	{PG, "WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone"},
	{MY, "DELETE users FROM users"},
	{MY, "/*!50001DROP TABLE users */"},
	{PG, "UPDATE users SET a = 1"},
	{PG, "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE"},
	{PG, "ALTER TABLE users DROP name"},
	{PG, "ALTER SYSTEM SET fsync = off"},
	{PG, "GRANT ALL ON users TO app"},
	{PG, "REVOKE ALL ON users FROM app"},
	{MY, "FLUSH TABLES"},
	{MY, "SHUTDOWN"},
	{MY, "KILL 5"},
	{MY, "SET GLOBAL read_only = 0"},
	{MY, "RESET MASTER"},
	{MY, "PURGE BINARY LOGS BEFORE NOW()"},
	{MY, "INSTALL PLUGIN p SONAME 'p.so'"},
	{MY, "UNINSTALL PLUGIN p"},
	{MY, "STOP SLAVE"},
	{MY, "CHANGE MASTER TO MASTER_HOST = 'x'"},
	{PG, "LOAD 'auto_explain'"},
	{PG, "REASSIGN OWNED BY a TO b"},
	{MY, "RESTORE DATABASE shop"},
	{PG, "COPY t FROM PROGRAM 'curl example.com'"},
	{PG, "DO LANGUAGE plpython3u $$ x $$"},
	{PG, "SELECT lo_unlink(5)"},
	{PG, "SELECT pg_drop_replication_slot('standby')"},
	{PG, "SELECT pg_terminate_backend(42)"},
	{PG, "SELECT dblink_exec('dbname=shop', 'DROP TABLE users')"},
	{PG, "SELECT query_to_xml('x', true, true, '')"},
	{EFFECT_SQLITE, "SELECT load_extension('x')"},
	{MY, "SELECT sys_exec('id')"},
	{PG, "SELECT U&\"lo\\005Funlink\"(5)"},
};

static int statement_words_effects(const struct sql_part *part, void *data)
{
	const struct row *r = data;
	struct effects e = {0};
	if (part->kind == SQL_STATEMENT && !effects_of_statement(r->engine, part->blanked, &e) && e.n &&
	    !statement_may_matter(r->text, strlen(r->text)))
		fail_msg("passed: %s", r->text);
	effects_free(&e);
	return 0;
}

static void every_effect_is_seen(void **state)
{
	static const enum sql_dialect dialects[] = {
		[EFFECT_POSTGRESQL] = SQL_POSTGRES, [EFFECT_MYSQL] = SQL_MYSQL, [EFFECT_SQLITE] = SQL_SQLITE};
	for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
		struct row r = effects[i];
		assert_true(statement_may_matter(r.text, strlen(r.text)));
		assert_int_equal(
			sql_statements(dialects[r.engine], r.text, strlen(r.text), statement_words_effects, &r), 0);
	}
}

static void ordinary_statements_pass(void **state)
{
	static const char *const plain[] = {
		"SELECT * FROM users WHERE domain = 'x' AND offset_at > 3",
		"INSERT INTO users (id, deleted, updated_at, asset) VALUES (1, 0, now(), 2)",
		"BEGIN",
		"COMMIT",
		"",
		"U",
		"SHOW TABLES",
		"CREATE TABLE dropped (a int)",
	};
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (statement_may_matter(plain[i], strlen(plain[i])))
			fail_msg("not passed: %s", plain[i]);
}

/* It reads no more than it is given. */
static void a_text_ends_where_it_ends(void **state)
{
	assert_false(statement_may_matter("DROP", 3));
	assert_true(statement_may_matter("xx DROPx", 7));
	assert_false(statement_may_matter("DROPx", 5));
	assert_true(statement_may_matter("pg_", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_effect_is_seen),
		cmocka_unit_test(ordinary_statements_pass),
		cmocka_unit_test(a_text_ends_where_it_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
